import { decodeMessage, MessageEncoder, type Pdu } from '../../../src/message/index.js';
import { knownMib, type Exchanged, type Subject } from '../../../src/conformance/index.js';
import {
  checkWrittenValue,
  compareOids,
  END_OF_MIB_VIEW,
  errorStatusCode,
  NO_SUCH_INSTANCE,
  parseOid,
  type ErrorStatus,
  type Oid,
  type SnmpValue,
  type VarBind,
} from '../../../src/smi/index.js';

export const NAIVE_MODULE = {
  path: 'NAIVE-MIB',
  text: `NAIVE-MIB DEFINITIONS ::= BEGIN
IMPORTS MODULE-IDENTITY, OBJECT-TYPE, Integer32, enterprises FROM SNMPv2-SMI
        RowStatus FROM SNMPv2-TC;
naive MODULE-IDENTITY LAST-UPDATED "202611200000Z" ORGANIZATION "T" CONTACT-INFO "T"
    DESCRIPTION "T" REVISION "202611200000Z" DESCRIPTION "T" ::= { enterprises 32473 77 }
nvNumber OBJECT-TYPE SYNTAX Integer32 (0..100) MAX-ACCESS read-write STATUS current
    DESCRIPTION "T" ::= { naive 1 }
nvText OBJECT-TYPE SYNTAX OCTET STRING (SIZE (0..8)) MAX-ACCESS read-write STATUS current
    DESCRIPTION "T" ::= { naive 2 }
nvMode OBJECT-TYPE SYNTAX INTEGER { on(1), off(2) } MAX-ACCESS read-write STATUS current
    DESCRIPTION "T" ::= { naive 3 }
nvLevel OBJECT-TYPE SYNTAX Integer32 (0..10) MAX-ACCESS read-only STATUS current
    DESCRIPTION "T" ::= { naive 4 }
nvTable OBJECT-TYPE SYNTAX SEQUENCE OF NvEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "T" ::= { naive 5 }
nvEntry OBJECT-TYPE SYNTAX NvEntry MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "T" INDEX { nvIndex } ::= { nvTable 1 }
NvEntry ::= SEQUENCE { nvIndex Integer32, nvSize Integer32, nvStatus RowStatus }
nvIndex OBJECT-TYPE SYNTAX Integer32 (1..1000) MAX-ACCESS not-accessible STATUS current
    DESCRIPTION "T" ::= { nvEntry 1 }
nvSize OBJECT-TYPE SYNTAX Integer32 (0..9) MAX-ACCESS read-create STATUS current
    DESCRIPTION "T" DEFVAL { 0 } ::= { nvEntry 2 }
nvStatus OBJECT-TYPE SYNTAX RowStatus MAX-ACCESS read-create STATUS current
    DESCRIPTION "T" ::= { nvEntry 3 }
END
`,
};

/** What can be wrong with it: one at a time. */
export type Bug =
  | 'half a SET'
  | 'GETNEXT goes back'
  | 'GETNEXT skips'
  | 'GETBULK skips'
  | 'value out of range'
  | 'takes anything'
  | 'wrong error-status'
  | 'wrong error-index'
  | 'order by string'
  | 'index out of range'
  | 'RowStatus reads 4'
  | 'createAndGo twice'
  | 'destroy keeps the row'
  | 'read-only is writable'
  | 'forgets a digit'
  | 'order matters'
  | 'swallows the second'
  | 'GET differs'
  | 'echoes nothing'
  | 'falls silent'
  /** No bug: RFC 2580 6.5 allows it. */
  | 'less access';

const ROOT = parseOid('1.3.6.1.4.1.32473.77');
const SIZE = [...ROOT, 5, 1, 2];
const STATUS = [...ROOT, 5, 1, 3];
const integer = (value: number): SnmpValue => ({ type: 'Integer32', value });
const key = (name: Oid): string => name.join('.');

/** A small agent written without the package's agent: a map of instances and a handful of bugs. */
export class NaiveAgent implements Subject {
  readonly name = 'a naive agent';
  readonly address = '127.0.0.1:1161';
  readonly version = 'v2c';
  readonly community: string = 'private';
  readonly mib = knownMib([NAIVE_MODULE]);
  readonly writableByDefault = 'all';
  readonly crashPoints = [];
  readonly #bug: Bug | undefined;
  readonly #encoder = new MessageEncoder();
  /** BOUNDED by what the tests make. */
  #values: Map<string, VarBind>;
  #isSilent = false;

  constructor(bug?: Bug) {
    this.#bug = bug;
    const level = bug === 'value out of range' ? 11 : 5;
    const text: SnmpValue = { type: 'OctetString', value: Buffer.from('hello') };
    const rows = [1, 2, 10, ...(bug === 'index out of range' ? [0] : [])];
    this.#values = mapOf([
      { name: [...ROOT, 1, 0], value: integer(50) },
      { name: [...ROOT, 2, 0], value: text },
      { name: [...ROOT, 3, 0], value: integer(1) },
      { name: [...ROOT, 4, 0], value: integer(level) },
      ...rows.flatMap((row) => [
        { name: [...SIZE, row], value: integer(row % 10) },
        { name: [...STATUS, row], value: integer(1) },
      ]),
    ]);
  }

  /** All instances, as text: to see whether everything is as before. */
  get state(): string {
    return JSON.stringify(this.#sorted().map(({ name, value }) => [key(name), value]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  exchange(request: Uint8Array): Promise<Exchanged> {
    const decoded = decodeMessage(request);
    if (!decoded.ok || this.#isSilent) return Promise.resolve({ reply: undefined, attempts: 1 });
    const { pdu, community, version } = decoded.message;
    const answer = this.#answer(pdu);
    const response = {
      type: 'response' as const,
      requestId: 'requestId' in pdu ? pdu.requestId : 0,
      errorStatus: errorStatusCode(answer.status),
      errorIndex: answer.index,
      varBinds: answer.varBinds,
    };
    const reply = this.#encoder.encode({ version, community, pdu: response }, 65_507);
    return Promise.resolve({ reply: this.#isSilent ? undefined : reply, attempts: 1 });
  }

  #answer(pdu: Pdu): { status: ErrorStatus; index: number; varBinds: readonly VarBind[] } {
    const { varBinds } = pdu;
    switch (pdu.type) {
      case 'get':
        return ok(varBinds.map(({ name }) => ({ name, value: this.#get(name) })));
      case 'getNext':
        return ok(varBinds.map(({ name }) => this.#next(name)));
      case 'getBulk':
        return ok(this.#bulk(pdu.nonRepeaters, pdu.maxRepetitions, varBinds));
      case 'set':
        return this.#set(varBinds);
      default:
        return ok([]);
    }
  }

  #get(name: Oid): SnmpValue {
    const value = this.#values.get(key(name))?.value ?? NO_SUCH_INSTANCE;
    const differs = this.#bug === 'GET differs' && key(name) === key([...ROOT, 4, 0]);
    return differs ? integer(4) : value;
  }

  #sorted(): VarBind[] {
    const list = [...this.#values.values()];
    return this.#bug === 'order by string'
      ? list.sort((a, b) => (key(a.name) < key(b.name) ? -1 : 1))
      : list.sort((a, b) => compareOids(a.name, b.name));
  }

  #next(name: Oid): VarBind {
    const list = this.#sorted();
    const exact = list.findIndex((one) => key(one.name) === key(name));
    const after = list.findIndex((one) => compareOids(one.name, name) > 0);
    let at = this.#bug === 'order by string' && exact >= 0 ? exact + 1 : after;
    if (this.#bug === 'GETNEXT goes back' && key(name) === key([...SIZE, 2])) at = 0;
    if (this.#bug === 'GETNEXT skips' && name.length === SIZE.length) at += 1;
    return list[at] ?? { name, value: END_OF_MIB_VIEW };
  }

  #bulk(nonRepeaters: number, maxRepetitions: number, varBinds: readonly VarBind[]): VarBind[] {
    const found = varBinds.slice(0, nonRepeaters).map(({ name }) => this.#next(name));
    let row = varBinds.slice(nonRepeaters);
    for (let i = 0; i < maxRepetitions && row.length > 0; i++) {
      row = row.map(({ name }) => this.#next(name));
      if (this.#bug === 'GETBULK skips' && i === 1) row = row.map(({ name }) => this.#next(name));
      found.push(...row);
    }
    return found;
  }

  #set(varBinds: readonly VarBind[]) {
    const before = this.#values;
    this.#values = new Map(before);
    const list = this.#bug === 'swallows the second' ? varBinds.slice(0, 1) : varBinds;
    for (const [i, varBind] of list.entries()) {
      const status = this.#setOne(varBind, i);
      if (status === 'noError') continue;
      if (this.#bug !== 'half a SET') this.#values = before;
      return { status, index: this.#bug === 'wrong error-index' ? 1 : i + 1, varBinds };
    }
    return ok(this.#bug === 'echoes nothing' ? [] : varBinds);
  }

  #setOne({ name, value }: VarBind, position: number): ErrorStatus {
    const node = this.mib.nearest(name);
    if (node?.kind !== 'scalar' && node?.kind !== 'column') return 'notWritable';
    const isReadOnly = node.access === 'read-only' && this.#bug !== 'read-only is writable';
    if (isReadOnly || node.access === 'not-accessible') return 'notWritable';
    if (this.#bug === 'less access' && node.name === 'nvMode') return 'notWritable';
    const fault = checkWrittenValue(node.syntax, value);
    if (fault !== undefined && this.#bug !== 'takes anything') {
      return this.#bug === 'wrong error-status' ? 'genErr' : fault;
    }
    if (node.name === 'nvStatus') return this.#order(name, value);
    if (!this.#values.has(key(name))) return 'noCreation';
    if (this.#bug === 'order matters' && position > 0 && node.name === 'nvNumber') {
      return 'inconsistentValue';
    }
    if (this.#bug === 'falls silent' && value.type === 'Integer32' && value.value > 90) {
      this.#isSilent = true;
    }
    const kept =
      this.#bug === 'forgets a digit' && value.type === 'Integer32'
        ? integer(value.value % 10)
        : value;
    this.#values.set(key(name), { name, value: kept });
    return 'noError';
  }

  /** Rows are active or not there: no createAndWait, no notInService. */
  #order(name: Oid, value: SnmpValue): ErrorStatus {
    const order = value.type === 'Integer32' ? value.value : 0;
    const row = name.slice(STATUS.length);
    const size = [...SIZE, ...row];
    const isThere = this.#values.has(key(name));
    switch (order) {
      case 1:
        return isThere ? 'noError' : 'inconsistentValue';
      case 4: {
        if (isThere && this.#bug !== 'createAndGo twice') return 'inconsistentValue';
        const status = integer(this.#bug === 'RowStatus reads 4' ? 4 : 1);
        this.#values.set(key(name), { name, value: status });
        this.#values.set(key(size), { name: size, value: integer(0) });
        return 'noError';
      }
      case 6:
        if (this.#bug === 'destroy keeps the row' && (row[0] ?? 0) > 500) return 'noError';
        this.#values.delete(key(name));
        this.#values.delete(key(size));
        return 'noError';
      default:
        return isThere && order === 5 ? 'inconsistentValue' : 'wrongValue';
    }
  }
}

function mapOf(varBinds: readonly VarBind[]): Map<string, VarBind> {
  return new Map(varBinds.map((varBind) => [key(varBind.name), varBind]));
}

function ok(varBinds: readonly VarBind[]) {
  return { status: 'noError' as const, index: 0, varBinds };
}
