import type { IfType } from './interface-type.js';

export type IfAdminStatus = 'up' | 'down' | 'testing';

export type IfOperStatus =
  | 'up'
  | 'down'
  | 'testing'
  | 'unknown'
  | 'dormant'
  | 'notPresent'
  | 'lowerLayerDown';

export type TruthValue = 'true' | 'false';

/** One row of ifTable together with its row of ifXTable (IF-MIB, RFC 2863). */
export interface InterfaceRow {
  readonly ifIndex: number;
  readonly ifDescr: string;
  readonly ifType: IfType;
  readonly ifMtu: number;
  readonly ifSpeed: number;
  readonly ifPhysAddress: Uint8Array;
  readonly ifAdminStatus: IfAdminStatus;
  readonly ifOperStatus: IfOperStatus;
  readonly ifLastChange: number;
  readonly ifInOctets: number;
  readonly ifInUcastPkts: number;
  readonly ifInNUcastPkts: number;
  readonly ifInDiscards: number;
  readonly ifInErrors: number;
  readonly ifInUnknownProtos: number;
  readonly ifOutOctets: number;
  readonly ifOutUcastPkts: number;
  readonly ifOutNUcastPkts: number;
  readonly ifOutDiscards: number;
  readonly ifOutErrors: number;
  readonly ifOutQLen: number;
  readonly ifSpecific: readonly number[];
  readonly ifName: string;
  readonly ifInMulticastPkts: number;
  readonly ifInBroadcastPkts: number;
  readonly ifOutMulticastPkts: number;
  readonly ifOutBroadcastPkts: number;
  readonly ifHCInOctets: bigint;
  readonly ifHCInUcastPkts: bigint;
  readonly ifHCInMulticastPkts: bigint;
  readonly ifHCInBroadcastPkts: bigint;
  readonly ifHCOutOctets: bigint;
  readonly ifHCOutUcastPkts: bigint;
  readonly ifHCOutMulticastPkts: bigint;
  readonly ifHCOutBroadcastPkts: bigint;
  readonly ifLinkUpDownTrapEnable: 'enabled' | 'disabled';
  readonly ifHighSpeed: number;
  readonly ifPromiscuousMode: TruthValue;
  readonly ifConnectorPresent: TruthValue;
  readonly ifAlias: string;
  readonly ifCounterDiscontinuityTime: number;
}
