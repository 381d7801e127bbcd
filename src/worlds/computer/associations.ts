/** The associations between the instances of the computer. Each path in them is that of an instance of the other files. */
import type { Instance } from "../../model/WbemObject.ts"
import { sessions } from "./accounts.ts"
import { computer, computerName, instance, reference, singleton, userName } from "./identity.ts"
import { partitionId, systemDisk } from "./storage.ts"
import { dependencies, processIds, serviceNames, updateIds } from "./software.ts"

const operatingSystem = singleton("Win32_OperatingSystem")

const local = (className: string, name: string): string => reference(className, { Domain: computerName, Name: name })

const component = (className: string, part: string): Instance =>
  instance(className, { GroupComponent: computer, PartComponent: part })

const member = (group: string, className: string, name: string): Instance =>
  instance("Win32_GroupUser", {
    GroupComponent: local("Win32_Group", group),
    PartComponent: local(className, name)
  })

const partition = (index: number): string => reference("Win32_DiskPartition", { DeviceID: partitionId(index) })

const logicalDisk = reference("Win32_LogicalDisk", { DeviceID: "C:" })

const usbController = "PCI\\VEN_8086&DEV_A3AF&SUBSYS_86941043&REV_00\\3&11583659&0&A0"

export const associations = (): ReadonlyArray<Instance> => [
  ...[0, 1, 2].flatMap((index) => [
    instance("Win32_DiskDriveToDiskPartition", {
      Antecedent: reference("Win32_DiskDrive", { DeviceID: systemDisk }),
      Dependent: partition(index)
    }),
    component("Win32_SystemPartitions", partition(index))
  ]),
  instance("Win32_LogicalDiskToPartition", {
    Antecedent: partition(1),
    Dependent: logicalDisk,
    StartingAddress: 122683392n,
    EndingAddress: 511398903807n
  }),
  instance("Win32_LogicalDiskRootDirectory", {
    GroupComponent: logicalDisk,
    PartComponent: reference("Win32_Directory", { Name: "c:\\" })
  }),
  ...[1, 2].map((index) =>
    instance("Win32_NetworkAdapterSetting", {
      Element: reference("Win32_NetworkAdapter", { DeviceID: String(index) }),
      Setting: reference("Win32_NetworkAdapterConfiguration", { Index: index })
    })
  ),
  component("Win32_ComputerSystemProcessor", reference("Win32_Processor", { DeviceID: "CPU0" })),
  instance("Win32_SystemOperatingSystem", {
    GroupComponent: computer,
    PartComponent: operatingSystem,
    PrimaryOS: true
  }),
  component(
    "Win32_SystemBIOS",
    reference("Win32_BIOS", {
      Name: "1.24",
      SoftwareElementID: "1.24",
      SoftwareElementState: 3,
      TargetOperatingSystem: 0,
      Version: "CONTOS - 1072009"
    })
  ),
  instance("Win32_SystemTimeZone", {
    Element: computer,
    Setting: reference("Win32_TimeZone", { StandardName: "Pacific Standard Time" })
  }),
  ...updateIds.map((id) =>
    instance("Win32_OperatingSystemQFE", {
      Antecedent: operatingSystem,
      Dependent: reference("Win32_QuickFixEngineering", { HotFixID: id, ServicePackInEffect: "" })
    })
  ),
  member("Administrators", "Win32_UserAccount", "Administrator"),
  member("Administrators", "Win32_UserAccount", userName),
  member("Users", "Win32_UserAccount", userName),
  member("Guests", "Win32_UserAccount", "Guest"),
  ...["Administrator", "Guest", "DefaultAccount", userName].map((name) =>
    component("Win32_SystemUsers", local("Win32_UserAccount", name))
  ),
  ...sessions.map(([id, type, name]) =>
    instance("Win32_LoggedOnUser", {
      Antecedent: local(type === 0 ? "Win32_SystemAccount" : "Win32_UserAccount", name),
      Dependent: reference("Win32_LogonSession", { LogonId: id })
    })
  ),
  ...([["C$", "c:\\"], ["ADMIN$", "c:\\windows"], ["Users", "c:\\users"]] as const).map(([share, directory]) =>
    instance("Win32_ShareToDirectory", {
      Share: reference("Win32_Share", { Name: share }),
      SharedElement: reference("Win32_Directory", { Name: directory })
    })
  ),
  ...dependencies.map(([antecedent, dependent]) =>
    instance("Win32_DependentService", {
      Antecedent: reference("Win32_Service", { Name: antecedent }),
      Dependent: reference("Win32_Service", { Name: dependent })
    })
  ),
  ...serviceNames.map((name) => component("Win32_SystemServices", reference("Win32_Service", { Name: name }))),
  ...processIds.map((id) => component("Win32_SystemProcesses", reference("Win32_Process", { Handle: String(id) }))),
  ...[0, 1].map((slot) =>
    instance("Win32_PhysicalMemoryLocation", {
      GroupComponent: reference("Win32_PhysicalMemoryArray", { Tag: "Physical Memory Array 0" }),
      PartComponent: reference("Win32_PhysicalMemory", { Tag: `Physical Memory ${slot}` })
    })
  ),
  instance("Win32_USBControllerDevice", {
    Antecedent: reference("Win32_USBController", { DeviceID: usbController }),
    Dependent: reference("Win32_PnPEntity", { DeviceID: "USB\\ROOT_HUB30\\4&3B8A8C05&0&0" })
  })
]
