/** Services, processes, settings of the operating system, products, event logs, in the notation of `classNotation`. */
export const softwareClasses: string = `
Win32_BaseService : CIM_Service [abstract]
  boolean AcceptPause AcceptStop DesktopInteract
  string DisplayName ErrorControl PathName ServiceType StartName State+
  uint32 ExitCode ServiceSpecificExitCode TagId

Win32_Service : Win32_BaseService [provider CIMWin32]
  uint32 CheckPoint ProcessId WaitHint
  boolean DelayedAutoStart

Win32_SystemDriver : Win32_BaseService [provider CIMWin32]

Win32_Process : CIM_Process [provider CIMWin32]
  string CommandLine ExecutablePath WindowsVersion
  uint32 HandleCount MaximumWorkingSetSize MinimumWorkingSetSize PageFaults PageFileUsage ParentProcessId
  uint32 PeakPageFileUsage PeakWorkingSetSize ProcessId QuotaNonPagedPoolUsage QuotaPagedPoolUsage
  uint32 QuotaPeakNonPagedPoolUsage QuotaPeakPagedPoolUsage SessionId ThreadCount
  uint64 OtherOperationCount OtherTransferCount PeakVirtualSize PrivatePageCount ReadOperationCount
  uint64 ReadTransferCount VirtualSize WriteOperationCount WriteTransferCount

Win32_Thread : CIM_Thread [provider CIMWin32]
  uint64 ElapsedTime
  uint32 PriorityBase StartAddress ThreadState ThreadWaitReason

Win32_MethodParameterClass [abstract]

Win32_ProcessStartup : Win32_MethodParameterClass [abstract]
  uint32 CreateFlags+ FillAttribute+ PriorityClass+ X+ XCountChars+ XSize+ Y+ YCountChars+ YSize+
  string[] EnvironmentVariables+
  uint16 ErrorMode+ ShowWindow+
  string Title+ WinstationDesktop+

Win32_ScheduledJob : CIM_Job [provider CIMWin32]
  uint32 JobId* DaysOfMonth DaysOfWeek
  string Command
  boolean InteractWithDesktop RunRepeatedly

Win32_StartupCommand : CIM_Setting [provider CIMWin32]
  string Command* Location* Name* User* UserSID

Win32_Environment : CIM_SystemResource [provider CIMWin32]
  string Name*+^ UserName* VariableValue+
  boolean SystemVariable

Win32_Registry : CIM_LogicalElement [provider CIMWin32]
  string Name*^
  uint32 CurrentSize MaximumSize ProposedSize+

Win32_TimeZone : CIM_Setting [provider CIMWin32]
  string StandardName* DaylightName
  sint32 Bias DaylightBias
  uint32 DaylightDay DaylightHour DaylightMillisecond DaylightMinute DaylightMonth DaylightSecond DaylightYear
  uint32 StandardBias StandardDay StandardHour StandardMillisecond StandardMinute StandardMonth StandardSecond
  uint32 StandardYear
  uint8 DaylightDayOfWeek StandardDayOfWeek

Win32_CurrentTime [abstract, singleton]
  uint32 Year Month Day DayOfWeek WeekInMonth Quarter Hour Minute Second Milliseconds

Win32_LocalTime : Win32_CurrentTime [provider Win32ClockProvider]

Win32_UTCTime : Win32_CurrentTime [provider Win32ClockProvider]

Win32_PageFileUsage : CIM_LogicalElement [provider CIMWin32]
  string Name*^
  uint32 AllocatedBaseSize CurrentUsage PeakUsage
  boolean TempPageFile

Win32_PageFileSetting : CIM_Setting [provider CIMWin32]
  string Name*+
  uint32 InitialSize+ MaximumSize+

Win32_BootConfiguration : CIM_Setting [provider CIMWin32]
  string Name* BootDirectory ConfigurationPath LastDrive ScratchDirectory TempDirectory

Win32_OSRecoveryConfiguration : CIM_Setting [provider CIMWin32]
  string Name* DebugFilePath+ ExpandedDebugFilePath+ ExpandedMiniDumpDirectory+ MiniDumpDirectory+
  boolean AutoReboot+ KernelDumpOnly+ OverwriteExistingDebugFile+ SendAdminAlert+ WriteDebugInfo+
  boolean WriteToSystemLog+
  uint32 DebugInfoType+

Win32_QuickFixEngineering : CIM_LogicalElement [provider CIMWin32]
  string HotFixID* ServicePackInEffect* CSName FixComments InstalledBy InstalledOn

Win32_Product : CIM_Product [provider MSIProv]
  sint16 InstallState
  string HelpLink HelpTelephone InstallDate InstallLocation InstallSource Language LocalPackage PackageCache
  string PackageCode PackageName ProductID RegCompany RegOwner Transforms URLInfoAbout URLUpdateInfo
  uint16 AssignmentType
  uint32 WordCount
  datetime InstallDate2

Win32_OptionalFeature : CIM_LogicalElement [provider CIMWin32]
  string Name*^
  uint32 InstallState

CIM_DataFile : CIM_LogicalFile [provider CIMWin32]
  string Manufacturer Version

Win32_NTEventlogFile : CIM_DataFile [provider MS_NT_EVENTLOG_PROVIDER]
  string LogfileName OverWritePolicy
  uint32 MaxFileSize+ NumberOfRecords OverwriteOutDated+
  string[] Sources

Win32_NTLogEvent [provider MS_NT_EVENTLOG_PROVIDER]
  uint32 RecordNumber* EventIdentifier
  string Logfile* SourceName Type CategoryString ComputerName User Message
  uint16 EventCode Category
  datetime TimeGenerated TimeWritten
  string[] InsertionStrings
  uint8[] Data
  uint8 EventType
`
