/** Counters of the processor, the memory, the system and the logical disk, at one moment. */
import type { Instance } from "../../model/WbemObject.ts"
import { instance } from "./identity.ts"
import { processIds } from "./software.ts"

const processors = ["0", "1", "_Total"]

export const performance = (): ReadonlyArray<Instance> => [
  ...processors.map((name) =>
    instance("Win32_PerfFormattedData_PerfOS_Processor", {
      Name: name,
      DPCRate: 0,
      DPCsQueuedPersec: 12,
      InterruptsPersec: 640,
      PercentIdleTime: 95n,
      PercentInterruptTime: 0n,
      PercentPrivilegedTime: 1n,
      PercentProcessorTime: 4n,
      PercentUserTime: 3n
    })
  ),
  ...processors.map((name) =>
    instance("Win32_PerfRawData_PerfOS_Processor", {
      Name: name,
      Frequency_PerfTime: 10000000n,
      Frequency_Sys100NS: 10000000n,
      PercentIdleTime: 51240625000n,
      PercentPrivilegedTime: 912031250n,
      PercentProcessorTime: 51240625000n,
      PercentUserTime: 1650468750n,
      Timestamp_PerfTime: 54861234567n,
      Timestamp_Sys100NS: 133498134001230000n
    })
  ),
  instance("Win32_PerfFormattedData_PerfOS_Memory", {
    AvailableBytes: 24696061952n,
    AvailableKBytes: 24117248n,
    AvailableMBytes: 23552n,
    CacheBytes: 214958080n,
    CommitLimit: 36352749568n,
    CommittedBytes: 8972091392n,
    PageFaultsPersec: 804,
    PagesPersec: 0,
    PercentCommittedBytesInUse: 24,
    PoolNonpagedBytes: 612368384n,
    PoolPagedBytes: 573571072n
  }),
  instance("Win32_PerfFormattedData_PerfOS_System", {
    ContextSwitchesPersec: 3120,
    Processes: processIds.length,
    ProcessorQueueLength: 0,
    SystemCallsPersec: 14850,
    SystemUpTime: 5486n,
    Threads: 212
  }),
  ...["C:", "_Total"].map((name) =>
    instance("Win32_PerfFormattedData_PerfDisk_LogicalDisk", {
      Name: name,
      AvgDiskQueueLength: 0n,
      CurrentDiskQueueLength: 0,
      DiskBytesPersec: 98304n,
      DiskTransfersPersec: 9,
      FreeMegabytes: 369696,
      PercentDiskTime: 0n,
      PercentFreeSpace: 75,
      PercentIdleTime: 99n
    })
  )
]
