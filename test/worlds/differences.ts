/**
 * Why classes of the world differ from those of the computer of `computerFacts.json`, which runs an older Windows. A row holds for a
 * class and for those below it.
 */
export interface Explained {
  readonly className: string
  /** `keys`, `superclass` or the names of properties. */
  readonly members: ReadonlyArray<string>
  readonly reason: string
}

/** Properties that the published reference of a class lists and the computer does not have: later versions of Windows added them. */
const added = (className: string, members: string): Explained => ({
  className,
  members: members.split(" "),
  reason: "added by a later version of Windows; the published reference of the class lists it"
})

export const differences: ReadonlyArray<Explained> = [
  {
    className: "CIM_OperatingSystem",
    members: ["keys"],
    reason: "in later versions Win32_OperatingSystem is a singleton, so no class above it has a key (CS-13)"
  },
  added("Win32_OperatingSystem", "MUILanguages OperatingSystemSKU OSArchitecture PAEEnabled PortableOperatingSystem"),
  added(
    "Win32_ComputerSystem",
    "AutomaticManagedPagefile BootStatus ChassisSKUNumber DNSHostName HypervisorPresent PCSystemType PCSystemTypeEx "
      + "SystemFamily SystemSKUNumber"
  ),
  added(
    "Win32_BIOS",
    "EmbeddedControllerMajorVersion EmbeddedControllerMinorVersion SystemBiosMajorVersion SystemBiosMinorVersion"
  ),
  added(
    "Win32_Processor",
    "AssetTag Characteristics L3CacheSize L3CacheSpeed NumberOfEnabledCore PartNumber SerialNumber ThreadCount "
      + "SecondLevelAddressTranslationExtensions VirtualizationFirmwareEnabled VMMonitorModeExtensions"
  ),
  added(
    "Win32_PhysicalMemory",
    "Attributes ConfiguredClockSpeed ConfiguredVoltage MaxVoltage MinVoltage SMBIOSMemoryType"
  ),
  added("Win32_PhysicalMemoryArray", "MaxCapacityEx"),
  added("Win32_DiskDrive", "FirmwareRevision SerialNumber"),
  added(
    "Win32_DiskPartition",
    "AdditionalAvailability IdentifyingDescriptions MaxQuiesceTime OtherIdentifyingInfo PowerOnHours TotalPowerOnHours"
  ),
  added("Win32_CDROMDrive", "SerialNumber"),
  added("Win32_NetworkAdapter", "GUID InterfaceIndex NetEnabled PhysicalAdapter"),
  added("Win32_NetworkAdapterConfiguration", "InterfaceIndex"),
  added("Win32_PnPEntity", "CompatibleID HardwareID PNPClass Present"),
  added("Win32_PrintJob", "Color PaperLength PaperSize PaperWidth"),
  added("Win32_Service", "DelayedAutoStart"),
  added("Win32_StartupCommand", "UserSID"),
  added(
    "Win32_Product",
    "AssignmentType HelpLink HelpTelephone InstallSource Language LocalPackage PackageCode PackageName ProductID "
      + "RegCompany RegOwner Transforms URLInfoAbout URLUpdateInfo WordCount"
  )
]
