/** Associations between the classes of the other tables, in the notation of `classNotation`. */
export const associationClasses: string = `
CIM_Dependency [abstract, association]
  ref:CIM_ManagedSystemElement Antecedent Dependent

CIM_BasedOn : CIM_Dependency [abstract]
  uint64 EndingAddress StartingAddress
  ref:CIM_StorageExtent Dependent^ Antecedent^

CIM_LogicalDiskBasedOnPartition : CIM_BasedOn [abstract]
  ref:CIM_LogicalDisk Dependent^
  ref:CIM_DiskPartition Antecedent^

Win32_LogicalDiskToPartition : CIM_LogicalDiskBasedOnPartition [provider CIMWin32]
  ref:Win32_DiskPartition Antecedent*^
  ref:Win32_LogicalDisk Dependent*^

CIM_MediaPresent : CIM_Dependency [abstract]
  ref:CIM_StorageExtent Dependent^
  ref:CIM_MediaAccessDevice Antecedent^

Win32_DiskDriveToDiskPartition : CIM_MediaPresent [provider CIMWin32]
  ref:Win32_DiskDrive Antecedent*^
  ref:Win32_DiskPartition Dependent*^

CIM_Component [abstract, association]
  ref:CIM_ManagedSystemElement GroupComponent PartComponent

Win32_LogicalDiskRootDirectory : CIM_Component [provider CIMWin32]
  ref:Win32_LogicalDisk GroupComponent*^
  ref:Win32_Directory PartComponent*^

CIM_ElementSetting [abstract, association]
  ref:CIM_ManagedSystemElement Element
  ref:CIM_Setting Setting

Win32_DeviceSettings : CIM_ElementSetting [abstract]
  ref:CIM_Setting Setting*^
  ref:CIM_LogicalDevice Element*^

Win32_NetworkAdapterSetting : Win32_DeviceSettings [provider CIMWin32]
  ref:Win32_NetworkAdapterConfiguration Setting^
  ref:Win32_NetworkAdapter Element^

CIM_SystemComponent : CIM_Component [abstract]
  ref:CIM_System GroupComponent^

CIM_SystemDevice : CIM_SystemComponent [abstract]
  ref:CIM_LogicalDevice PartComponent^

Win32_SystemDevices : CIM_SystemDevice [provider CIMWin32]
  ref:Win32_ComputerSystem GroupComponent*^
  ref:CIM_LogicalDevice PartComponent*^

Win32_ComputerSystemProcessor : Win32_SystemDevices [provider CIMWin32]
  ref:Win32_Processor PartComponent^

CIM_InstalledOS : CIM_SystemComponent [abstract]
  boolean PrimaryOS
  ref:CIM_OperatingSystem PartComponent^
  ref:CIM_ComputerSystem GroupComponent^

Win32_SystemOperatingSystem : CIM_InstalledOS [provider CIMWin32]
  ref:Win32_ComputerSystem GroupComponent*^
  ref:Win32_OperatingSystem PartComponent*^

Win32_SystemBIOS : CIM_SystemComponent [provider CIMWin32]
  ref:Win32_BIOS PartComponent*^
  ref:Win32_ComputerSystem GroupComponent*^

Win32_SystemSetting : CIM_ElementSetting [abstract]
  ref:Win32_ComputerSystem Element*^
  ref:CIM_Setting Setting*^

Win32_SystemTimeZone : Win32_SystemSetting [provider CIMWin32]
  ref:Win32_TimeZone Setting^

Win32_OperatingSystemQFE : CIM_Dependency [provider CIMWin32]
  ref:Win32_OperatingSystem Antecedent*^
  ref:Win32_QuickFixEngineering Dependent*^

Win32_GroupUser : CIM_Component [provider CIMWin32]
  ref:Win32_Group GroupComponent*^
  ref:Win32_Account PartComponent*^

Win32_LoggedOnUser : CIM_Dependency [provider CIMWin32]
  ref:Win32_LogonSession Dependent*^
  ref:Win32_Account Antecedent*^

Win32_SystemUsers : CIM_SystemComponent [provider CIMWin32]
  ref:Win32_ComputerSystem GroupComponent*^
  ref:Win32_UserAccount PartComponent*^

Win32_ShareToDirectory [association, provider CIMWin32]
  ref:Win32_Share Share*
  ref:CIM_Directory SharedElement*

CIM_ServiceServiceDependency : CIM_Dependency [abstract]
  uint16 TypeOfDependency
  ref:CIM_Service Dependent^ Antecedent^

Win32_DependentService : CIM_ServiceServiceDependency [provider CIMWin32]
  ref:Win32_BaseService Antecedent*^ Dependent*^

Win32_SystemServices : CIM_SystemComponent [provider CIMWin32]
  ref:Win32_ComputerSystem GroupComponent*^
  ref:Win32_Service PartComponent*^

Win32_SystemProcesses : CIM_SystemComponent [provider CIMWin32]
  ref:Win32_ComputerSystem GroupComponent*^
  ref:Win32_Process PartComponent*^

CIM_Container : CIM_Component [abstract]
  string LocationWithinContainer
  ref:CIM_PhysicalElement PartComponent^
  ref:CIM_PhysicalPackage GroupComponent^

CIM_PackagedComponent : CIM_Container [abstract]
  ref:CIM_PhysicalComponent PartComponent^

Win32_PhysicalMemoryLocation : CIM_PackagedComponent [provider CIMWin32]
  ref:Win32_PhysicalMemory PartComponent*^
  ref:Win32_PhysicalMemoryArray GroupComponent*^

CIM_DeviceConnection : CIM_Dependency [abstract]
  uint32 NegotiatedDataWidth
  uint64 NegotiatedSpeed
  ref:CIM_LogicalDevice Dependent^ Antecedent^

CIM_ControlledBy : CIM_DeviceConnection [abstract]
  uint16 AccessState
  uint32 NumberOfHardResets NumberOfSoftResets
  ref:CIM_Controller Antecedent^

Win32_USBControllerDevice : CIM_ControlledBy [provider CIMWin32]
  ref:CIM_USBController Antecedent*^
  ref:CIM_LogicalDevice Dependent*^

Win32_SystemPartitions : Win32_SystemDevices [provider CIMWin32]
  ref:Win32_DiskPartition PartComponent^
`
