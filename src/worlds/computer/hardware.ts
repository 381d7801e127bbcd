/** The computer, its board, memory and processor, and its devices besides disks and network adapters. */
import type { Instance } from "../../model/WbemObject.ts"
import { computerName, device, instance, part, userName } from "./identity.ts"

const maker = "Contoso Ltd."
const model = "Contoso Desktop 300"
const serialNumber = "CT300-00417"
const biosReleased = "20230512000000.000000+000"

const memory = (slot: number): Instance =>
  instance("Win32_PhysicalMemory", {
    Tag: `Physical Memory ${slot}`,
    Name: "Physical Memory",
    Caption: "Physical Memory",
    Description: "Physical Memory",
    CreationClassName: "Win32_PhysicalMemory",
    BankLabel: `BANK ${slot}`,
    DeviceLocator: `DIMM ${slot}`,
    Capacity: 17179869184n,
    ConfiguredClockSpeed: 2933,
    ConfiguredVoltage: 1200,
    DataWidth: 64,
    FormFactor: 8,
    Manufacturer: "Fabrikam Memory",
    MemoryType: 0,
    SMBIOSMemoryType: 26,
    PartNumber: "FM-D4-16G-2933",
    SerialNumber: `0A1B2C3${slot}`,
    Speed: 2933,
    TotalWidth: 64,
    TypeDetail: 128
  })

/** The class of devices in the registry: its name and its GUID. */
const setupClasses: Readonly<Record<string, readonly [name: string, guid: string]>> = {
  Win32_DiskDrive: ["DiskDrive", "{4d36e967-e325-11ce-bfc1-08002be10318}"],
  Win32_CDROMDrive: ["CDROM", "{4d36e965-e325-11ce-bfc1-08002be10318}"],
  Win32_NetworkAdapter: ["Net", "{4d36e972-e325-11ce-bfc1-08002be10318}"],
  Win32_VideoController: ["Display", "{4d36e968-e325-11ce-bfc1-08002be10318}"],
  Win32_DesktopMonitor: ["Monitor", "{4d36e96e-e325-11ce-bfc1-08002be10318}"],
  Win32_SoundDevice: ["MEDIA", "{4d36e96c-e325-11ce-bfc1-08002be10318}"],
  Win32_USBController: ["USB", "{36fc9e60-c465-11cf-8056-444553540000}"],
  Win32_USBHub: ["USB", "{36fc9e60-c465-11cf-8056-444553540000}"],
  Win32_SCSIController: ["SCSIAdapter", "{4d36e97b-e325-11ce-bfc1-08002be10318}"],
  Win32_IDEController: ["hdc", "{4d36e96a-e325-11ce-bfc1-08002be10318}"],
  Win32_Keyboard: ["Keyboard", "{4d36e96b-e325-11ce-bfc1-08002be10318}"],
  Win32_PointingDevice: ["Mouse", "{4d36e96f-e325-11ce-bfc1-08002be10318}"],
  Win32_SerialPort: ["Ports", "{4d36e978-e325-11ce-bfc1-08002be10318}"]
}

/** The driver of a service of devices: the file of its installation, its maker and its version. */
const drivers: Readonly<Record<string, readonly [inf: string, provider: string, version: string]>> = {
  igfx: ["oem3.inf", "Intel Corporation", "31.0.101.2125"],
  e1dexpress: ["oem7.inf", "Intel", "12.19.2.45"],
  HDAudBus: ["hdaudbus.inf", "Microsoft", "10.0.22621.2506"],
  storahci: ["mshdc.inf", "Microsoft", "10.0.22621.1"],
  stornvme: ["stornvme.inf", "Microsoft", "10.0.22621.2506"]
}

/** The instances of `Win32_PnPEntity` of some devices, and of `Win32_PnPSignedDriver` of those whose driver is listed. */
export const plugAndPlay = (
  devices: ReadonlyArray<readonly [device: Instance, service: string]>
): ReadonlyArray<Instance> =>
  devices.flatMap(([{ className, values }, service]) => {
    const id = values["PNPDeviceID"]!
    const [setupName, guid] = setupClasses[className]!
    const manufacturer = values["Manufacturer"] ?? values["AdapterCompatibility"] ?? "(Standard system devices)"
    const driver = drivers[service]
    return [
      device("Win32_PnPEntity", {
        Name: values["Name"] as string,
        DeviceID: id,
        PNPDeviceID: id,
        ConfigManagerErrorCode: 0,
        ConfigManagerUserConfig: false,
        ClassGuid: guid,
        PNPClass: setupName,
        Manufacturer: manufacturer,
        Service: service,
        Present: true
      }),
      ...(driver === undefined ? [] : [
        part("Win32_PnPSignedDriver", {
          Name: id,
          Caption: values["Name"]!,
          DeviceID: id,
          DeviceName: values["Name"]!,
          DeviceClass: setupName.toUpperCase(),
          ClassGuid: guid,
          Manufacturer: manufacturer,
          InfName: driver[0],
          DriverProviderName: driver[1],
          DriverVersion: driver[2],
          DriverDate: "20230601000000.000000+000",
          IsSigned: true,
          Signer: "Microsoft Windows Hardware Compatibility Publisher"
        })
      ])
    ]
  })

/** The devices with the services of their drivers. */
export const devices = (): ReadonlyArray<readonly [device: Instance, service: string]> => [
  [
    device("Win32_VideoController", {
      Name: "Intel(R) UHD Graphics 630",
      DeviceID: "VideoController1",
      PNPDeviceID: "PCI\\VEN_8086&DEV_9BC5&SUBSYS_86941043&REV_03\\3&11583659&0&10",
      AdapterCompatibility: "Intel Corporation",
      AdapterDACType: "Internal",
      AdapterRAM: 1073741824,
      Availability: 3,
      CurrentBitsPerPixel: 32,
      CurrentHorizontalResolution: 1920,
      CurrentVerticalResolution: 1080,
      CurrentNumberOfColors: 4294967296n,
      CurrentRefreshRate: 60,
      DriverDate: "20230601000000.000000+000",
      DriverVersion: "31.0.101.2125",
      InfFilename: "oem3.inf",
      InfSection: "iCFL_w10_DS",
      MaxRefreshRate: 60,
      MinRefreshRate: 50,
      Monochrome: false,
      VideoArchitecture: 5,
      VideoMemoryType: 2,
      VideoModeDescription: "1920 x 1080 x 4294967296 colors",
      VideoProcessor: "Intel(R) UHD Graphics Family"
    }),
    "igfx"
  ],
  [
    device("Win32_DesktopMonitor", {
      Name: "Generic PnP Monitor",
      DeviceID: "DesktopMonitor1",
      PNPDeviceID: "DISPLAY\\FAB2401\\4&2A6F1E8D&0&UID53252",
      Availability: 3,
      MonitorManufacturer: "(Standard monitor types)",
      MonitorType: "Generic PnP Monitor",
      PixelsPerXLogicalInch: 96,
      PixelsPerYLogicalInch: 96,
      ScreenHeight: 1080,
      ScreenWidth: 1920
    }),
    "monitor"
  ],
  [
    device("Win32_SoundDevice", {
      Name: "High Definition Audio Device",
      DeviceID: "HDAUDIO\\FUNC_01&VEN_10EC&DEV_0887&SUBSYS_104386C7&REV_1003\\4&1F0B6E5C&0&0001",
      PNPDeviceID: "HDAUDIO\\FUNC_01&VEN_10EC&DEV_0887&SUBSYS_104386C7&REV_1003\\4&1F0B6E5C&0&0001",
      Manufacturer: "Microsoft",
      ProductName: "High Definition Audio Device",
      StatusInfo: 3
    }),
    "HDAudBus"
  ],
  [
    device("Win32_USBController", {
      Name: "USB xHCI Compliant Host Controller",
      DeviceID: "PCI\\VEN_8086&DEV_A3AF&SUBSYS_86941043&REV_00\\3&11583659&0&A0",
      PNPDeviceID: "PCI\\VEN_8086&DEV_A3AF&SUBSYS_86941043&REV_00\\3&11583659&0&A0",
      Manufacturer: "Generic USB xHCI Host Controller",
      ProtocolSupported: 16
    }),
    "USBXHCI"
  ],
  [
    device("Win32_USBHub", {
      Name: "USB Root Hub (USB 3.0)",
      DeviceID: "USB\\ROOT_HUB30\\4&3B8A8C05&0&0",
      PNPDeviceID: "USB\\ROOT_HUB30\\4&3B8A8C05&0&0"
    }),
    "USBHUB3"
  ],
  [
    device("Win32_SCSIController", {
      Name: "Standard NVM Express Controller",
      DeviceID: "PCI\\VEN_144D&DEV_A808&SUBSYS_A801144D&REV_00\\4&1D2F5A6B&0&00E0",
      PNPDeviceID: "PCI\\VEN_144D&DEV_A808&SUBSYS_A801144D&REV_00\\4&1D2F5A6B&0&00E0",
      DriverName: "stornvme",
      Manufacturer: "Standard NVM Express Controller",
      ProtocolSupported: 2
    }),
    "stornvme"
  ],
  [
    device("Win32_IDEController", {
      Name: "Standard SATA AHCI Controller",
      DeviceID: "PCI\\VEN_8086&DEV_A382&SUBSYS_86941043&REV_00\\3&11583659&0&B8",
      PNPDeviceID: "PCI\\VEN_8086&DEV_A382&SUBSYS_86941043&REV_00\\3&11583659&0&B8",
      Manufacturer: "Standard SATA AHCI Controller",
      ProtocolSupported: 37
    }),
    "storahci"
  ],
  [
    device("Win32_Keyboard", {
      Name: "Enhanced (101- or 102-key)",
      Description: "HID Keyboard Device",
      DeviceID: "HID\\VID_045E&PID_07A5&MI_00\\7&1C5D83F&0&0000",
      PNPDeviceID: "HID\\VID_045E&PID_07A5&MI_00\\7&1C5D83F&0&0000",
      Layout: "00000409",
      NumberOfFunctionKeys: 12,
      Password: 4
    }),
    "kbdhid"
  ],
  [
    device("Win32_PointingDevice", {
      Name: "HID-compliant mouse",
      DeviceID: "HID\\VID_045E&PID_07A5&MI_01&COL01\\7&2E9B1A7C&0&0000",
      PNPDeviceID: "HID\\VID_045E&PID_07A5&MI_01&COL01\\7&2E9B1A7C&0&0000",
      DeviceInterface: 162,
      Handedness: 2,
      HardwareType: "HID-compliant mouse",
      InfFileName: "msmouse.inf",
      InfSection: "HID_Mouse_Inst.NT",
      Manufacturer: "Microsoft",
      NumberOfButtons: 0,
      PointingType: 2
    }),
    "mouhid"
  ],
  [
    device("Win32_SerialPort", {
      Name: "Communications Port (COM1)",
      Description: "Communications Port",
      DeviceID: "COM1",
      PNPDeviceID: "ACPI\\PNP0501\\0",
      Availability: 2,
      Binary: true,
      MaxBaudRate: 128000,
      ProviderType: "RS232 Serial Port",
      SettableBaudRate: true,
      SettableDataBits: true,
      SettableFlowControl: true,
      SettableParity: true,
      SettableStopBits: true,
      StatusInfo: 3
    }),
    "Serial"
  ]
]

/** The computer and its parts. */
export const hardware = (): ReadonlyArray<Instance> => [
  instance("Win32_ComputerSystem", {
    Name: computerName,
    Caption: computerName,
    Description: "AT/AT COMPATIBLE",
    CreationClassName: "Win32_ComputerSystem",
    Status: "OK",
    AdminPasswordStatus: 3,
    AutomaticManagedPagefile: true,
    AutomaticResetBootOption: true,
    AutomaticResetCapability: true,
    BootROMSupported: true,
    BootupState: "Normal boot",
    ChassisBootupState: 3,
    CurrentTimeZone: -480,
    DaylightInEffect: false,
    DNSHostName: computerName,
    Domain: "WORKGROUP",
    DomainRole: 0,
    EnableDaylightSavingsTime: true,
    HypervisorPresent: false,
    InfraredSupported: false,
    Manufacturer: maker,
    Model: model,
    NetworkServerModeEnabled: true,
    NumberOfLogicalProcessors: 16,
    NumberOfProcessors: 1,
    OEMStringArray: [`SKU ${model}`],
    PartOfDomain: false,
    PCSystemType: 1,
    PCSystemTypeEx: 1,
    PowerState: 0,
    PrimaryOwnerName: userName,
    ResetCapability: 1,
    Roles: ["LM_Workstation", "LM_Server", "NT"],
    SystemFamily: "Contoso Desktop",
    SystemSKUNumber: "CT300",
    SystemType: "x64-based PC",
    TotalPhysicalMemory: 34205261824n,
    UserName: `${computerName}\\${userName}`,
    WakeUpType: 6,
    Workgroup: "WORKGROUP"
  }),
  instance("Win32_ComputerSystemProduct", {
    Caption: "Computer System Product",
    Description: "Computer System Product",
    IdentifyingNumber: serialNumber,
    Name: model,
    SKUNumber: "CT300",
    UUID: "8F2C1A90-6B3D-11EE-9C4A-04D4C4A1B2E7",
    Vendor: maker,
    Version: "1.0"
  }),
  instance("Win32_BIOS", {
    Name: "1.24",
    Caption: "1.24",
    Description: "1.24",
    SoftwareElementID: "1.24",
    SoftwareElementState: 3,
    TargetOperatingSystem: 0,
    Version: "CONTOS - 1072009",
    BiosCharacteristics: [7, 11, 12, 15, 16, 17, 19, 23, 24, 25, 26, 27, 28, 29, 32, 33, 40, 42, 43],
    BIOSVersion: ["CONTOS - 1072009", "1.24", "Contoso Firmware - 5000C"],
    CurrentLanguage: "en|US|iso8859-1",
    EmbeddedControllerMajorVersion: 255,
    EmbeddedControllerMinorVersion: 255,
    InstallableLanguages: 1,
    ListOfLanguages: ["en|US|iso8859-1"],
    Manufacturer: maker,
    PrimaryBIOS: true,
    ReleaseDate: biosReleased,
    SerialNumber: serialNumber,
    SMBIOSBIOSVersion: "1.24",
    SMBIOSMajorVersion: 3,
    SMBIOSMinorVersion: 2,
    SMBIOSPresent: true,
    Status: "OK",
    SystemBiosMajorVersion: 5,
    SystemBiosMinorVersion: 12
  }),
  instance("Win32_BaseBoard", {
    Tag: "Base Board",
    Name: "Base Board",
    Caption: "Base Board",
    Description: "Base Board",
    CreationClassName: "Win32_BaseBoard",
    HostingBoard: true,
    HotSwappable: false,
    Manufacturer: maker,
    PoweredOn: true,
    Product: "CT300-MB",
    Removable: false,
    Replaceable: true,
    RequiresDaughterBoard: false,
    SerialNumber: "MB417-55120",
    Status: "OK",
    Version: "Rev 1.02"
  }),
  instance("Win32_SystemEnclosure", {
    Tag: "System Enclosure 0",
    Name: "System Enclosure",
    Caption: "System Enclosure",
    Description: "System Enclosure",
    CreationClassName: "Win32_SystemEnclosure",
    ChassisTypes: [3],
    LockPresent: false,
    Manufacturer: maker,
    SecurityStatus: 3,
    SerialNumber: serialNumber,
    SMBIOSAssetTag: "ASSET-0417",
    Version: "1.0"
  }),
  device("Win32_Processor", {
    Name: "Intel(R) Core(TM) i7-10700 CPU @ 2.90GHz",
    Caption: "Intel64 Family 6 Model 165 Stepping 5",
    Description: "Intel64 Family 6 Model 165 Stepping 5",
    DeviceID: "CPU0",
    AddressWidth: 64,
    Architecture: 9,
    Availability: 3,
    CpuStatus: 1,
    CurrentClockSpeed: 2904,
    CurrentVoltage: 8,
    DataWidth: 64,
    ExtClock: 100,
    Family: 198,
    L2CacheSize: 2048,
    L3CacheSize: 16384,
    L3CacheSpeed: 0,
    Level: 6,
    LoadPercentage: 4,
    Manufacturer: "GenuineIntel",
    MaxClockSpeed: 2904,
    NumberOfCores: 8,
    NumberOfEnabledCore: 8,
    NumberOfLogicalProcessors: 16,
    PowerManagementSupported: false,
    ProcessorId: "BFEBFBFF000A0655",
    ProcessorType: 3,
    Role: "CPU",
    SecondLevelAddressTranslationExtensions: true,
    SocketDesignation: "LGA1200",
    StatusInfo: 3,
    ThreadCount: 16,
    UpgradeMethod: 1,
    VirtualizationFirmwareEnabled: true,
    VMMonitorModeExtensions: true
  }),
  ...[[3, 512], [4, 2048], [5, 16384]].map(([level, size], index) =>
    part("Win32_CacheMemory", {
      DeviceID: `Cache Memory ${index}`,
      Name: "Cache Memory",
      Caption: "Cache Memory",
      Description: "Cache Memory",
      Availability: 3,
      CacheType: 5,
      InstalledSize: size!,
      Level: level!,
      Location: 0,
      MaxCacheSize: size!,
      Purpose: `L${index + 1} Cache`,
      StatusInfo: 3
    })
  ),
  memory(0),
  memory(1),
  instance("Win32_PhysicalMemoryArray", {
    Tag: "Physical Memory Array 0",
    Name: "Physical Memory Array",
    Caption: "Physical Memory Array",
    Description: "Physical Memory Array",
    CreationClassName: "Win32_PhysicalMemoryArray",
    Location: 3,
    MaxCapacity: 134217728,
    MaxCapacityEx: 134217728n,
    MemoryDevices: 4,
    MemoryErrorCorrection: 3,
    Use: 3
  }),
  ...devices().map(([one]) => one)
]
