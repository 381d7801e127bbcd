/** The parts of the computer and its devices, in the notation of `classNotation`. */
export const hardwareClasses: string = `
Win32_ComputerSystem : CIM_UnitaryComputerSystem [provider CIMWin32]
  uint16 AdminPasswordStatus BootOptionOnLimit BootOptionOnWatchDog ChassisBootupState DomainRole
  uint16 FrontPanelResetStatus KeyboardPasswordStatus PCSystemType PCSystemTypeEx PowerOnPasswordStatus
  uint16 PowerSupplyState SystemStartupDelay+ ThermalState WakeUpType
  boolean AutomaticManagedPagefile+ AutomaticResetBootOption+ AutomaticResetCapability BootROMSupported
  boolean DaylightInEffect EnableDaylightSavingsTime+ HypervisorPresent InfraredSupported
  boolean NetworkServerModeEnabled PartOfDomain
  string BootupState ChassisSKUNumber DNSHostName Domain Manufacturer Model SystemFamily SystemSKUNumber
  string SystemType UserName Workgroup+
  uint16[] BootStatus
  sint16 CurrentTimeZone+ ResetCount ResetLimit
  uint32 NumberOfLogicalProcessors NumberOfProcessors
  uint8[] OEMLogoBitmap
  string[] OEMStringArray SupportContactDescription SystemStartupOptions+
  sint64 PauseAfterReset
  uint8 SystemStartupSetting+
  uint64 TotalPhysicalMemory

Win32_ComputerSystemProduct : CIM_Product [provider CIMWin32]
  string UUID

Win32_OperatingSystem : CIM_OperatingSystem [singleton, provider CIMWin32]
  string BootDevice BuildNumber BuildType CodeSet CountryCode CSDVersion Locale Manufacturer Organization
  string OSArchitecture PlusProductID PlusVersionNumber RegisteredUser SerialNumber SystemDevice SystemDirectory
  string SystemDrive WindowsDirectory
  boolean DataExecutionPrevention_Available DataExecutionPrevention_32BitApplications
  boolean DataExecutionPrevention_Drivers Debug PAEEnabled PortableOperatingSystem Primary
  uint8 DataExecutionPrevention_SupportPolicy ForegroundApplicationBoost+ QuantumLength+ QuantumType+
  uint32 EncryptionLevel LargeSystemCache OperatingSystemSKU OSLanguage OSProductSuite ProductType SuiteMask
  string[] MUILanguages
  uint16 ServicePackMajorVersion ServicePackMinorVersion

Win32_BIOS : CIM_BIOSElement [provider CIMWin32]
  uint16[] BiosCharacteristics
  string[] BIOSVersion ListOfLanguages
  string CurrentLanguage SMBIOSBIOSVersion
  uint8 EmbeddedControllerMajorVersion EmbeddedControllerMinorVersion SystemBiosMajorVersion
  uint8 SystemBiosMinorVersion
  uint16 InstallableLanguages SMBIOSMajorVersion SMBIOSMinorVersion
  datetime ReleaseDate
  boolean SMBIOSPresent

Win32_Processor : CIM_Processor [provider CIMWin32]
  string DeviceID*^ AssetTag Manufacturer PartNumber ProcessorId SerialNumber SocketDesignation Version
  uint16 Architecture CpuStatus CurrentVoltage Level ProcessorType Revision
  uint32 Characteristics ExtClock L2CacheSize L2CacheSpeed L3CacheSize L3CacheSpeed NumberOfCores
  uint32 NumberOfEnabledCore NumberOfLogicalProcessors ThreadCount VoltageCaps
  boolean SecondLevelAddressTranslationExtensions VirtualizationFirmwareEnabled VMMonitorModeExtensions

Win32_CacheMemory : CIM_CacheMemory [provider CIMWin32]
  string DeviceID*^
  uint32 CacheSpeed InstalledSize MaxCacheSize
  uint16[] CurrentSRAM SupportedSRAM
  uint16 ErrorCorrectType Location

Win32_PhysicalMemory : CIM_PhysicalMemory [provider CIMWin32]
  string Tag*^ DeviceLocator
  uint32 Attributes ConfiguredClockSpeed ConfiguredVoltage MaxVoltage MinVoltage SMBIOSMemoryType
  uint16 InterleaveDataDepth TypeDetail

Win32_PhysicalMemoryArray : CIM_PhysicalPackage [provider CIMWin32]
  string Tag*^
  uint16 Location MemoryDevices MemoryErrorCorrection Use
  uint32 MaxCapacity
  uint64 MaxCapacityEx

Win32_BaseBoard : CIM_Card [provider CIMWin32]
  string Tag*^ Product
  string[] ConfigOptions

Win32_SystemEnclosure : CIM_Chassis [provider CIMWin32]
  string Tag*^ SMBIOSAssetTag
  uint16 SecurityStatus

Win32_VideoController : CIM_PCVideoController [provider CIMWin32]
  string DeviceID*^ AdapterCompatibility AdapterDACType DriverVersion InfFilename InfSection
  string InstalledDisplayDrivers VideoModeDescription
  uint32 AdapterRAM ColorTableEntries DeviceSpecificPens DitherType ICMIntent ICMMethod
  uint32 ReservedSystemPaletteEntries SpecificationVersion SystemPaletteEntries
  datetime DriverDate
  boolean Monochrome

Win32_DesktopMonitor : CIM_DesktopMonitor [provider CIMWin32]
  string DeviceID*^ MonitorManufacturer MonitorType
  uint32 PixelsPerXLogicalInch PixelsPerYLogicalInch

Win32_SoundDevice : CIM_LogicalDevice [provider CIMWin32]
  string DeviceID*^ Manufacturer ProductName
  uint16 DMABufferSize
  uint32 MPU401Address

Win32_USBController : CIM_USBController [provider CIMWin32]
  string DeviceID*^

Win32_USBHub : CIM_USBHub [provider CIMWin32a]
  string DeviceID*^

Win32_SCSIController : CIM_SCSIController [provider CIMWin32]
  string DeviceID*^ DeviceMap DriverName HardwareVersion Manufacturer
  uint32 Index

Win32_IDEController : CIM_Controller [provider CIMWin32]
  string DeviceID*^ Manufacturer

Win32_Keyboard : CIM_Keyboard [provider CIMWin32]
  string DeviceID*^

Win32_PointingDevice : CIM_PointingDevice [provider CIMWin32]
  string DeviceID*^ HardwareType InfFileName InfSection Manufacturer
  uint16 DeviceInterface
  uint32 DoubleSpeedThreshold QuadSpeedThreshold SampleRate Synch

Win32_Battery : CIM_Battery [provider CIMWin32]
  string DeviceID*^
  uint32 BatteryRechargeTime ExpectedBatteryLife

Win32_SerialPort : CIM_SerialController [provider CIMWin32]
  string DeviceID*^ ProviderType
  boolean Binary OSAutoDiscovered SettableBaudRate SettableDataBits SettableFlowControl SettableParity
  boolean SettableParityCheck SettableRLSD SettableStopBits Supports16BitMode SupportsDTRDSR
  boolean SupportsElapsedTimeouts SupportsIntTimeouts SupportsParityCheck SupportsRLSD SupportsRTSCTS
  boolean SupportsSpecialCharacters SupportsXOnXOff SupportsXOnXOffSet
  uint32 MaximumInputBufferSize MaximumOutputBufferSize

Win32_PnPEntity : CIM_LogicalDevice [provider CIMWin32]
  string DeviceID*^ ClassGuid Manufacturer PNPClass Service
  string[] CompatibleID HardwareID
  boolean Present

Win32_PnPSignedDriver : CIM_Service [provider WhqlProvider]
  string DeviceID ClassGuid Signer InfName DriverVersion DriverProviderName HardWareID DeviceName DeviceClass
  string CompatID Location PDO Manufacturer FriendlyName DevLoader DriverName
  boolean IsSigned
  datetime DriverDate
`
