/** Extrinsic events, in the notation of `classNotation`. */
export const eventClasses: string = `
Win32_SystemTrace : __ExtrinsicEvent

Win32_ProcessTrace : Win32_SystemTrace
  uint32 ProcessID ParentProcessID SessionID
  uint8[] Sid
  string ProcessName
  uint64 PageDirectoryBase

Win32_ProcessStartTrace : Win32_ProcessTrace

Win32_ProcessStopTrace : Win32_ProcessTrace

Win32_DeviceChangeEvent : __ExtrinsicEvent
  uint16 EventType

Win32_VolumeChangeEvent : Win32_DeviceChangeEvent
  string DriveName

Win32_PowerManagementEvent : __ExtrinsicEvent
  uint16 EventType OEMEventCode

Win32_ComputerSystemEvent : __ExtrinsicEvent
  string MachineName

Win32_ComputerShutdownEvent : Win32_ComputerSystemEvent
  uint32 Type

MSFT_SCMEvent : __ExtrinsicEvent

MSFT_SCMEventLogEvent : MSFT_SCMEvent
`
