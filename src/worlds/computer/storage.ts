/** A disk with three partitions, the volumes on them, a drive for compact discs and a drive of another computer. */
import type { Instance } from "../../model/WbemObject.ts"
import { computerName, device, instance, userName, volumePath } from "./identity.ts"

/** The partitions of the disk: type, start and size in bytes. */
const partitions = [
  { type: "GPT: System", start: 1048576n, size: 104857600n, boot: true },
  { type: "GPT: Basic Data", start: 122683392n, size: 511276220416n, boot: false },
  { type: "GPT: Unknown", start: 511398903808n, size: 710934528n, boot: false }
] as const

/** The identifier of a partition of the disk. */
export const partitionId = (index: number): string => `Disk #0, Partition #${index}`

export const systemDisk = "\\\\.\\PHYSICALDRIVE0"

/** The disks with the services of their drivers. */
export const disks = (): ReadonlyArray<readonly [device: Instance, service: string]> => [
  [
    device("Win32_DiskDrive", {
      Name: systemDisk,
      DeviceID: systemDisk,
      Caption: "Fabrikam NVMe 512GB",
      Description: "Disk drive",
      PNPDeviceID: "SCSI\\DISK&VEN_NVME&PROD_FABRIKAM_NVME_51\\5&3A7D9E42&0&000000",
      BytesPerSector: 512,
      Capabilities: [3, 4],
      CapabilityDescriptions: ["Random Access", "Supports Writing"],
      FirmwareRevision: "FW2.4.1",
      Index: 0,
      InterfaceType: "SCSI",
      Manufacturer: "(Standard disk drives)",
      MediaLoaded: true,
      MediaType: "Fixed hard disk media",
      Model: "Fabrikam NVMe 512GB",
      Partitions: partitions.length,
      SCSIBus: 0,
      SCSILogicalUnit: 0,
      SCSIPort: 0,
      SCSITargetId: 0,
      SectorsPerTrack: 63,
      SerialNumber: "FK51-2000-9917-0417.",
      Size: 512105932800n,
      TotalCylinders: 62260n,
      TotalHeads: 255,
      TotalSectors: 1000206900n,
      TotalTracks: 15876300n,
      TracksPerCylinder: 255
    }),
    "disk"
  ],
  [
    device("Win32_CDROMDrive", {
      Name: "Fabrikam DVD-RW DS-8A",
      Description: "CD-ROM Drive",
      DeviceID: "SCSI\\CDROM&VEN_FABRIKAM&PROD_DVD-RW_DS-8A\\4&1D2F5A6B&0&010000",
      PNPDeviceID: "SCSI\\CDROM&VEN_FABRIKAM&PROD_DVD-RW_DS-8A\\4&1D2F5A6B&0&010000",
      Availability: 3,
      Capabilities: [3, 4, 7],
      CapabilityDescriptions: ["Random Access", "Supports Writing", "Supports Removable Media"],
      Drive: "D:",
      Id: "D:",
      Manufacturer: "(Standard CD-ROM drives)",
      MediaLoaded: false,
      MediaType: "DVD Writer",
      SCSIBus: 1,
      SCSILogicalUnit: 0,
      SCSIPort: 1,
      SCSITargetId: 0
    }),
    "cdrom"
  ]
]

const systemVolume = {
  DriveType: 3,
  Compressed: false,
  FileSystem: "NTFS",
  FreeSpace: 387654320128n,
  SupportsFileBasedCompression: true
}

/** Disks, partitions, logical disks and volumes. */
export const storage = (): ReadonlyArray<Instance> => [
  ...disks().map(([one]) => one),
  ...partitions.map(({ boot, size, start, type }, index) =>
    device("Win32_DiskPartition", {
      Name: partitionId(index),
      DeviceID: partitionId(index),
      Description: type,
      BlockSize: 512n,
      Bootable: boot,
      BootPartition: boot,
      DiskIndex: 0,
      Index: index,
      NumberOfBlocks: size / 512n,
      PrimaryPartition: true,
      Size: size,
      StartingOffset: start,
      Type: type
    })
  ),
  device("Win32_LogicalDisk", {
    ...systemVolume,
    Name: "C:",
    DeviceID: "C:",
    Description: "Local Fixed Disk",
    Access: 0,
    MaximumComponentLength: 255,
    MediaType: 12,
    QuotasDisabled: true,
    QuotasIncomplete: false,
    QuotasRebuilding: false,
    Size: 511276216320n,
    SupportsDiskQuotas: true,
    VolumeDirty: false,
    VolumeName: "Windows",
    VolumeSerialNumber: "9A4C1E07"
  }),
  device("Win32_LogicalDisk", {
    Name: "D:",
    DeviceID: "D:",
    Description: "CD-ROM Disc",
    DriveType: 5,
    MediaType: 11
  }),
  device("Win32_MappedLogicalDisk", {
    Name: "H:",
    DeviceID: "H:",
    SessionID: "217406",
    Description: "Network Connection",
    Access: 0,
    Compressed: false,
    FileSystem: "NTFS",
    FreeSpace: 1610612736000n,
    MaximumComponentLength: 255,
    ProviderName: "\\\\FILES01\\home",
    Size: 2000396742656n,
    SupportsFileBasedCompression: true,
    VolumeName: "home",
    VolumeSerialNumber: "5E20B7C1"
  }),
  device("Win32_Volume", {
    ...systemVolume,
    Name: "C:\\",
    DeviceID: volumePath("data"),
    Access: 0,
    Automount: true,
    BlockSize: 4096n,
    BootVolume: true,
    Capacity: 511276216320n,
    DirtyBitSet: false,
    DriveLetter: "C:",
    IndexingEnabled: true,
    Label: "Windows",
    MaximumFileNameLength: 255,
    PageFilePresent: true,
    QuotasEnabled: false,
    SerialNumber: 2588679687,
    SupportsDiskQuotas: true,
    SystemVolume: false
  }),
  device("Win32_Volume", {
    Name: volumePath("system"),
    DeviceID: volumePath("system"),
    Automount: true,
    BlockSize: 1024n,
    BootVolume: false,
    Capacity: 100663296n,
    Compressed: false,
    DirtyBitSet: false,
    DriveType: 3,
    FileSystem: "FAT32",
    FreeSpace: 66716672n,
    PageFilePresent: false,
    SerialNumber: 1176208452,
    SystemVolume: true
  }),
  device("Win32_Volume", {
    Name: volumePath("recovery"),
    DeviceID: volumePath("recovery"),
    Automount: true,
    BlockSize: 4096n,
    BootVolume: false,
    Capacity: 710930432n,
    Compressed: false,
    DriveType: 3,
    FileSystem: "NTFS",
    FreeSpace: 84213760n,
    PageFilePresent: false,
    SerialNumber: 3025740114,
    SystemVolume: false
  }),
  instance("Win32_PageFileUsage", {
    Name: "C:\\pagefile.sys",
    Caption: "C:\\pagefile.sys",
    Description: "C:\\pagefile.sys",
    AllocatedBaseSize: 2048,
    CurrentUsage: 24,
    InstallDate: "20240109101602.481230-480",
    PeakUsage: 61,
    TempPageFile: false
  }),
  instance("Win32_NetworkConnection", {
    Name: "\\\\FILES01\\home (H:)",
    Caption: "RESOURCE CONNECTED",
    Description: "RESOURCE CONNECTED - Microsoft Windows Network",
    AccessMask: 1179785,
    ConnectionState: "Connected",
    ConnectionType: "Persistent Connection",
    DisplayType: "Share",
    LocalName: "H:",
    Persistent: true,
    ProviderName: "Microsoft Windows Network",
    RemoteName: "\\\\FILES01\\home",
    RemotePath: "\\\\FILES01\\home",
    ResourceType: "Disk",
    Status: "OK",
    UserName: `${computerName}\\${userName}`
  })
]
