/** The operating system, services, processes, installed products, updates, settings and event logs. */
import type { Instance } from "../../model/WbemObject.ts"
import { bootTime, computerName, installDate, instance, localTime, part, userName, userSid } from "./identity.ts"

const osName = "Microsoft Windows 11 Pro|C:\\Windows|\\Device\\Harddisk0\\Partition3"
const osVersion = "10.0.22631"

const system32 = "C:\\Windows\\system32"
const sharedHost = (group: string): string => `${system32}\\svchost.exe -k ${group} -p`

/** A service: name, name shown, path, account, process (0: it is stopped) and start mode. */
const services: ReadonlyArray<
  readonly [name: string, shown: string, path: string, account: string, process: number, mode: string]
> = [
  ["BITS", "Background Intelligent Transfer Service", sharedHost("netsvcs"), "LocalSystem", 0, "Manual"],
  ["CryptSvc", "Cryptographic Services", sharedHost("NetworkService"), "NT Authority\\NetworkService", 2312, "Auto"],
  ["Dhcp", "DHCP Client", sharedHost("LocalServiceNetworkRestricted"), "NT Authority\\LocalService", 1688, "Auto"],
  ["Dnscache", "DNS Client", sharedHost("NetworkService"), "NT AUTHORITY\\NetworkService", 2312, "Auto"],
  [
    "EventLog",
    "Windows Event Log",
    sharedHost("LocalServiceNetworkRestricted"),
    "NT AUTHORITY\\LocalService",
    1688,
    "Auto"
  ],
  ["LanmanServer", "Server", sharedHost("netsvcs"), "LocalSystem", 1240, "Auto"],
  ["LanmanWorkstation", "Workstation", sharedHost("NetworkService"), "NT AUTHORITY\\NetworkService", 2312, "Auto"],
  ["RpcSs", "Remote Procedure Call (RPC)", sharedHost("rpcss"), "NT AUTHORITY\\NetworkService", 1012, "Auto"],
  ["Schedule", "Task Scheduler", sharedHost("netsvcs"), "LocalSystem", 1240, "Auto"],
  ["Spooler", "Print Spooler", `${system32}\\spoolsv.exe`, "LocalSystem", 2764, "Auto"],
  [
    "W32Time",
    "Windows Time",
    `${system32}\\svchost.exe -k LocalService`,
    "NT AUTHORITY\\LocalService",
    0,
    "Manual"
  ],
  [
    "WinDefend",
    "Microsoft Defender Antivirus Service",
    '"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.23110.3-0\\MsMpEng.exe"',
    "LocalSystem",
    3188,
    "Auto"
  ],
  ["Winmgmt", "Windows Management Instrumentation", sharedHost("netsvcs"), "localSystem", 1240, "Auto"],
  [
    "WinRM",
    "Windows Remote Management (WS-Management)",
    `${system32}\\svchost.exe -k NetworkService -p`,
    "NT AUTHORITY\\NetworkService",
    0,
    "Manual"
  ],
  ["wuauserv", "Windows Update", sharedHost("netsvcs"), "LocalSystem", 0, "Manual"]
]

/** A service and one that depends on it. */
export const dependencies = [
  ["RpcSs", "CryptSvc"],
  ["RpcSs", "EventLog"],
  ["RpcSs", "Schedule"],
  ["RpcSs", "Spooler"],
  ["RpcSs", "WinDefend"],
  ["RpcSs", "Winmgmt"],
  ["RpcSs", "wuauserv"]
] as const

export const serviceNames: ReadonlyArray<string> = services.map(([name]) => name)

const service = ([name, shown, path, account, process, mode]: typeof services[number]): Instance =>
  part("Win32_Service", {
    Name: name,
    Caption: shown,
    Description: shown,
    DisplayName: shown,
    AcceptPause: false,
    AcceptStop: process !== 0 && name !== "RpcSs",
    CheckPoint: 0,
    DelayedAutoStart: false,
    DesktopInteract: false,
    ErrorControl: "Normal",
    ExitCode: process === 0 && mode === "Manual" ? 1077 : 0,
    PathName: path,
    ProcessId: process,
    ServiceSpecificExitCode: 0,
    ServiceType: path.includes("svchost") ? "Share Process" : "Own Process",
    Started: process !== 0,
    StartMode: mode,
    StartName: account,
    State: process === 0 ? "Stopped" : "Running",
    TagId: 0,
    WaitHint: 0
  })

const driver = (name: string, shown: string, file: string, mode: string): Instance =>
  part("Win32_SystemDriver", {
    Name: name,
    Caption: shown,
    Description: shown,
    DisplayName: shown,
    AcceptPause: false,
    AcceptStop: true,
    DesktopInteract: false,
    ErrorControl: "Normal",
    ExitCode: 0,
    PathName: `${system32}\\drivers\\${file}`,
    ServiceSpecificExitCode: 0,
    ServiceType: "Kernel Driver",
    Started: true,
    StartMode: mode,
    State: "Running",
    TagId: 0
  })

/** A process: identifier, parent, name, command line and session. Those without a command line have no file. */
const processes: ReadonlyArray<
  readonly [id: number, parent: number, name: string, command: string | undefined, session: number]
> = [
  [0, 0, "System Idle Process", undefined, 0],
  [4, 0, "System", undefined, 0],
  [612, 488, "csrss.exe", `${system32}\\csrss.exe`, 0],
  [704, 488, "wininit.exe", `${system32}\\wininit.exe`, 0],
  [848, 704, "services.exe", `${system32}\\services.exe`, 0],
  [868, 704, "lsass.exe", `${system32}\\lsass.exe`, 0],
  [1012, 848, "svchost.exe", sharedHost("rpcss"), 0],
  [1240, 848, "svchost.exe", sharedHost("netsvcs"), 0],
  [1688, 848, "svchost.exe", sharedHost("LocalServiceNetworkRestricted"), 0],
  [2312, 848, "svchost.exe", sharedHost("NetworkService"), 0],
  [2764, 848, "spoolsv.exe", `${system32}\\spoolsv.exe`, 0],
  [3188, 848, "MsMpEng.exe", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.23110.3-0\\MsMpEng.exe", 0],
  [3904, 1012, "WmiPrvSE.exe", `${system32}\\wbem\\wmiprvse.exe`, 0],
  [5120, 5076, "explorer.exe", "C:\\Windows\\explorer.exe", 1],
  [6452, 5120, "notepad.exe", "C:\\Windows\\notepad.exe", 1]
]

export const processIds: ReadonlyArray<number> = processes.map(([id]) => id)

const process = ([id, parent, name, command, session]: typeof processes[number]): Instance =>
  instance("Win32_Process", {
    Handle: String(id),
    Name: name,
    Caption: name,
    Description: name,
    CreationClassName: "Win32_Process",
    CreationDate: bootTime,
    CSCreationClassName: "Win32_ComputerSystem",
    CSName: computerName,
    OSCreationClassName: "Win32_OperatingSystem",
    OSName: osName,
    ...(command === undefined ? {} : { CommandLine: command, ExecutablePath: command.split(" -k ")[0]! }),
    HandleCount: 120 + id % 400,
    KernelModeTime: BigInt(id) * 15625n,
    PageFileUsage: 4096 + id,
    ParentProcessId: parent,
    Priority: id === 0 ? 0 : 8,
    ProcessId: id,
    SessionId: session,
    ThreadCount: id === 0 ? 16 : 4 + id % 20,
    UserModeTime: BigInt(id) * 31250n,
    VirtualSize: 2203400000000n + BigInt(id) * 4096n,
    WindowsVersion: osVersion,
    WorkingSetSize: 8388608n + BigInt(id) * 4096n
  })

const updates = [
  ["KB5033055", "Update", "1/9/2024"],
  ["KB5034123", "Security Update", "1/10/2024"],
  ["KB5032393", "Update", "1/10/2024"]
] as const

/** The identifiers of the installed updates. */
export const updateIds: ReadonlyArray<string> = updates.map(([id]) => id)

const product = (name: string, code: string, version: string, vendor: string): Instance =>
  instance("Win32_Product", {
    IdentifyingNumber: `{${code}}`,
    Name: name,
    Version: version,
    AssignmentType: 1,
    Caption: name,
    Description: name,
    InstallDate: "20240109",
    InstallState: 5,
    Language: "1033",
    LocalPackage: `C:\\Windows\\Installer\\${code.slice(0, 7).toLowerCase()}.msi`,
    PackageName: `${name.replaceAll(" ", "")}.msi`,
    Vendor: vendor,
    WordCount: 2
  })

const variable = (name: string, user: string, value: string): Instance =>
  instance("Win32_Environment", {
    Name: name,
    UserName: user,
    Caption: `${user}\\${name}`,
    Description: `${user}\\${name}`,
    Status: "OK",
    SystemVariable: user === "<SYSTEM>",
    VariableValue: value
  })

const feature = (name: string, caption: string, state: number): Instance =>
  instance("Win32_OptionalFeature", { Name: name, Caption: caption, Description: "", InstallState: state })

const log = (name: string, records: number): Instance => {
  const path = `c:\\windows\\system32\\winevt\\logs\\${name.toLowerCase()}.evtx`
  return instance("Win32_NTEventlogFile", {
    Name: path,
    Caption: path,
    Description: path,
    CreationClassName: "CIM_LogicalFile",
    CSCreationClassName: "Win32_ComputerSystem",
    CSName: computerName,
    Drive: "c:",
    Extension: "evtx",
    FileName: name.toLowerCase(),
    FileSize: 20975616n,
    FSCreationClassName: "Win32_FileSystem",
    FSName: "NTFS",
    LogfileName: name,
    MaxFileSize: 20971520,
    NumberOfRecords: records,
    OverwriteOutDated: 0,
    OverWritePolicy: "WhenNeeded",
    Status: "OK"
  })
}

const event = (
  logfile: string,
  record: number,
  source: string,
  code: number,
  type: readonly [number, string],
  message: string
): Instance =>
  instance("Win32_NTLogEvent", {
    Logfile: logfile,
    RecordNumber: record,
    Category: 0,
    ComputerName: computerName,
    EventCode: code,
    EventIdentifier: code,
    EventType: type[0],
    InsertionStrings: [],
    Message: message,
    SourceName: source,
    TimeGenerated: bootTime,
    TimeWritten: bootTime,
    Type: type[1]
  })

export const software = (): ReadonlyArray<Instance> => [
  instance("Win32_OperatingSystem", {
    Name: osName,
    Caption: "Microsoft Windows 11 Pro",
    Description: "",
    CreationClassName: "Win32_OperatingSystem",
    CSCreationClassName: "Win32_ComputerSystem",
    CSName: computerName,
    BootDevice: "\\Device\\HarddiskVolume1",
    BuildNumber: "22631",
    BuildType: "Multiprocessor Free",
    CodeSet: "1252",
    CountryCode: "1",
    CurrentTimeZone: -480,
    DataExecutionPrevention_32BitApplications: true,
    DataExecutionPrevention_Available: true,
    DataExecutionPrevention_Drivers: true,
    DataExecutionPrevention_SupportPolicy: 2,
    Debug: false,
    Distributed: false,
    EncryptionLevel: 256,
    ForegroundApplicationBoost: 2,
    FreePhysicalMemory: 24117248n,
    FreeSpaceInPagingFiles: 2072576n,
    FreeVirtualMemory: 26738688n,
    InstallDate: installDate,
    LastBootUpTime: bootTime,
    LocalDateTime: localTime,
    Locale: "0409",
    Manufacturer: "Microsoft Corporation",
    MaxNumberOfProcesses: 4294967295,
    MaxProcessMemorySize: 137438953344n,
    MUILanguages: ["en-US"],
    NumberOfLicensedUsers: 0,
    NumberOfProcesses: processes.length,
    NumberOfUsers: 2,
    OperatingSystemSKU: 48,
    OSArchitecture: "64-bit",
    OSLanguage: 1033,
    OSProductSuite: 256,
    OSType: 18,
    PortableOperatingSystem: false,
    Primary: true,
    ProductType: 1,
    RegisteredUser: userName,
    SerialNumber: "00331-10000-00001-AA417",
    ServicePackMajorVersion: 0,
    ServicePackMinorVersion: 0,
    SizeStoredInPagingFiles: 2097152n,
    Status: "OK",
    SuiteMask: 272,
    SystemDevice: "\\Device\\HarddiskVolume3",
    SystemDirectory: system32,
    SystemDrive: "C:",
    TotalVirtualMemorySize: 35500732n,
    TotalVisibleMemorySize: 33403576n,
    Version: osVersion,
    WindowsDirectory: "C:\\Windows"
  }),
  ...services.map(service),
  driver("ACPI", "Microsoft ACPI Driver", "ACPI.sys", "Boot"),
  driver("disk", "Disk Driver", "disk.sys", "Boot"),
  driver("e1dexpress", "Intel(R) PRO/1000 PCI Express Network Connection Driver D", "e1d.sys", "Manual"),
  driver("Ntfs", "Ntfs", "ntfs.sys", "Manual"),
  driver("stornvme", "Microsoft Standard NVM Express Driver", "stornvme.sys", "Boot"),
  driver("Tcpip", "TCP/IP Protocol Driver", "tcpip.sys", "Boot"),
  ...processes.map(process),
  ...[0, 1].map((thread) =>
    instance("Win32_Thread", {
      Handle: String(6456 + thread * 4),
      ProcessHandle: "6452",
      Name: String(6456 + thread * 4),
      CreationClassName: "Win32_Thread",
      CSCreationClassName: "Win32_ComputerSystem",
      CSName: computerName,
      OSCreationClassName: "Win32_OperatingSystem",
      OSName: osName,
      Priority: 10,
      PriorityBase: 8,
      ProcessCreationClassName: "Win32_Process",
      ThreadState: 5,
      ThreadWaitReason: thread === 0 ? 13 : 15
    })
  ),
  ...updates.map(([id, description, installedOn]) =>
    instance("Win32_QuickFixEngineering", {
      HotFixID: id,
      ServicePackInEffect: "",
      Caption: `http://support.microsoft.com/?kbid=${id.slice(2)}`,
      CSName: computerName,
      Description: description,
      FixComments: "",
      InstalledBy: "NT AUTHORITY\\SYSTEM",
      InstalledOn: installedOn
    })
  ),
  product("Contoso Backup Agent", "4B1D7C20-5A3E-4F96-8D07-6E2F19B3A5C8", "7.2.1180", "Contoso Ltd."),
  product("Fabrikam Reader", "93E0A6F5-17BC-4D28-A94B-0C5D8E7F1B26", "23.8.0", "Fabrikam, Inc."),
  product("Northwind Inventory Client", "D27F58B1-60C4-4E3A-B1F9-72A8C0E64D93", "3.4.0", "Northwind Traders"),
  feature("NetFx3", ".NET Framework 3.5 (includes .NET 2.0 and 3.0)", 2),
  feature("NetFx4-AdvSrvs", ".NET Framework 4.8 Advanced Services", 1),
  feature("Microsoft-Hyper-V", "Hyper-V Platform", 2),
  feature("Printing-PrintToPDFServices-Features", "Microsoft Print to PDF", 1),
  feature("SMB1Protocol", "SMB 1.0/CIFS File Sharing Support", 2),
  feature("TelnetClient", "Telnet Client", 2),
  variable("ComSpec", "<SYSTEM>", "%SystemRoot%\\system32\\cmd.exe"),
  variable("NUMBER_OF_PROCESSORS", "<SYSTEM>", "16"),
  variable("OS", "<SYSTEM>", "Windows_NT"),
  variable("Path", "<SYSTEM>", "%SystemRoot%\\system32;%SystemRoot%;%SystemRoot%\\System32\\Wbem"),
  variable("PROCESSOR_ARCHITECTURE", "<SYSTEM>", "AMD64"),
  variable("windir", "<SYSTEM>", "%SystemRoot%"),
  variable("TEMP", `${computerName}\\${userName}`, "%USERPROFILE%\\AppData\\Local\\Temp"),
  variable("TMP", `${computerName}\\${userName}`, "%USERPROFILE%\\AppData\\Local\\Temp"),
  instance("Win32_StartupCommand", {
    Name: "SecurityHealth",
    Caption: "SecurityHealth",
    Description: "SecurityHealth",
    Command: "%windir%\\system32\\SecurityHealthSystray.exe",
    Location: "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run",
    User: "Public"
  }),
  instance("Win32_StartupCommand", {
    Name: "Northwind Inventory Client",
    Caption: "Northwind Inventory Client",
    Description: "Northwind Inventory Client",
    Command: '"C:\\Program Files\\Northwind\\Inventory\\client.exe" /tray',
    Location: `HKU\\${userSid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run`,
    SettingID: "",
    User: `${computerName}\\${userName}`,
    UserSID: userSid
  }),
  instance("Win32_Registry", {
    Name: osName,
    Caption: "Registry",
    Description: "Registry",
    CurrentSize: 112,
    InstallDate: installDate,
    MaximumSize: 4095,
    ProposedSize: 4095,
    Status: "OK"
  }),
  instance("Win32_TimeZone", {
    StandardName: "Pacific Standard Time",
    DaylightName: "Pacific Daylight Time",
    Bias: -480,
    Caption: "(UTC-08:00) Pacific Time (US & Canada)",
    Description: "(UTC-08:00) Pacific Time (US & Canada)",
    DaylightBias: -60,
    DaylightDay: 2,
    DaylightDayOfWeek: 0,
    DaylightHour: 2,
    DaylightMonth: 3,
    StandardBias: 0,
    StandardDay: 1,
    StandardDayOfWeek: 0,
    StandardHour: 2,
    StandardMonth: 11
  }),
  // Win32_UTCTime has none: both derive from one singleton, so a namespace stores one of them (ID-1).
  instance("Win32_LocalTime", {
    Year: 2024,
    Month: 1,
    Day: 15,
    DayOfWeek: 1,
    Hour: 9,
    Minute: 30,
    Second: 0,
    Quarter: 1,
    WeekInMonth: 3
  }),
  instance("Win32_BootConfiguration", {
    Name: "BootConfiguration",
    BootDirectory: "C:\\Windows",
    Caption: "\\Device\\Harddisk0\\Partition3",
    ConfigurationPath: "C:\\Windows",
    Description: "\\Device\\Harddisk0\\Partition3",
    LastDrive: "D:",
    ScratchDirectory: "C:\\Windows\\system32\\config\\systemprofile\\AppData\\Local\\Temp",
    TempDirectory: "C:\\Windows\\system32\\config\\systemprofile\\AppData\\Local\\Temp"
  }),
  instance("Win32_OSRecoveryConfiguration", {
    Name: osName,
    AutoReboot: true,
    Caption: "Win32_OSRecoveryConfiguration",
    DebugFilePath: "%SystemRoot%\\MEMORY.DMP",
    DebugInfoType: 7,
    ExpandedDebugFilePath: "C:\\Windows\\MEMORY.DMP",
    ExpandedMiniDumpDirectory: "C:\\Windows\\Minidump",
    KernelDumpOnly: false,
    MiniDumpDirectory: "%SystemRoot%\\Minidump",
    OverwriteExistingDebugFile: true,
    WriteDebugInfo: true,
    WriteToSystemLog: true
  }),
  log("Application", 1841),
  log("Security", 5260),
  log("System", 2307),
  event("System", 2291, "EventLog", 6005, [3, "Information"], "The Event log service was started."),
  event("System", 2304, "Service Control Manager", 7036, [3, "Information"], "The Print Spooler service is running."),
  event("Application", 1840, "MsiInstaller", 1033, [3, "Information"], "An installation was completed."),
  event("Application", 1841, "Application Error", 1000, [1, "Error"], "An application stopped.")
]
