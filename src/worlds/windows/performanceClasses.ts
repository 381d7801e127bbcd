/** Performance counters, in the notation of `classNotation`. */
export const performanceClasses: string = `
Win32_Perf : CIM_StatisticalInformation [abstract]
  uint64 Frequency_Object Frequency_PerfTime Frequency_Sys100NS Timestamp_Object Timestamp_PerfTime
  uint64 Timestamp_Sys100NS

Win32_PerfFormattedData : Win32_Perf [abstract]

Win32_PerfFormattedData_PerfOS_Processor : Win32_PerfFormattedData [provider HiPerfCooker_v1]
  string Name*^
  uint64 PercentProcessorTime PercentUserTime PercentPrivilegedTime PercentDPCTime PercentInterruptTime
  uint64 PercentIdleTime PercentC1Time PercentC2Time PercentC3Time C1TransitionsPersec C2TransitionsPersec
  uint64 C3TransitionsPersec
  uint32 InterruptsPersec DPCsQueuedPersec DPCRate

Win32_PerfFormattedData_PerfOS_Memory : Win32_PerfFormattedData [singleton, provider HiPerfCooker_v1]
  uint32 PageFaultsPersec WriteCopiesPersec TransitionFaultsPersec CacheFaultsPersec DemandZeroFaultsPersec
  uint32 PagesPersec PagesInputPersec PageReadsPersec PagesOutputPersec PageWritesPersec PoolPagedAllocs
  uint32 PoolNonpagedAllocs FreeSystemPageTableEntries PercentCommittedBytesInUse
  uint64 AvailableBytes CommittedBytes CommitLimit PoolPagedBytes PoolNonpagedBytes CacheBytes CacheBytesPeak
  uint64 PoolPagedResidentBytes SystemCodeTotalBytes SystemCodeResidentBytes SystemDriverTotalBytes
  uint64 SystemDriverResidentBytes SystemCacheResidentBytes AvailableKBytes AvailableMBytes

Win32_PerfFormattedData_PerfOS_System : Win32_PerfFormattedData [singleton, provider HiPerfCooker_v1]
  uint32 FileReadOperationsPersec FileWriteOperationsPersec FileControlOperationsPersec ContextSwitchesPersec
  uint32 SystemCallsPersec FileDataOperationsPersec ProcessorQueueLength Processes Threads AlignmentFixupsPersec
  uint32 ExceptionDispatchesPersec FloatingEmulationsPersec PercentRegistryQuotaInUse
  uint64 FileReadBytesPersec FileWriteBytesPersec FileControlBytesPersec SystemUpTime

Win32_PerfFormattedData_PerfDisk_LogicalDisk : Win32_PerfFormattedData [provider HiPerfCooker_v1]
  string Name*^
  uint32 PercentFreeSpace FreeMegabytes CurrentDiskQueueLength AvgDisksecPerTransfer AvgDisksecPerRead
  uint32 AvgDisksecPerWrite DiskTransfersPersec DiskReadsPersec DiskWritesPersec SplitIOPerSec
  uint64 PercentDiskTime AvgDiskQueueLength PercentDiskReadTime AvgDiskReadQueueLength PercentDiskWriteTime
  uint64 AvgDiskWriteQueueLength DiskBytesPersec DiskReadBytesPersec DiskWriteBytesPersec
  uint64 AvgDiskBytesPerTransfer AvgDiskBytesPerRead AvgDiskBytesPerWrite PercentIdleTime

Win32_PerfRawData : Win32_Perf [abstract]

Win32_PerfRawData_PerfOS_Processor : Win32_PerfRawData [provider Nt5_GenericPerfProvider_V1]
  string Name*^
  uint64 PercentProcessorTime PercentUserTime PercentPrivilegedTime PercentDPCTime PercentInterruptTime
  uint64 PercentIdleTime PercentC1Time PercentC2Time PercentC3Time C1TransitionsPersec C2TransitionsPersec
  uint64 C3TransitionsPersec
  uint32 InterruptsPersec DPCsQueuedPersec DPCRate
`
