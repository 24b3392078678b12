/** Symbols of standard modules that are used without being imported, module by module. */
const SYMBOLS: Readonly<Record<string, string>> = {
  'INET-ADDRESS-MIB':
    'InetAddressType InetAddress InetAddressIPv4 InetAddressIPv6 InetAddressPrefixLength ' +
    'InetPortNumber InetAutonomousSystemNumber InetScopeType InetZoneIndex InetVersion',
  'IF-MIB':
    'InterfaceIndex InterfaceIndexOrZero interfaces ifTable ifEntry ifIndex ifDescr ifType ifMtu ifSpeed ' +
    'ifPhysAddress ifAdminStatus ifOperStatus ifXTable ifXEntry ifName ifAlias ifHighSpeed',
  'IANAifType-MIB': 'IANAifType',
  'SNMP-FRAMEWORK-MIB':
    'SnmpAdminString SnmpEngineID SnmpSecurityModel SnmpSecurityLevel SnmpMessageProcessingModel',
  'SNMP-TARGET-MIB': 'SnmpTagValue SnmpTagList',
  'SNMPv2-MIB':
    'system sysDescr sysObjectID sysUpTime sysContact sysName sysLocation sysServices snmpTraps snmpTrapOID ' +
    'snmpTrapEnterprise snmpMIBObjects',
  'HCNUM-TC': 'CounterBasedGauge64 ZeroBasedCounter64',
  'PerfHist-TC-MIB': 'PerfCurrentCount PerfIntervalCount PerfTotalCount',
  'HC-PerfHist-TC-MIB':
    'HCPerfCurrentCount HCPerfIntervalCount HCPerfTotalCount HCPerfValidIntervals',
  'BRIDGE-MIB': 'BridgeId dot1dBridge dot1dBasePort dot1dBasePortEntry',
  'P-BRIDGE-MIB': 'EnabledStatus',
  'Q-BRIDGE-MIB': 'PortList VlanIndex VlanId VlanIdOrAny VlanIdOrNone dot1qVlanIndex',
  'RMON-MIB': 'EntryStatus OwnerString rmon',
  'RMON2-MIB': 'ZeroBasedCounter32 LastCreateTime TimeFilter DataSource',
  'ENTITY-MIB':
    'PhysicalIndex PhysicalIndexOrZero PhysicalClass entPhysicalIndex entPhysicalEntry entPhysicalName',
  'TRANSPORT-ADDRESS-MIB': 'TransportAddress TransportAddressType TransportDomain',
  'HOST-RESOURCES-MIB': 'KBytes ProductID InternationalDisplayString',
  'DIFFSERV-DSCP-TC': 'Dscp DscpOrAny',
  'UUID-TC-MIB': 'UUID UUIDorZero',
  'LLDP-MIB': 'LldpPortNumber LldpChassisId LldpPortId LldpManAddress',
};

/** Symbol to module. */
export const WELL_KNOWN_SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries(SYMBOLS).flatMap(([module, symbols]) =>
    symbols.split(' ').map((symbol) => [symbol, module] as const),
  ),
);
