/** Network adapters, their configuration, routes, in the notation of `classNotation`. */
export const networkClasses: string = `
Win32_NetworkAdapter : CIM_NetworkAdapter [provider CIMWin32]
  string DeviceID*^ AdapterType GUID MACAddress Manufacturer NetConnectionID+ ProductName ServiceName
  uint16 AdapterTypeID NetConnectionStatus
  uint32 Index InterfaceIndex MaxNumberControlled
  boolean Installed NetEnabled PhysicalAdapter
  datetime TimeOfLastReset

Win32_NetworkAdapterConfiguration : CIM_Setting [provider CIMWin32]
  uint32 Index* ForwardBufferMemory InterfaceIndex IPConnectionMetric IPXMediaType KeepAliveInterval
  uint32 KeepAliveTime MTU NumForwardPackets TcpipNetbiosOptions TcpMaxConnectRetransmissions
  uint32 TcpMaxDataRetransmissions TcpNumConnections
  boolean ArpAlwaysSourceRoute ArpUseEtherSNAP DeadGWDetectEnabled DHCPEnabled DNSEnabledForWINSResolution
  boolean DomainDNSRegistrationEnabled FullDNSRegistrationEnabled IPEnabled IPFilterSecurityEnabled
  boolean IPPortSecurityEnabled IPUseZeroBroadcast IPXEnabled PMTUBHDetectEnabled PMTUDiscoveryEnabled
  boolean TcpUseRFC1122UrgentPointer WINSEnableLMHostsLookup
  string DatabasePath DHCPServer DNSDomain DNSHostName IPXAddress IPXVirtualNetNumber MACAddress ServiceName
  string WINSHostLookupFile WINSPrimaryServer WINSScopeID WINSSecondaryServer
  string[] DefaultIPGateway DNSDomainSuffixSearchOrder DNSServerSearchOrder IPAddress IPSecPermitIPProtocols
  string[] IPSecPermitTCPPorts IPSecPermitUDPPorts IPSubnet IPXNetworkNumber
  uint8 DefaultTOS DefaultTTL IGMPLevel
  datetime DHCPLeaseExpires DHCPLeaseObtained
  uint16[] GatewayCostMetric
  uint32[] IPXFrameType
  uint16 TcpWindowSize

Win32_NetworkConnection : CIM_LogicalElement [provider CIMWin32]
  string Name*^ Comment ConnectionState ConnectionType DisplayType LocalName ProviderName RemoteName RemotePath
  string ResourceType UserName
  uint32 AccessMask
  boolean Persistent

Win32_IP4RouteTable : CIM_LogicalElement [provider RouteProvider]
  string Destination*+ NextHop*+ Mask+ Information
  sint32 InterfaceIndex+ Metric1+ Metric2+ Metric3+ Metric4+ Metric5+
  uint32 Type+ Protocol Age

Win32_PingStatus [provider WMIPingProvider]
  string Address* SourceRoute* ProtocolAddress ProtocolAddressResolved
  uint32 TimeToLive* Timeout* BufferSize* TypeofService* RecordRoute* TimestampRoute* SourceRouteType*
  uint32 StatusCode ResponseTime ResponseTimeToLive ReplySize PrimaryAddressResolutionStatus
  boolean NoFragmentation* ResolveAddressNames* ReplyInconsistency
  string[] RouteRecord RouteRecordResolved TimeStampRecordAddress TimeStampRecordAddressResolved
  uint32[] TimeStampRecord
`
