/** Shares, files, printers, in the notation of `classNotation`. */
export const sharingClasses: string = `
Win32_Share : CIM_LogicalElement [provider CIMWin32]
  string Name*^ Path
  uint32 AccessMask MaximumAllowed Type
  boolean AllowMaximum

Win32_Directory : CIM_Directory [provider CIMWin32]

Win32_Printer : CIM_Printer [provider CIMWin32]
  string DeviceID*^ Comment+ DriverName+ Location+ Parameters+ PortName+ PrintJobDataType+ PrintProcessor+
  string SeparatorFile+ ServerName ShareName+
  uint32 Attributes AveragePagesPerMinute DefaultPriority+ PrinterState Priority+
  boolean Default Direct+ DoCompleteFirst+ EnableBIDI+ EnableDevQueryPrint+ Hidden+ KeepPrintedJobs+ Local+
  boolean Network+ Published+ Queued+ RawOnly+ Shared+ SpoolEnabled WorkOffline+
  uint16 ExtendedDetectedErrorState ExtendedPrinterStatus
  string[] PrinterPaperNames
  datetime StartTime+ UntilTime+

Win32_PrinterDriver : CIM_Service [provider CIMWin32]
  string ConfigFile DataFile DefaultDataType DriverPath FilePath+ HelpFile InfName+ MonitorName OEMUrl
  string SupportedPlatform+
  string[] DependentFiles
  uint16 Version+

Win32_PrintJob : CIM_Job [provider CIMWin32]
  string Name*^ Color DataType Document DriverName HostPrintQueue PaperSize Parameters PrintProcessor
  uint32 JobId PagesPrinted PaperLength PaperWidth Size StatusMask TotalPages

Win32_TCPIPPrinterPort : CIM_ServiceAccessPoint [provider CIMWin32]
  boolean ByteCount SNMPEnabled
  string HostAddress Queue SNMPCommunity
  uint32 PortNumber Protocol SNMPDevIndex
`
