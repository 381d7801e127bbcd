/** Disks, partitions and volumes, in the notation of `classNotation`. */
export const storageClasses: string = `
Win32_LogicalDisk : CIM_LogicalDisk [provider CIMWin32]
  string DeviceID*^ FileSystem ProviderName VolumeName+ VolumeSerialNumber
  boolean Compressed QuotasDisabled QuotasIncomplete QuotasRebuilding SupportsDiskQuotas
  boolean SupportsFileBasedCompression VolumeDirty
  uint32 DriveType MaximumComponentLength MediaType

Win32_MappedLogicalDisk : CIM_LogicalDisk [provider CIMWin32]
  string DeviceID*^ SessionID* FileSystem ProviderName VolumeName+ VolumeSerialNumber
  boolean Compressed QuotasDisabled QuotasIncomplete QuotasRebuilding SupportsDiskQuotas
  boolean SupportsFileBasedCompression
  uint32 MaximumComponentLength

Win32_DiskDrive : CIM_DiskDrive [provider CIMWin32]
  string DeviceID*^ FirmwareRevision InterfaceType Manufacturer MediaType Model SerialNumber
  uint32 BytesPerSector Index Partitions SCSIBus SectorsPerTrack Signature TotalHeads TracksPerCylinder
  boolean MediaLoaded
  uint16 SCSILogicalUnit SCSIPort SCSITargetId
  uint64 Size TotalCylinders TotalSectors TotalTracks

Win32_DiskPartition : CIM_DiskPartition [provider CIMWin32]
  string DeviceID*^ Type
  uint16 AdditionalAvailability
  string[] IdentifyingDescriptions
  uint64 MaxQuiesceTime OtherIdentifyingInfo PowerOnHours TotalPowerOnHours Size StartingOffset
  boolean BootPartition RewritePartition
  uint32 DiskIndex HiddenSectors Index

Win32_CDROMDrive : CIM_CDROMDrive [provider CIMWin32]
  string DeviceID*^ Drive Id Manufacturer MediaType MfrAssignedRevisionLevel RevisionLevel SerialNumber
  string VolumeName VolumeSerialNumber
  boolean DriveIntegrity MediaLoaded
  uint16 FileSystemFlags SCSILogicalUnit SCSIPort SCSITargetId
  uint32 FileSystemFlagsEx MaximumComponentLength SCSIBus
  uint64 Size
  real64 TransferRate

Win32_Volume : CIM_StorageVolume [provider CIMWin32]
  string DeviceID*^ DriveLetter+ FileSystem Label+
  boolean Automount BootVolume Compressed DirtyBitSet IndexingEnabled+ PageFilePresent QuotasEnabled
  boolean QuotasIncomplete QuotasRebuilding SupportsDiskQuotas SupportsFileBasedCompression SystemVolume
  uint64 Capacity FreeSpace
  uint32 DriveType MaximumFileNameLength SerialNumber
`
