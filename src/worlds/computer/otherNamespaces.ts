/** The instances of the namespaces besides `root\cimv2`. */
import type { Instance } from "../../model/WbemObject.ts"
import { installDate, instance, volumePath } from "./identity.ts"

const characters = (text: string, length: number): ReadonlyArray<number> =>
  Array.from({ length }, (_, index) => index < text.length ? text.charCodeAt(index) : 0)

const antivirus = "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}"

/** By namespace. */
export const otherNamespaces = (): ReadonlyArray<readonly [namespace: string, instances: ReadonlyArray<Instance>]> => [
  ["root\\subscription", [
    instance("__EventFilter", {
      Name: "SCM Event Log Filter",
      EventNamespace: "root\\cimv2",
      Query: "select * from MSFT_SCMEventLogEvent",
      QueryLanguage: "WQL"
    }),
    instance("NTEventLogEventConsumer", {
      Name: "SCM Event Log Consumer",
      Category: 0,
      EventID: 0,
      NameOfUserSidProperty: "sid",
      SourceName: "Service Control Manager"
    }),
    instance("__FilterToConsumerBinding", {
      Consumer: 'NTEventLogEventConsumer.Name="SCM Event Log Consumer"',
      Filter: '__EventFilter.Name="SCM Event Log Filter"'
    })
  ]],
  ["root\\default", [
    instance("SystemRestore", {
      SequenceNumber: 1,
      CreationTime: installDate.replace("-480", "-000"),
      Description: "Windows Update",
      EventType: 100,
      RestorePointType: 18
    }),
    instance("SystemRestoreConfig", {
      MyKey: "SR",
      DiskPercent: 5,
      RPGlobalInterval: 0,
      RPLifeInterval: 4294967295,
      RPSessionInterval: 0
    })
  ]],
  ["root\\WMI", [
    instance("WmiMonitorID", {
      InstanceName: "DISPLAY\\FAB2401\\4&2a6f1e8d&0&UID53252_0",
      Active: true,
      ManufacturerName: characters("FAB", 16),
      ProductCodeID: characters("2401", 16),
      SerialNumberID: characters("FB24-0417", 16),
      UserFriendlyName: characters("Fabrikam 24", 13),
      UserFriendlyNameLength: 13,
      WeekOfManufacture: 20,
      YearOfManufacture: 2022
    })
  ]],
  ["root\\cimv2\\Security\\MicrosoftTpm", [
    instance("Win32_Tpm", {
      IsActivated_InitialValue: true,
      IsEnabled_InitialValue: true,
      IsOwned_InitialValue: true,
      ManufacturerId: 1229870147,
      ManufacturerVersion: "500.16.0.0",
      PhysicalPresenceVersionInfo: "1.3",
      SpecVersion: "2.0, 0, 1.38"
    })
  ]],
  ["root\\cimv2\\Security\\MicrosoftVolumeEncryption", [
    instance("Win32_EncryptableVolume", {
      DeviceID: volumePath("data"),
      DriveLetter: "C:",
      PersistentVolumeID: "{4E1C7A60-92B5-4D38-A0F6-51D8C3B7E294}",
      ProtectionStatus: 1
    })
  ]],
  ["root\\SecurityCenter2", [
    instance("AntiVirusProduct", {
      instanceGuid: antivirus,
      displayName: "Windows Defender",
      pathToSignedProductExe: "windowsdefender://",
      pathToSignedReportingExe: "%ProgramFiles%\\Windows Defender\\MsMpeng.exe",
      productState: 397568,
      timestamp: "Mon, 15 Jan 2024 17:00:00 GMT"
    })
  ]]
]
