/**
 * The classes of `root\WMI` that classes of drivers derive from, among them those of performance counters, and classes of monitors, in the
 * notation of `classNotation`.
 */
export const driverClasses: string = `
WMIEvent : __ExtrinsicEvent

EventTrace [abstract, plain]
  uint16 EventSize ReservedHeaderField TraceVersion
  uint8 EventType TraceLevel
  uint64 ThreadId TimeStamp
  uint8[] EventGuid ParentGuid
  uint32 KernelTime UserTime InstanceId ParentInstanceId MofData MofLength

CIM_StatisticalInformation [abstract]
  string Caption Description Name

Win32_Perf : CIM_StatisticalInformation [abstract]
  uint64 Frequency_Object Frequency_PerfTime Frequency_Sys100NS Timestamp_Object Timestamp_PerfTime
  uint64 Timestamp_Sys100NS

Win32_PerfRawData : Win32_Perf [abstract]

Win32_PerfFormattedData : Win32_Perf [abstract]

MSMonitorClass

WmiMonitorID : MSMonitorClass [provider WDMProvider]
  string InstanceName*
  boolean Active
  uint16[] ManufacturerName ProductCodeID SerialNumberID UserFriendlyName
  uint16 ManufacturerNameLength UserFriendlyNameLength YearOfManufacture
  uint8 WeekOfManufacture

WmiMonitorBrightness : MSMonitorClass [provider WDMProvider]
  string InstanceName*
  boolean Active
  uint8 CurrentBrightness
  uint8[] Level
  uint32 Levels
`
