import { InvalidArgumentError } from 'commander';
import { SnmpError, type AccessOptions, type NotifyTargetOptions } from '../index.js';

/** What `--notify` expects. */
export const NOTIFY_SYNTAX = 'COMMUNITY@udp://HOST:PORT or user:NAME@udp://HOST:PORT';

/** On whose behalf, and where to. */
export interface NotifyWord {
  readonly as: string;
  readonly address: string;
}

const USER = 'user:';

/** @throws InvalidArgumentError, which says nothing of the community. */
export function readNotifyWord(text: string): NotifyWord {
  const at = text.lastIndexOf('@udp://');
  const as = text.slice(0, Math.max(at, 0));
  if (as === '' || as === USER) throw new InvalidArgumentError(`expected ${NOTIFY_SYNTAX}`);
  return { as, address: text.slice(at + 1) };
}

/**
 * The target that a word means, once it is known who there is: a user is one of the agent's own,
 * with the keys that it has here.
 *
 * @throws SnmpError SNMP_CLI_NOTIFY for a user that is not there, and for a community that is but a
 *   user's name. It repeats neither: what was meant for a community is a secret.
 */
export function targetOf({ as, address }: NotifyWord, access: AccessOptions): NotifyTargetOptions {
  const isUser = (name: string): boolean => access.users?.some((one) => one.name === name) ?? false;
  if (as.startsWith(USER)) {
    const user = as.slice(USER.length);
    if (isUser(user)) return { user, address };
    throw refused(
      'the user is not there: give it by --user, or access.users of the configuration; one whose keys another engine has is for notify.targets of the configuration',
    );
  }
  if (isUser(as) && !Object.hasOwn(access.communities ?? {}, as)) {
    throw refused('there is a user of that name and no community: expected user:NAME@udp://...');
  }
  return { community: as, address };
}

function refused(reason: string): SnmpError {
  return new SnmpError('SNMP_CLI_NOTIFY', `--notify: ${reason}`);
}
