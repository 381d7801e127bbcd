/** Shares, directories, files and a printer. */
import type { Instance } from "../../model/WbemObject.ts"
import { computerName, device, installDate, instance, userName } from "./identity.ts"

const administrative = 2147483648

const share = (name: string, path: string, type: number, description: string): Instance =>
  instance("Win32_Share", {
    Name: name,
    AllowMaximum: true,
    Caption: description,
    Description: description,
    Path: path,
    Status: "OK",
    Type: type
  })

const file = (className: string, path: string, values: Instance["values"]): Instance => {
  const directory = className === "Win32_Directory"
  const last = path.lastIndexOf("\\")
  const whole = path.slice(last + 1)
  const dot = directory ? -1 : whole.lastIndexOf(".")
  return instance(className, {
    Name: path,
    Caption: path,
    Description: path,
    CreationClassName: "CIM_LogicalFile",
    CreationDate: installDate,
    CSCreationClassName: "Win32_ComputerSystem",
    CSName: computerName,
    Drive: "c:",
    Extension: dot < 0 ? "" : whole.slice(dot + 1),
    FileName: dot < 0 ? whole : whole.slice(0, dot),
    FSCreationClassName: "Win32_FileSystem",
    FSName: "NTFS",
    InstallDate: installDate,
    LastAccessed: installDate,
    LastModified: installDate,
    Path: path.slice(2, last + 1),
    Archive: !directory,
    Compressed: false,
    Encrypted: false,
    Hidden: false,
    Readable: true,
    Status: "OK",
    System: false,
    Writeable: true,
    ...values
  })
}

const folder = (path: string): Instance =>
  file("Win32_Directory", path, { FileType: path === "c:\\" ? "Local Disk" : "File Folder" })

const printer = "Microsoft Print to PDF"

/** The printers of the computer. */
export const sharing = (): ReadonlyArray<Instance> => [
  share("ADMIN$", "C:\\Windows", administrative, "Remote Admin"),
  share("C$", "C:\\", administrative, "Default share"),
  share("IPC$", "", administrative + 3, "Remote IPC"),
  share("Users", "C:\\Users", 0, ""),
  folder("c:\\"),
  folder("c:\\users"),
  folder(`c:\\users\\${userName}`),
  folder("c:\\windows"),
  folder("c:\\windows\\system32"),
  folder("c:\\program files"),
  file("CIM_DataFile", "c:\\windows\\notepad.exe", {
    FileSize: 360448n,
    FileType: "Application",
    Manufacturer: "Microsoft Corporation",
    Version: "10.0.22621.2506"
  }),
  file("CIM_DataFile", "c:\\windows\\system32\\drivers\\etc\\hosts", { FileSize: 824n, FileType: "File" }),
  device("Win32_Printer", {
    Name: printer,
    DeviceID: printer,
    Attributes: 576,
    Capabilities: [4, 2],
    Default: true,
    DetectedErrorState: 0,
    DriverName: printer,
    EnableBIDI: false,
    ExtendedPrinterStatus: 2,
    HorizontalResolution: 600,
    Local: true,
    Network: false,
    PaperSizesSupported: [7, 8, 21],
    PortName: "PORTPROMPT:",
    PrinterState: 0,
    PrinterStatus: 3,
    PrintJobDataType: "RAW",
    PrintProcessor: "winprint",
    Priority: 1,
    Shared: false,
    Status: "Unknown",
    VerticalResolution: 600,
    WorkOffline: false
  }),
  device("Win32_Printer", {
    Name: "Office",
    DeviceID: "Office",
    Attributes: 2628,
    Default: false,
    DriverName: "Microsoft IPP Class Driver",
    ExtendedPrinterStatus: 2,
    Local: true,
    Location: "Ground floor",
    Network: false,
    PortName: "192.168.10.20",
    PrinterState: 0,
    PrinterStatus: 3,
    PrintJobDataType: "RAW",
    PrintProcessor: "winprint",
    Priority: 1,
    Shared: false,
    WorkOffline: false
  }),
  instance("Win32_PrinterDriver", {
    Name: `${printer},3,Windows x64`,
    Caption: printer,
    CreationClassName: "Win32_PrinterDriver",
    SupportedPlatform: "Windows x64",
    SystemCreationClassName: "Win32_ComputerSystem",
    SystemName: computerName,
    Version: 3
  }),
  instance("Win32_TCPIPPrinterPort", {
    Name: "192.168.10.20",
    ByteCount: false,
    CreationClassName: "Win32_TCPIPPrinterPort",
    HostAddress: "192.168.10.20",
    PortNumber: 9100,
    Protocol: 1,
    SNMPEnabled: false,
    SystemCreationClassName: "Win32_ComputerSystem",
    SystemName: computerName
  })
]
