/** An Ethernet adapter with an address, a miniport without one, and the routes. */
import type { Instance } from "../../model/WbemObject.ts"
import { bootTime, computerName, device, instance } from "./identity.ts"

const address = "192.168.10.57"
const gateway = "192.168.10.1"
const macAddress = "04:D4:C4:A1:B2:E7"
const ethernet = "Intel(R) Ethernet Connection (11) I219-V"
const miniport = "WAN Miniport (IP)"

/** The adapters with the services of their drivers. */
export const adapters = (): ReadonlyArray<readonly [device: Instance, service: string]> => [
  [
    device("Win32_NetworkAdapter", {
      Name: ethernet,
      Caption: `[00000001] ${ethernet}`,
      DeviceID: "1",
      PNPDeviceID: "PCI\\VEN_8086&DEV_0D4D&SUBSYS_86721043&REV_00\\3&11583659&0&FE",
      AdapterType: "Ethernet 802.3",
      AdapterTypeID: 0,
      Availability: 3,
      GUID: "{2E6F9A14-3C57-4D0B-8A21-F0B16D93C7E5}",
      Index: 1,
      Installed: true,
      InterfaceIndex: 12,
      MACAddress: macAddress,
      Manufacturer: "Intel",
      MaxNumberControlled: 0,
      NetConnectionID: "Ethernet",
      NetConnectionStatus: 2,
      NetEnabled: true,
      PhysicalAdapter: true,
      PowerManagementSupported: false,
      ProductName: ethernet,
      ServiceName: "e1dexpress",
      Speed: 1000000000n,
      TimeOfLastReset: bootTime
    }),
    "e1dexpress"
  ],
  [
    device("Win32_NetworkAdapter", {
      Name: miniport,
      Caption: `[00000002] ${miniport}`,
      DeviceID: "2",
      PNPDeviceID: "SWD\\MSRRAS\\MS_NDISWANIP",
      Availability: 3,
      Index: 2,
      Installed: true,
      InterfaceIndex: 4,
      Manufacturer: "Microsoft",
      MaxNumberControlled: 0,
      PhysicalAdapter: false,
      PowerManagementSupported: false,
      ProductName: miniport,
      ServiceName: "NdisWan",
      TimeOfLastReset: bootTime
    }),
    "NdisWan"
  ]
]

const route = (destination: string, mask: string, nextHop: string, metric: number): Instance =>
  instance("Win32_IP4RouteTable", {
    Name: destination,
    Caption: destination,
    Description: `${destination} - ${mask} - ${nextHop}`,
    Destination: destination,
    Information: "0.0",
    InterfaceIndex: 12,
    Mask: mask,
    Metric1: metric,
    Metric2: -1,
    Metric3: -1,
    Metric4: -1,
    Metric5: -1,
    NextHop: nextHop,
    Protocol: 3,
    Type: nextHop === "0.0.0.0" ? 3 : 4
  })

/** Adapters, their configurations and the routes. */
export const network = (): ReadonlyArray<Instance> => [
  ...adapters().map(([one]) => one),
  instance("Win32_NetworkAdapterConfiguration", {
    Index: 1,
    Caption: `[00000001] ${ethernet}`,
    Description: ethernet,
    DatabasePath: "%SystemRoot%\\System32\\drivers\\etc",
    DefaultIPGateway: [gateway],
    DHCPEnabled: true,
    DHCPLeaseExpires: "20240116075851.000000-480",
    DHCPLeaseObtained: "20240115075851.000000-480",
    DHCPServer: gateway,
    DNSDomain: "home.arpa",
    DNSDomainSuffixSearchOrder: ["home.arpa"],
    DNSEnabledForWINSResolution: false,
    DNSHostName: computerName,
    DNSServerSearchOrder: [gateway],
    DomainDNSRegistrationEnabled: false,
    FullDNSRegistrationEnabled: true,
    GatewayCostMetric: [0],
    InterfaceIndex: 12,
    IPAddress: [address, "fe80::6d4:c4ff:fea1:b2e7"],
    IPConnectionMetric: 25,
    IPEnabled: true,
    IPFilterSecurityEnabled: false,
    IPSubnet: ["255.255.255.0", "64"],
    MACAddress: macAddress,
    ServiceName: "e1dexpress",
    SettingID: "{2E6F9A14-3C57-4D0B-8A21-F0B16D93C7E5}",
    TcpipNetbiosOptions: 0,
    WINSEnableLMHostsLookup: true,
    WINSScopeID: ""
  }),
  instance("Win32_NetworkAdapterConfiguration", {
    Index: 2,
    Caption: `[00000002] ${miniport}`,
    Description: miniport,
    DHCPEnabled: false,
    InterfaceIndex: 4,
    IPEnabled: false,
    ServiceName: "NdisWan",
    SettingID: "{7B03D5E8-91AC-4F26-B5D7-0C4E82F6A91D}"
  }),
  route("0.0.0.0", "0.0.0.0", gateway, 25),
  route("192.168.10.0", "255.255.255.0", "0.0.0.0", 281),
  route(address, "255.255.255.255", "0.0.0.0", 281)
]
