import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CounterName } from '../../../src/dispatch/index.js';
import type { SnmpValue } from '../../../src/smi/index.js';
import { confAgent, functions, storedScalars, type ConfAgent } from '../../support/conf-agent.js';
import { conf as oid } from '../../support/mib-fixtures.js';
import {
  asked,
  integer,
  octets,
  oidValue,
  SnmpClient,
  status,
  statusPdu,
  told,
  values,
} from '../../support/snmp-client.js';
import {
  int,
  joined,
  NULL,
  paddedLength,
  rawMessage,
  rawVarBind,
  RO_INT_NAME,
  tlv,
  tlvWithLength,
  type Octets,
} from '../../support/tlv.js';

let conf: ConfAgent;
let before: Readonly<Record<string, number>>;
beforeAll(async () => {
  conf = await confAgent();
});
afterAll(() => conf.agent.stop());
beforeEach(() => {
  before = conf.agent.metrics().snmp;
});

function grown(name: CounterName): number {
  return (conf.agent.metrics().snmp[name] ?? 0) - (before[name] ?? 0);
}

const ROOM = 'roInt.0 answered';
const PARSE = 'snmpInASNParseErrs';

/** What came of a datagram: the answer in short, or the one counter that explains the silence. */
async function fate(datagram: Octets): Promise<string> {
  before = conf.agent.metrics().snmp;
  const reply = await conf.agent.inject(Uint8Array.from(datagram));
  if (reply !== undefined) {
    const answer = await conf.client.as({}).sendOctets(Uint8Array.from(datagram));
    return status(answer) === 'noError/0' ? ROOM : told(answer);
  }
  const after = conf.agent.metrics().snmp;
  const moved = Object.keys(after).filter(
    (name) => name !== 'snmpInPkts' && after[name] !== before[name],
  );
  return moved.length === 0 ? 'silence' : moved.join(' ');
}

describe('what cannot be parsed', () => {
  const cases: readonly (readonly [string, Octets])[] = [
    ['no octets at all', []],
    ['one octet', [0x30]],
    ['text', Buffer.from('GET / HTTP/1.1')],
    ['64 octets of 00', Buffer.alloc(64)],
    ['64 octets of ff', Buffer.alloc(64, 0xff)],
    ['an outer SET instead of a SEQUENCE', joined([0x31], rawMessage().subarray(1))],
    ['no version', tlv(0x30, tlv(0x04, Buffer.from('private')))],
    ['an empty version', rawMessage({ version: int() })],
    ['a NULL version', rawMessage({ version: NULL })],
    ['a version of text', rawMessage({ version: tlv(0x04, [1]) })],
    ['a constructed community', rawMessage({ community: tlv(0x24, tlv(0x04, [0x70])) })],
    ['octets left in a varbind', rawMessage({ varBinds: [tlv(0x30, RO_INT_NAME, NULL, NULL)] })],
    ['a varbind without value', rawMessage({ varBinds: [tlv(0x30, RO_INT_NAME)] })],
    ['a varbind that is no SEQUENCE', rawMessage({ varBinds: [NULL] })],
    ['octets left in the PDU', rawMessage({ afterList: NULL })],
    ['octets after the message (D9)', joined(rawMessage(), [0])],
    ['a malformed value that would be ignored', rawMessage({ varBinds: [rawVarBind(int())] })],
  ];
  for (const [what, datagram] of cases) {
    it(`${what} is dropped and counted as a parse error [ENC-002, ENC-004, ENC-012, ENC-014, ENC-015, ENC-037]`, async () => {
      expect(await fate(datagram)).toBe(PARSE);
      expect(grown('snmpInPkts')).toBe(1);
    });
  }

  it('an indefinite length is refused at each of the five levels [ENC-007]', async () => {
    const eoc = [0, 0];
    const value = tlvWithLength(0x24, [0x80], [0x04, 0x00], eoc);
    const indefinite = (tag: number, ...content: Octets[]): Buffer =>
      tlvWithLength(tag, [0x80], ...content, eoc);
    const head = [int(7), int(0), int(0)];
    const community = tlv(0x04, Buffer.from('private'));
    for (const datagram of [
      rawMessage({ varBinds: [rawVarBind(value)] }),
      rawMessage({ varBinds: [indefinite(0x30, RO_INT_NAME, NULL)] }),
      tlv(0x30, int(1), community, tlv(0xa0, ...head, indefinite(0x30, rawVarBind()))),
      tlv(0x30, int(1), community, indefinite(0xa0, ...head, tlv(0x30, rawVarBind()))),
      indefinite(0x30, int(1), community, tlv(0xa0, ...head, tlv(0x30, rawVarBind()))),
    ]) {
      expect(await fate(datagram)).toBe(PARSE);
    }
  });

  it('lengths in the long form, padded, are accepted at every level [ENC-008, ENC-009]', async () => {
    for (const size of [1, 2, 4, 8, 20]) {
      const long = (tag: number, ...content: Octets[]): Buffer => {
        const all = joined(...content);
        return tlvWithLength(tag, paddedLength(all.length, size), all);
      };
      const name = long(0x06, RO_INT_NAME.subarray(2));
      const list = long(0x30, long(0x30, name, tlvWithLength(0x05, paddedLength(0, size))));
      const pdu = long(0xa0, long(0x02, [9]), long(0x02, [0]), long(0x02, [0]), list);
      const community = long(0x04, Buffer.from('private'));
      expect(await fate(long(0x30, long(0x02, [1]), community, pdu))).toBe(ROOM);
    }
  });

  it('a length beyond its parent is refused, however large it claims to be [ENC-010, ENC-011]', async () => {
    const lengths: Octets[] = [
      [0x0d],
      [0x84, 0x80, 0, 0, 0],
      [0x84, 0xff, 0xff, 0xff, 0xff],
      [0x87, 0x20, 0, 0, 0, 0, 0, 1],
      [0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0xff],
      [0xfe],
    ];
    for (const length of lengths) {
      const name = tlvWithLength(0x06, length, RO_INT_NAME.subarray(2));
      expect(await fate(rawMessage({ varBinds: [tlv(0x30, name)] }))).toBe(PARSE);
      const community = tlvWithLength(0x04, length, Buffer.from('private'));
      expect(await fate(rawMessage({ community }))).toBe(PARSE);
    }
  });

  it('every proper prefix of a message is a parse error [ENC-013]', async () => {
    const message = rawMessage();
    for (let length = 0; length < message.length; length++) {
      expect(await fate(message.subarray(0, length))).toBe(PARSE);
    }
    expect(await fate(message)).toBe(ROOM);
  });

  it('nesting, however deep, is refused without a stack [ENC-055]', async () => {
    const nested = (depth: number, tag: number): Buffer => {
      let inside: Buffer = Buffer.alloc(0);
      for (let i = 0; i < depth; i++) inside = tlv(tag, inside);
      return inside;
    };
    const openHeaders = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.of(0x30, 0x80)));
    for (const datagram of [
      nested(400, 0x30),
      nested(5000, 0x30),
      openHeaders,
      rawMessage({ varBinds: [rawVarBind(nested(300, 0x24))] }),
      rawMessage({ varBinds: [nested(400, 0x30)] }),
    ]) {
      expect(await fate(datagram)).toBe(PARSE);
    }
  });
});

describe('versions', () => {
  it('an unknown or disabled version is counted as that, whatever follows it [ENC-003, ENC-005, ENC-006]', async () => {
    for (const version of [int(2), int(4), int(0, 0xff), int(0xff), int(0x7f, 0xff, 0xff, 0xff)]) {
      expect(await fate(rawMessage({ version }))).toBe('snmpInBadVersions');
      expect(await fate(tlv(0x30, version, [0xff, 0xff, 0xff]))).toBe('snmpInBadVersions');
    }
    // SNMPv3 is a version, but this is no message of it.
    expect(await fate(rawMessage({ version: int(3) }))).toBe(PARSE);
  });

  it('PDUs that a version does not have are parse errors [ENC-042, ENC-043]', async () => {
    for (const pduTag of [0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xbf, 0x30, 0x80]) {
      expect(await fate(rawMessage({ version: int(0), pduTag }))).toBe(PARSE);
    }
    for (const pduTag of [0xa4, 0xa9, 0xbf, 0x30, 0x80]) {
      expect(await fate(rawMessage({ pduTag }))).toBe(PARSE);
    }
  });

  it('responses, traps, informs and reports are never answered [ENC-044, ENC-045, V1-021]', async () => {
    for (const pduTag of [0xa2, 0xa6, 0xa7, 0xa8]) {
      expect(await fate(rawMessage({ pduTag }))).toBe('snmpUnknownPDUHandlers');
    }
    expect(await fate(rawMessage({ version: int(0), pduTag: 0xa2 }))).toBe(
      'snmpUnknownPDUHandlers',
    );
    const trap = conf.v1.encode({
      type: 'trapV1',
      enterprise: [1, 3, 6, 1, 4, 1, 32473],
      agentAddress: Uint8Array.of(192, 0, 2, 1),
      genericTrap: 6,
      specificTrap: 1,
      timestampCentiseconds: 0,
      varBinds: [],
    });
    expect(await fate(trap)).toBe('silence');
  });

  it('an answer that is sent back to the agent ends there [ENC-044]', async () => {
    const answer = await conf.client.get('roInt.0');
    expect(await fate(answer?.octets as Uint8Array)).toBe('snmpUnknownPDUHandlers');
  });
});

describe('what is ignored in requests', () => {
  it('values of a GET, if they are values at all [ENC-036]', async () => {
    for (const value of [
      int(5),
      tlv(0x04, Buffer.from('x')),
      Buffer.of(0x80, 0),
      Buffer.of(0x82, 0),
    ]) {
      expect(await fate(rawMessage({ varBinds: [rawVarBind(value)] }))).toBe(ROOM);
    }
  });

  it('error-status and error-index [ENC-039]', async () => {
    expect(await fate(rawMessage({ second: int(5), third: int(3) }))).toBe(ROOM);
    expect(await fate(rawMessage({ second: int(99), third: int(3) }))).toBe(ROOM);
  });
});

describe('what comes back as it was', () => {
  it('request-ids at the ends of their range [ENC-040]', async () => {
    for (const requestId of [-2_147_483_648, -1, 0, 2_147_483_647]) {
      const answer = await conf.client.send(statusPdu('get', asked(['roInt.0']), requestId));
      expect(answer?.requestId).toBe(requestId);
      expect(status(answer)).toBe('noError/0');
    }
  });

  it('names, bit for bit: 2.999, sub-identifiers up to 2^32-1, 128 of them [ENC-025, ENC-026, ENC-030]', async () => {
    const names = [
      [2, 40],
      [2, 47],
      [2, 48],
      [2, 100],
      [2, 999],
      [2, 4_294_967_295],
      [...oid('confReq'), 2_147_483_647],
      [...oid('confReq'), 2_147_483_648, 4_294_967_295],
      Array.from({ length: 128 }, (_, i) => (i < 2 ? 1 : 4_294_967_295)),
    ];
    const answer = await conf.client.get(...names);
    expect(answer?.varBinds.map(({ name }) => name)).toEqual(names);
    expect(status(answer)).toBe('noError/0');
  });

  it('an OID of 129 sub-identifiers, or one of 2^32, is no OID [ENC-027, ENC-030]', async () => {
    const long = tlv(0x06, [0x2b, ...Array.from({ length: 127 }, () => 1)]);
    expect(await fate(rawMessage({ varBinds: [rawVarBind(NULL, long)] }))).toBe(PARSE);
    const large = tlv(0x06, [0x2b, 0x90, 0x80, 0x80, 0x80, 0x00]);
    expect(await fate(rawMessage({ varBinds: [rawVarBind(NULL, large)] }))).toBe(PARSE);
  });

  it('the community, whatever its octets [ENC-047]', async () => {
    const community = '\0\t\u007f\u0080\u00ffé€𝄞';
    await using other = await confAgent(undefined, {
      access: { communities: { [community]: 'read', ['x'.repeat(300)]: 'read' } },
    });
    const answer = await other.client.as({ community }).get('roInt.0');
    expect(Buffer.from(answer?.message.community ?? []).toString('utf8')).toBe(community);
    const long = await other.client.as({ community: 'x'.repeat(300) }).get('roInt.0');
    expect(long?.message.community).toHaveLength(300);
  });

  it('no varbinds are answered with none [ENC-051, BLK-004]', async () => {
    for (const type of ['get', 'getNext', 'set'] as const) {
      expect(told(await conf.client.send(statusPdu(type, [])))).toBe('noError/0');
      expect(told(await conf.v1.send(statusPdu(type, [])))).toBe('noError/0');
    }
    expect(told(await conf.client.getBulk(0, 0))).toBe('noError/0');
    expect(told(await conf.client.getBulk(7, 2_147_483_647))).toBe('noError/0');
  });
});

describe('communities', () => {
  it('are compared octet by octet [ENC-046]', async () => {
    for (const community of ['Private', 'private\0', 'privat', 'privatee', '', 'x'.repeat(300)]) {
      before = conf.agent.metrics().snmp;
      expect(await conf.client.as({ community }).get('roInt.0')).toBeUndefined();
      expect(grown('snmpInBadCommunityNames')).toBe(1);
      expect(grown('snmpInASNParseErrs')).toBe(0);
    }
  });

  it('that two spellings encode alike are refused at the start', async () => {
    const twice = { communities: { '\uD800': 'read', '\uD801': 'read' } } as const;
    await expect(confAgent(undefined, { access: twice })).rejects.toMatchObject({
      code: 'SNMP_ACCESS_DUPLICATE',
    });
    await expect(
      confAgent(undefined, { access: { communities: { '': 'read' } } }),
    ).rejects.toMatchObject({ code: 'SNMP_OPTION_INVALID' });
  });

  it('an unknown one is told to observers once per message', async () => {
    const seen: unknown[] = [];
    const off = conf.agent.on('authentication:failed', (event) => void seen.push(event));
    await conf.client.as({ community: 'stranger' }).get('roInt.0');
    off();
    expect(seen).toEqual([{ address: '127.0.0.1', port: 0 }]);
  });
});

describe('values of a SET arrive exactly', () => {
  async function written(name: string, value: SnmpValue): Promise<string> {
    await using other = await confAgent(storedScalars());
    const answer = await other.client.set([name, value]);
    if (status(answer) !== 'noError/0') return status(answer);
    return values(await other.client.get(name)).join();
  }

  it('integers, octets, OIDs, addresses, opaque [ENC-017, ENC-034]', async () => {
    expect(await written('rwInt.0', integer(100))).toBe('Integer32:100');
    expect(await written('rwStr.0', octets(Uint8Array.of(0, 255)))).toBe('OctetString:00ff');
    expect(await written('rwOid.0', oidValue('2.999.4294967295'))).toBe(
      'ObjectIdentifier:2.999.4294967295',
    );
    const opaque: SnmpValue = { type: 'Opaque', value: Uint8Array.of(0xff, 0x80, 0x00) };
    expect(await written('rwOpaque.0', opaque)).toBe('Opaque:ff8000');
    const address: SnmpValue = { type: 'IpAddress', value: Uint8Array.of(255, 0, 0, 1) };
    expect(await written('rwIp.0', address)).toBe('IpAddress:ff000001');
  });

  it('both ends of Integer32 and Counter64 reach the instrumentation unrounded [ENC-017, ENC-018, ENC-023]', async () => {
    const seen: unknown[] = [];
    await using other = await confAgent({
      anyInt: functions.scalar({
        get: () => 0,
        isSetOk: (value) => {
          seen.push(value);
          return 'noError';
        },
        set: () => 'noError',
      }),
    });
    const ends = [-2_147_483_648, -129, -128, -1, 0, 127, 128, 32_768, 2_147_483_647];
    for (const end of ends) await other.client.set(['anyInt.0', integer(end)]);
    expect(seen).toEqual(ends);
    for (const value of [2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      const answer = await other.client.set(['anyInt.0', { type: 'Counter64', value }]);
      expect(told(answer)).toBe(`wrongType/1 ${oid('anyInt.0').join('.')}=Counter64:${value}`);
    }
  });

  it('unsigned values from 2^31 on, and padded ones [ENC-019, ENC-020, ENC-021]', async () => {
    const set = (value: Octets): Buffer =>
      rawMessage({
        pduTag: 0xa3,
        varBinds: [rawVarBind(value, tlv(0x06, encodedName('rwGauge.0')))],
      });
    let last: unknown;
    const isSetOk = (value: unknown): 'noError' => {
      last = value;
      return 'noError';
    };
    await using other = await confAgent({
      rwGauge: functions.scalar({ get: () => 0, isSetOk, set: () => 'noError' }),
    });
    for (const [value, expected] of [
      [tlv(0x42, [0, 0x80, 0, 0, 0]), 2_147_483_648],
      [tlv(0x42, [0, 0xff, 0xff, 0xff, 0xff]), 4_294_967_295],
      [tlv(0x42, [0xff, 0xff, 0xff, 0xff]), 4_294_967_295],
      [tlv(0x42, [0, 0, 0, 5]), 5],
    ] as const) {
      const reply = await other.agent.inject(set(value));
      expect(reply).toBeDefined();
      expect(last).toBe(expected);
    }
    expect(await fate(set(tlv(0x42, [1, 0, 0, 0, 0])))).toBe(PARSE);
  });
});

describe('what is emitted', () => {
  it('unsigned numbers with the top bit set get a leading zero octet [ENC-024]', async () => {
    const answer = await conf.client.get('c32.0', 'g32.0', 'c64.0', 'tt.0');
    const hex = Buffer.from(answer?.varBindOctets ?? []).toString('hex');
    expect(hex).toContain('410500ffffffff');
    expect(hex).toContain('42050080000000');
    expect(hex).toContain('460900ffffffffffffffff');
    expect(hex).toContain('43023039');
  });

  it('BITS have bit 0 as the high order bit of the first octet, padding 0 [ENC-048, ENC-049]', async () => {
    await using other = await confAgent();
    expect(values(await other.client.get('rwBits.0'))).toEqual(['OctetString:8080']);
    expect(status(await other.client.set(['rwBits.0', octets(Uint8Array.of(0x40, 0xff))]))).toBe(
      'noError/0',
    );
    expect(values(await other.client.get('rwBits.0'))).toEqual(['OctetString:4080']);
  });

  it('every length is minimal: the answer is what encodes to the same octets [ENC-050]', async () => {
    const answer = await conf.client.getBulk(0, 60, 'roInt');
    const again = new SnmpClient(() => undefined, { community: 'private' }).encode(
      answer?.message.pdu as never,
    );
    expect(Buffer.from(answer?.octets ?? []).equals(again)).toBe(true);
  });
});

function encodedName(name: string): number[] {
  const arcs = oid(name);
  return [43, ...arcs.slice(2).flatMap((arc) => (arc < 128 ? [arc] : base128(arc)))];
}

function base128(arc: number): number[] {
  const groups: number[] = [];
  for (let rest = arc; rest > 0; rest = Math.floor(rest / 128)) groups.unshift(rest % 128);
  return groups.map((group, i) => (i < groups.length - 1 ? group | 0x80 : group));
}
