import type { CommunityMessage, OutgoingMessage } from '../../../src/message/index.js';
import {
  compareOids,
  END_OF_MIB_VIEW,
  NO_SUCH_INSTANCE,
  type Oid,
  type VarBind,
} from '../../../src/smi/index.js';
import { responseTo } from './fake-network.js';

/**
 * An agent as it should be, over some variables, ascending; they may change between requests.
 *
 * @param most - variables that fit into one response.
 */
export function agentOf(variables: readonly VarBind[], most = Infinity) {
  return ({ message }: { readonly message: CommunityMessage }): OutgoingMessage => {
    const { pdu, version } = message;
    if (pdu.type === 'get') {
      const varBinds = pdu.varBinds.map(({ name }) => {
        const found = variables.find((one) => compareOids(one.name, name) === 0);
        return found ?? { name, value: NO_SUCH_INSTANCE };
      });
      const absent = varBinds.findIndex(({ value }) => value === NO_SUCH_INSTANCE);
      if (version !== 'v1' || absent === -1) return responseTo(message, { varBinds });
      return responseTo(message, { errorStatus: 2, errorIndex: absent + 1 });
    }
    const repetitions = pdu.type === 'getBulk' ? pdu.maxRepetitions : 1;
    const varBinds: VarBind[] = [];
    let after: readonly Oid[] = pdu.varBinds.map(({ name }) => name);
    for (let i = 0; i < repetitions; i++) {
      const round = after.map((name) => {
        const next = variables.find((one) => compareOids(one.name, name) > 0);
        return next ?? { name, value: END_OF_MIB_VIEW };
      });
      const end = round.findIndex(({ value }) => value === END_OF_MIB_VIEW);
      if (version === 'v1' && end !== -1) {
        return responseTo(message, { errorStatus: 2, errorIndex: end + 1 });
      }
      varBinds.push(...round);
      after = round.map(({ name }) => name);
      if (round.every(({ value }) => value === END_OF_MIB_VIEW)) break;
    }
    return responseTo(message, { varBinds: varBinds.slice(0, most) });
  };
}
