import {
  Supervisor,
  type ChildHandle,
  type ChildSpec,
  type StartContext,
  type Started,
  type SupervisorDeclaration,
} from '../otp/index.js';

/** How a subtree's instrumentation is kept alive; the author of the subtree decides. */
export interface SubtreePolicy {
  /** Default `permanent`. */
  readonly restart?: 'permanent' | 'transient' | 'temporary';
  /** More restarts than this in `periodMs`, and the subtree is given up. Default 5. */
  readonly intensity?: number;
  /** Default 60 000. */
  readonly periodMs?: number;
}

/** A subtree's policy, and how long its cell may take by the deadlines of all its functions. */
export interface SubtreeTerms {
  readonly policy: SubtreePolicy;
  readonly startMs: number;
  readonly stopMs: number;
}

/** What settles at a deadline settles a little later than it. */
const MARGIN_MS = 1000;

type Start = (context: StartContext) => Started | PromiseLike<Started>;

/** What the tree keeps alive: how to start each part. */
export interface AgentParts {
  /** Takes SETs, keeps registrations. */
  readonly startMaster: Start;
  /** Specs of the subtrees loaded at that moment. */
  readonly subtrees: () => readonly ChildSpec[];
  /** Told each time the supervisor of the subtrees has started. */
  readonly subtreesStarted: (supervisor: Supervisor) => void;
  /** The sockets that notifications leave by, at that moment: of whoever is to be told. */
  readonly notify: () => readonly SocketPart[];
  /** Told each time the supervisor of those sockets has started: more come when rows need them. */
  readonly notifyStarted: (supervisor: Supervisor) => void;
  /**
   * Resolves when the SETs of a master that went have ended: they need every subtree, and its
   * restarts, up to their last rollback.
   */
  readonly setsEnded: () => Promise<void>;
  /** One per address listened on. */
  readonly transports: readonly SocketPart[];
}

/** A socket, and how it is opened. */
export interface SocketPart {
  readonly id: string;
  readonly start: Start;
}

/**
 * agent                         restForOne, 3 in 60 s: what starts later depends on what is earlier
 * ├── master       worker       permanent, 5 s
 * ├── subtrees     supervisor   oneForOne, 10 in 60 s
 * │   └── <name>   supervisor   oneForOne, the subtree's own limits; transient in `subtrees`
 * │       └── cell worker       permanent, killed when all its functions' deadlines are past
 * ├── notify       supervisor   oneForOne, 5 in 10 s; a socket comes when somebody is told
 * └── transports   supervisor   oneForOne, 5 in 10 s; last up, first down
 */
export function agentTree(parts: AgentParts): SupervisorDeclaration {
  return {
    strategy: 'restForOne',
    intensity: 3,
    periodMs: 60_000,
    children: [
      { id: 'master', start: parts.startMaster, shutdown: 5000 },
      {
        id: 'subtrees',
        type: 'supervisor',
        start: async (context) => {
          const supervisor = await Supervisor.start(
            {
              name: 'subtrees',
              strategy: 'oneForOne',
              intensity: 10,
              periodMs: 60_000,
              children: parts.subtrees(),
            },
            context,
          );
          parts.subtreesStarted(supervisor);
          return stoppedAfter(parts.setsEnded, supervisor);
        },
      },
      sockets('notify', parts.notify, parts.notifyStarted),
      sockets('transports', () => parts.transports),
    ],
  };
}

/** Sockets: what breaks one of them leaves the others alone. */
function sockets(
  id: string,
  parts: () => readonly SocketPart[],
  started: (supervisor: Supervisor) => void = () => undefined,
): ChildSpec {
  return {
    id,
    type: 'supervisor',
    start: async (context) => {
      const supervisor = await Supervisor.start(
        {
          name: id,
          strategy: 'oneForOne',
          intensity: 5,
          periodMs: 10_000,
          children: parts().map(socketSpec),
        },
        context,
      );
      started(supervisor);
      return supervisor;
    },
  };
}

/** One of them, also one that is opened later. */
export function socketSpec(part: SocketPart): ChildSpec {
  return { ...part, shutdown: 2000 };
}

/** `supervisor`, asked to stop only when `ended` has resolved. */
function stoppedAfter(ended: () => Promise<void>, supervisor: Supervisor): ChildHandle {
  return {
    stop: async (reason) => {
      await ended();
      await supervisor.stop(reason);
    },
    kill: () => supervisor.kill(),
    onExit: (listener) => supervisor.onExit(listener),
    children: () => supervisor.children(),
  };
}

/**
 * A subtree under a small supervisor of its own. A manager sends the request that crashed it again
 * and again, so it burns through its intensity; the small supervisor then exits with `shutdown`,
 * and a transient child that exits so is not restarted, but its spec stays for `restartChild`. A
 * poisoned subtree hurts only itself, by OTP's rules and no other.
 *
 * @param current - asked at every start: a reload may have changed it.
 */
export function subtreeSpec(
  name: string,
  startCell: Start,
  current: () => SubtreeTerms,
): ChildSpec {
  return {
    id: name,
    type: 'supervisor',
    restart: 'transient',
    start: (context) => {
      const { policy, startMs, stopMs } = current();
      return Supervisor.start(
        {
          name,
          strategy: 'oneForOne',
          intensity: policy.intensity ?? 5,
          periodMs: policy.periodMs ?? 60_000,
          children: [
            {
              id: 'cell',
              start: startCell,
              restart: policy.restart ?? 'permanent',
              // It settles by its functions' own deadlines, which are to strike first.
              shutdown: stopMs + MARGIN_MS,
              startTimeoutMs: startMs + MARGIN_MS,
            },
          ],
        },
        context,
      );
    },
  };
}
