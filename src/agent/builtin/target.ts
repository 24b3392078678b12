import { scalar, SetError, type Refusal } from '../../instrumentation/index.js';
import type { SecurityLevel } from '../../message/index.js';
import type { MibModule, TableObject } from '../../mib/index.js';
import type { SnmpCounters } from '../../dispatch/index.js';
import { addressOctetsIn, SECURITY_MODEL, type TargetAddress } from '../../security/index.js';
import type { Oid } from '../../smi/index.js';
import type { SubtreeObjects } from '../bind-objects.js';
import {
  administered,
  inForce,
  type RowState,
  type StorageType,
  isActive,
} from './administration.js';
import { counterObjects } from './snmp.js';

/** A row of snmpTargetAddrTable, with the columns of snmpTargetAddrExtTable. */
export type TargetAddressRow = {
  readonly snmpTargetAddrName: string;
  readonly snmpTargetAddrTDomain: Oid;
  readonly snmpTargetAddrTAddress: Uint8Array;
  readonly snmpTargetAddrTimeout?: number;
  readonly snmpTargetAddrRetryCount?: number;
  readonly snmpTargetAddrTagList: string;
  readonly snmpTargetAddrParams: string;
  readonly snmpTargetAddrStorageType?: StorageType;
  readonly snmpTargetAddrRowStatus?: RowState;
  readonly snmpTargetAddrTMask: Uint8Array;
  readonly snmpTargetAddrMMS: number;
};

/** A row of snmpTargetParamsTable. */
export type TargetParamsRow = {
  readonly snmpTargetParamsName: string;
  readonly snmpTargetParamsMPModel: number;
  readonly snmpTargetParamsSecurityModel: number;
  readonly snmpTargetParamsSecurityName: string;
  readonly snmpTargetParamsSecurityLevel: SecurityLevel;
  readonly snmpTargetParamsStorageType?: StorageType;
  readonly snmpTargetParamsRowStatus?: RowState;
};

/** RFC 3411 SnmpMessageProcessingModel: SNMPv1, SNMPv2c, SNMPv3. */
const MESSAGE_MODELS: readonly number[] = [0, 1, 3];
const SECURITY_MODELS: readonly number[] = [
  SECURITY_MODEL.v1,
  SECURITY_MODEL.v2c,
  SECURITY_MODEL.usm,
];

/** RFC 3413's tables of addresses, kept by the runtime; with RFC 3584's columns. */
export class TargetTables {
  readonly addresses;
  readonly params = administered<TargetParamsRow>(
    {
      rowStatus: {
        frozenWhileActive: [
          'snmpTargetParamsMPModel',
          'snmpTargetParamsSecurityModel',
          'snmpTargetParamsSecurityName',
          'snmpTargetParamsSecurityLevel',
        ],
      },
    },
    faultOfParams,
  );

  /** @param extTable - snmpTargetAddrExtTable of SNMP-COMMUNITY-MIB. */
  constructor(extTable: TableObject) {
    this.addresses = administered<TargetAddressRow>(
      {
        augmentedBy: [extTable],
        rowStatus: {
          frozenWhileActive: [
            'snmpTargetAddrTDomain',
            'snmpTargetAddrTAddress',
            'snmpTargetAddrTMask',
          ],
        },
      },
      faultOfAddress,
    );
  }

  /** @param module - SNMP-TARGET-MIB with snmpTargetAddrExtTable: one subtree has all these rows. */
  objects(module: MibModule, counters: SnmpCounters): SubtreeObjects {
    return {
      ...counterObjects(module, counters),
      snmpTargetSpinLock: scalar.stored(),
      snmpTargetAddrTable: this.addresses,
      snmpTargetParamsTable: this.params,
      snmpTargetAddrExtTable: this.addresses.augmentation(),
    };
  }
}

/** SNMP-TARGET-MIB with the table by which SNMP-COMMUNITY-MIB augments one of its own. */
export function withExtTable(targets: MibModule, extTable: TableObject): MibModule {
  return { ...targets, nodes: new Map([...targets.nodes, [extTable.name, extTable]]) };
}

/** An active row of snmpTargetAddrTable, with all that it says of whoever is told there. */
export interface ToldAddress extends TargetAddress {
  readonly name: string;
  readonly timeoutCentiseconds: number;
  readonly retries: number;
  /** A row of snmpTargetParamsTable, which may be missing. */
  readonly params: string;
}

/** A row of snmpTargetParamsTable. */
export interface TargetParams {
  readonly name: string;
  readonly isActive: boolean;
  /** RFC 3411 SnmpMessageProcessingModel. */
  readonly messageModel: number;
  /** RFC 3411 SnmpSecurityModel. */
  readonly securityModel: number;
  readonly securityName: string;
  readonly level: SecurityLevel;
}

const ADDRESS_REQUIRED = [
  'snmpTargetAddrName',
  'snmpTargetAddrTDomain',
  'snmpTargetAddrTAddress',
  'snmpTargetAddrTagList',
  'snmpTargetAddrParams',
  'snmpTargetAddrTMask',
  'snmpTargetAddrMMS',
] as const;

/** What counts of these rows, in the order of their names: the active ones. */
export function targetAddresses(rows: Iterable<TargetAddressRow>): ToldAddress[] {
  return inForce(rows, 'snmpTargetAddrRowStatus', ADDRESS_REQUIRED).map((row) => ({
    name: row.snmpTargetAddrName,
    domain: row.snmpTargetAddrTDomain,
    address: row.snmpTargetAddrTAddress,
    tags: tagsIn(row.snmpTargetAddrTagList),
    mask: row.snmpTargetAddrTMask,
    maxMessageSizeOctets: row.snmpTargetAddrMMS,
    timeoutCentiseconds: row.snmpTargetAddrTimeout ?? 0,
    retries: row.snmpTargetAddrRetryCount ?? 0,
    params: row.snmpTargetAddrParams,
  }));
}

/** These rows, those that are not active among them: whoever refers to one hears that it is not. */
export function targetParams(rows: Iterable<Partial<TargetParamsRow>>): TargetParams[] {
  return [...rows].map((row) => ({
    name: row.snmpTargetParamsName ?? '',
    isActive: isActive(row.snmpTargetParamsRowStatus),
    messageModel: row.snmpTargetParamsMPModel ?? 0,
    securityModel: row.snmpTargetParamsSecurityModel ?? 0,
    securityName: row.snmpTargetParamsSecurityName ?? '',
    level: row.snmpTargetParamsSecurityLevel ?? 'noAuthNoPriv',
  }));
}

/** RFC 3413 SnmpTagValue: the octets that no tag has. */
const DELIMITER = /[ \t\r\n]/;

/** RFC 3413 SnmpTagList: a single delimiter between each two. */
function tagsIn(list: string): string[] {
  return list === '' ? [] : list.split(DELIMITER);
}

export function isTag(text: string): boolean {
  return !DELIMITER.test(text);
}

function faultOfAddress(row: Partial<TargetAddressRow>): SetError<Refusal> | undefined {
  const {
    snmpTargetAddrTDomain: domain,
    snmpTargetAddrTAddress: address,
    snmpTargetAddrTagList: tags = '',
    snmpTargetAddrTMask: mask,
  } = row;
  if (tagsIn(tags).includes('')) return new SetError('wrongValue', 'snmpTargetAddrTagList');
  if (address === undefined) return undefined;
  const octets = domain === undefined ? undefined : addressOctetsIn(domain);
  if (octets !== undefined && octets !== address.length) {
    return new SetError('inconsistentValue', 'snmpTargetAddrTAddress');
  }
  // RFC 3584 snmpTargetAddrTMask
  if (mask !== undefined && mask.length > 0 && mask.length !== address.length) {
    return new SetError('inconsistentValue', 'snmpTargetAddrTMask');
  }
  return undefined;
}

function faultOfParams(row: Partial<TargetParamsRow>): SetError<Refusal> | undefined {
  const { snmpTargetParamsMPModel: messages, snmpTargetParamsSecurityModel: security } = row;
  if (messages !== undefined && !MESSAGE_MODELS.includes(messages)) {
    return new SetError('inconsistentValue', 'snmpTargetParamsMPModel');
  }
  if (security !== undefined && !SECURITY_MODELS.includes(security)) {
    return new SetError('inconsistentValue', 'snmpTargetParamsSecurityModel');
  }
  return undefined;
}
