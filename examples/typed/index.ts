// An agent whose objects are typed by its module: friend-mib.ts is FRIEND-MIB.mib, compiled.
// With Node 22.18 or later: npx trellis agent examples/typed/index.ts
import { defineAgent, scalar, SetError, table, type RowOf } from 'trellis-snmp';
import { FRIEND_MIB } from './friend-mib.ts';

type Friend = RowOf<typeof FRIEND_MIB, 'friendTable'>;

const alice: Friend = {
  friendIndex: 1,
  friendName: 'alice',
  friendKind: 'human', // 'human' | 'robot': anything else does not compile
  friendSkills: new Set(['sings', 'listens']),
  friendSeen: 0n,
};

const friends = table.stored<Friend>({
  rows: [alice],
  optional: ['friendName'],
  derive: ({ after }) => ({ friendSeen: (after.friendSeen ?? 0n) + 1n }),
  isSetOk(changes) {
    for (const change of changes) {
      if (change.op === 'destroy') continue;
      const { friendKind, friendName = '' } = change.after;
      if (friendKind === 'robot' && friendName === '') {
        throw new SetError('inconsistentValue', 'friendName');
      }
    }
  },
});

export default defineAgent({
  access: { communities: { public: 'read', private: 'write' } },
  async start(agent) {
    await agent.load(FRIEND_MIB, {
      friendCount: { get: () => friends.size },
      friendMood: scalar.stored({
        isSetOk: (mood) => (mood === 'sad' && friends.size > 0 ? 'inconsistentValue' : 'noError'),
      }),
      friendTable: friends,
    });
  },
});
