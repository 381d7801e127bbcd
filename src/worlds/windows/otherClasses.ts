/** Classes of namespaces that have few, in the notation of `classNotation`. */

/** The namespace of Desired State Configuration: what the schema of every resource derives from. */
export const configurationClasses: string = `
OMI_BaseResource [abstract, plain]
  string ResourceId SourceInfo ModuleName ModuleVersion ConfigurationName
  string[] DependsOn
  string PsDscRunAsCredential

OMI_MetaConfigurationResource [abstract, plain]
  string ResourceId SourceInfo
  string[] DependsOn

OMI_ConfigurationDocument [plain]
  string Version Author Copyright HelpInfoUri ContentType GenerationDate GenerationHost Name
  string MinimumCompatibleVersion
  string[] CompatibleVersionAdditionalProperties

MSFT_Credential [plain]
  string UserName Password

MSFT_KeyValuePair [plain]
  string Key* Value
`

/** `root\default\`: events of the registry, restore points. */
export const defaultClasses: string = `
RegistryEvent : __ExtrinsicEvent

RegistryKeyChangeEvent : RegistryEvent
  string Hive KeyPath

RegistryTreeChangeEvent : RegistryEvent
  string Hive RootPath

RegistryValueChangeEvent : RegistryEvent
  string Hive KeyPath ValueName

SystemRestore [provider SystemRestoreProv]
  uint32 SequenceNumber* RestorePointType EventType
  string Description CreationTime

SystemRestoreConfig [provider SystemRestoreProv]
  string MyKey*
  uint32 RPSessionInterval+ RPGlobalInterval+ RPLifeInterval+ DiskPercent+
`

/** `root\cimv2\Security\MicrosoftTpm`. */
export const tpmClasses: string = `
Win32_Tpm [singleton, provider Win32_TpmProvider]
  boolean IsActivated_InitialValue IsEnabled_InitialValue IsOwned_InitialValue
  string SpecVersion ManufacturerVersion ManufacturerVersionInfo PhysicalPresenceVersionInfo
  uint32 ManufacturerId
`

/** `root\cimv2\Security\MicrosoftVolumeEncryption`. */
export const volumeEncryptionClasses: string = `
Win32_EncryptableVolume [provider Win32_EncryptableVolumeProvider]
  string DeviceID* PersistentVolumeID DriveLetter
  uint32 ProtectionStatus
`

/** `root\SecurityCenter2`. */
export const securityCenterClasses: string = `
AntiVirusProduct [plain]
  string instanceGuid* displayName pathToSignedProductExe pathToSignedReportingExe timestamp
  uint32 productState

FirewallProduct [plain]
  string instanceGuid* displayName pathToSignedProductExe pathToSignedReportingExe timestamp
  uint32 productState
`
