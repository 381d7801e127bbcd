/** The classes of the CIM schema that classes of the other tables derive from, in the notation of `classNotation`. */
export const cimClasses: string = `
CIM_ManagedSystemElement [abstract]
  string Caption Description Name Status
  datetime InstallDate

CIM_LogicalElement : CIM_ManagedSystemElement [abstract]

CIM_System : CIM_LogicalElement [abstract]
  string Name*^ CreationClassName NameFormat PrimaryOwnerContact PrimaryOwnerName
  string[] Roles+

CIM_ComputerSystem : CIM_System [abstract]

CIM_UnitaryComputerSystem : CIM_ComputerSystem [abstract]
  string[] InitialLoadInfo
  string LastLoadInfo
  uint16[] PowerManagementCapabilities
  boolean PowerManagementSupported
  uint16 PowerState ResetCapability

CIM_Product [abstract]
  string IdentifyingNumber* Name* Version* Caption Description SKUNumber Vendor

CIM_OperatingSystem : CIM_LogicalElement [abstract]
  string CreationClassName CSCreationClassName CSName OtherTypeDescription Version
  sint16 CurrentTimeZone
  boolean Distributed
  uint64 FreePhysicalMemory FreeSpaceInPagingFiles FreeVirtualMemory MaxProcessMemorySize
  uint64 SizeStoredInPagingFiles TotalSwapSpaceSize TotalVirtualMemorySize TotalVisibleMemorySize
  datetime LastBootUpTime LocalDateTime
  uint32 MaxNumberOfProcesses NumberOfLicensedUsers NumberOfProcesses NumberOfUsers
  uint16 OSType

CIM_SoftwareElement : CIM_LogicalElement [abstract]
  string Name*^ SoftwareElementID* Version* BuildNumber CodeSet IdentificationCode LanguageEdition Manufacturer
  string OtherTargetOS SerialNumber
  uint16 SoftwareElementState* TargetOperatingSystem*

CIM_BIOSElement : CIM_SoftwareElement [abstract]
  boolean PrimaryBIOS

CIM_LogicalDevice : CIM_LogicalElement [abstract]
  uint16 Availability StatusInfo
  uint32 ConfigManagerErrorCode LastErrorCode
  boolean ConfigManagerUserConfig ErrorCleared PowerManagementSupported
  string CreationClassName DeviceID ErrorDescription PNPDeviceID SystemCreationClassName SystemName
  uint16[] PowerManagementCapabilities

CIM_Processor : CIM_LogicalDevice [abstract]
  uint16 AddressWidth DataWidth Family LoadPercentage UpgradeMethod
  uint32 CurrentClockSpeed MaxClockSpeed
  string OtherFamilyDescription Role Stepping UniqueId

CIM_StorageExtent : CIM_LogicalDevice [abstract]
  uint16 Access
  uint64 BlockSize NumberOfBlocks
  string ErrorMethodology Purpose

CIM_Memory : CIM_StorageExtent [abstract]
  uint8[] AdditionalErrorData ErrorData
  boolean CorrectableError SystemLevelAddress
  uint64 EndingAddress ErrorAddress ErrorResolution StartingAddress
  uint16 ErrorAccess ErrorDataOrder ErrorInfo
  datetime ErrorTime
  uint32 ErrorTransferSize
  string OtherErrorDescription

CIM_CacheMemory : CIM_Memory [abstract]
  uint16 Associativity CacheType Level ReadPolicy ReplacementPolicy WritePolicy
  uint32 FlushTimer LineSize

CIM_PhysicalElement : CIM_ManagedSystemElement [abstract]
  string CreationClassName Manufacturer Model OtherIdentifyingInfo PartNumber SerialNumber SKU Tag Version
  boolean PoweredOn

CIM_PhysicalComponent : CIM_PhysicalElement [abstract]
  boolean HotSwappable Removable Replaceable

CIM_Chip : CIM_PhysicalComponent [abstract]
  uint16 FormFactor

CIM_PhysicalMemory : CIM_Chip [abstract]
  string BankLabel
  uint64 Capacity
  uint16 DataWidth MemoryType TotalWidth
  uint32 InterleavePosition PositionInRow Speed

CIM_PhysicalPackage : CIM_PhysicalElement [abstract]
  real32 Depth Height Weight Width
  boolean HotSwappable Removable Replaceable

CIM_Card : CIM_PhysicalPackage [abstract]
  boolean HostingBoard RequiresDaughterBoard SpecialRequirements
  string RequirementsDescription SlotLayout

CIM_PhysicalFrame : CIM_PhysicalPackage [abstract]
  boolean AudibleAlarm LockPresent VisibleAlarm
  string BreachDescription CableManagementStrategy
  uint16 SecurityBreach
  string[] ServiceDescriptions
  uint16[] ServicePhilosophy

CIM_Chassis : CIM_PhysicalFrame [abstract]
  uint16[] ChassisTypes
  sint16 CurrentRequiredOrProduced
  uint16 HeatGeneration NumberOfPowerCords
  string[] TypeDescriptions

CIM_Controller : CIM_LogicalDevice [abstract]
  uint32 MaxNumberControlled
  uint16 ProtocolSupported
  datetime TimeOfLastReset

CIM_VideoController : CIM_Controller [abstract]
  uint16[] AcceleratorCapabilities
  string[] CapabilityDescriptions
  uint32 CurrentBitsPerPixel CurrentHorizontalResolution CurrentNumberOfColumns CurrentNumberOfRows
  uint32 CurrentRefreshRate CurrentVerticalResolution MaxMemorySupported MaxRefreshRate MinRefreshRate
  uint32 NumberOfVideoPages
  uint64 CurrentNumberOfColors
  uint16 CurrentScanMode VideoMemoryType
  string VideoProcessor

CIM_PCVideoController : CIM_VideoController [abstract]
  uint16 NumberOfColorPlanes VideoArchitecture VideoMode

CIM_UserDevice : CIM_LogicalDevice [abstract]
  boolean IsLocked

CIM_Display : CIM_UserDevice [abstract]

CIM_DesktopMonitor : CIM_Display [abstract]
  uint32 Bandwidth ScreenHeight ScreenWidth
  uint16 DisplayType

CIM_USBController : CIM_Controller [abstract]
  string Manufacturer

CIM_USBDevice : CIM_LogicalDevice
  uint8 ClassCode CurrentConfigValue NumberOfConfigs ProtocolCode SubclassCode
  uint8[] CurrentAlternateSettings
  uint16 USBVersion

CIM_USBHub : CIM_USBDevice
  boolean GangSwitched
  uint8 NumberOfPorts

CIM_SCSIController : CIM_Controller [abstract]
  uint32 ControllerTimeouts MaxDataWidth
  uint64 MaxTransferRate
  uint16 ProtectionManagement

CIM_Keyboard : CIM_UserDevice [abstract]
  string Layout
  uint16 NumberOfFunctionKeys Password

CIM_PointingDevice : CIM_UserDevice [abstract]
  uint16 Handedness PointingType
  uint8 NumberOfButtons
  uint32 Resolution

CIM_Battery : CIM_LogicalDevice [abstract]
  uint16 BatteryStatus Chemistry EstimatedChargeRemaining
  uint32 DesignCapacity EstimatedRunTime ExpectedLife FullChargeCapacity MaxRechargeTime TimeOnBattery
  uint32 TimeToFullCharge
  uint64 DesignVoltage
  string SmartBatteryVersion

CIM_SerialController : CIM_Controller [abstract]
  uint16[] Capabilities
  string[] CapabilityDescriptions
  uint32 MaxBaudRate

CIM_Service : CIM_LogicalElement [abstract]
  string Name*^ CreationClassName StartMode SystemCreationClassName SystemName
  boolean Started

CIM_LogicalDisk : CIM_StorageExtent [abstract]
  uint64 FreeSpace Size

CIM_MediaAccessDevice : CIM_LogicalDevice [abstract]
  uint16[] Capabilities
  string[] CapabilityDescriptions
  string CompressionMethod ErrorMethodology
  uint64 DefaultBlockSize MaxBlockSize MaxMediaSize MinBlockSize
  boolean NeedsCleaning
  uint32 NumberOfMediaSupported

CIM_DiskDrive : CIM_MediaAccessDevice [abstract]

CIM_DiskPartition : CIM_StorageExtent [abstract]
  boolean Bootable PrimaryPartition

CIM_CDROMDrive : CIM_MediaAccessDevice [abstract]

CIM_NetworkAdapter : CIM_LogicalDevice [abstract]
  boolean AutoSense
  uint64 MaxSpeed Speed
  string[] NetworkAddresses
  string PermanentAddress

CIM_Setting [abstract]
  string Caption Description SettingID

CIM_Process : CIM_LogicalElement [abstract]
  string Handle* CreationClassName CSCreationClassName CSName OSCreationClassName OSName
  datetime CreationDate TerminationDate
  uint16 ExecutionState
  uint64 KernelModeTime UserModeTime WorkingSetSize
  uint32 Priority

CIM_Thread : CIM_LogicalElement [abstract]
  string Handle* ProcessHandle* CreationClassName CSCreationClassName CSName OSCreationClassName OSName
  string ProcessCreationClassName
  uint16 ExecutionState
  uint64 KernelModeTime UserModeTime
  uint32 Priority

CIM_Job : CIM_LogicalElement [abstract]
  datetime ElapsedTime StartTime TimeSubmitted UntilTime
  string JobStatus Notify Owner
  uint32 Priority

CIM_SystemResource : CIM_LogicalElement [abstract]

CIM_LogicalFile : CIM_LogicalElement [abstract]
  string Name*^ CompressionMethod CreationClassName CSCreationClassName CSName Drive EightDotThreeFileName
  string EncryptionMethod Extension FileName FileType FSCreationClassName FSName Path
  uint32 AccessMask
  boolean Archive Compressed Encrypted Hidden Readable System Writeable
  datetime CreationDate LastAccessed LastModified
  uint64 FileSize InUseCount

CIM_Directory : CIM_LogicalFile [abstract]

CIM_Printer : CIM_LogicalDevice [abstract]
  string[] AvailableJobSheets CapabilityDescriptions CharSetsSupported ErrorInformation+ MimeTypesSupported
  string[] NaturalLanguagesSupported PaperTypesAvailable
  uint16[] Capabilities CurrentCapabilities DefaultCapabilities LanguagesSupported PaperSizesSupported
  string CurrentCharSet CurrentMimeType CurrentNaturalLanguage CurrentPaperType DefaultMimeType DefaultPaperType
  uint16 CurrentLanguage DefaultLanguage DetectedErrorState MarkingTechnology PrinterStatus
  uint32 DefaultCopies DefaultNumberUp HorizontalResolution JobCountSinceLastReset MaxCopies MaxNumberUp
  uint32 MaxSizeSupported VerticalResolution
  datetime TimeOfLastReset

CIM_ServiceAccessPoint : CIM_LogicalElement [abstract]
  string Name*^ CreationClassName SystemCreationClassName SystemName
  uint32 Type

CIM_StatisticalInformation [abstract]
  string Caption Description Name

CIM_StorageVolume : CIM_StorageExtent [abstract]
`
