/** Accounts, groups, sessions, security descriptors, in the notation of `classNotation`. */
export const accountClasses: string = `
Win32_Account : CIM_LogicalElement [abstract]
  string Domain* Name*^ SID
  boolean LocalAccount
  uint8 SIDType

Win32_UserAccount : Win32_Account [provider CIMWin32]
  uint32 AccountType
  boolean Disabled+ Lockout+ PasswordChangeable+ PasswordExpires+ PasswordRequired+
  string FullName+

Win32_SystemAccount : Win32_Account [provider CIMWin32]

Win32_Group : Win32_Account [provider CIMWin32]

Win32_Session : CIM_LogicalElement [abstract]
  datetime StartTime

Win32_LogonSession : Win32_Session [provider CIMWin32]
  string LogonId* AuthenticationPackage
  uint32 LogonType

Win32_Desktop : CIM_Setting [provider CIMWin32]
  string Name* IconTitleFaceName Pattern ScreenSaverExecutable Wallpaper
  uint32 BorderWidth CursorBlinkRate GridGranularity IconSpacing IconTitleSize ScreenSaverTimeout
  boolean CoolSwitch DragFullWindows IconTitleWrap ScreenSaverActive ScreenSaverSecure WallpaperStretched
  boolean WallpaperTiled

Win32_SecurityDescriptor : Win32_MethodParameterClass [abstract]
  object:Win32_Trustee Owner+ Group+
  object:Win32_ACE[] DACL+ SACL+
  uint32 ControlFlags

Win32_ACE : Win32_MethodParameterClass [abstract]
  object:Win32_Trustee Trustee+
  uint32 AceType+ AceFlags+ AccessMask+
  string GuidObjectType+ GuidInheritedObjectType+

Win32_Trustee : Win32_MethodParameterClass [abstract]
  uint8[] SID+
  string SIDString+ Name+ Domain+
  uint32 SidLength+

Win32_FolderRedirectionHealth
  string OfflineFileNameFolderGUID
  boolean Redirected OfflineAccessEnabled
  datetime LastSuccessfulSyncTime LastSyncTime
  uint32 LastSyncStatus
  uint8 HealthStatus

Win32_UserProfile [provider Win32_UserProfileProvider]
  string SID* LocalPath RoamingPath
  boolean Loaded Special RoamingConfigured RoamingPreference+
  uint32 RefCount Status
  datetime LastUseTime LastDownloadTime LastUploadTime LastAttemptedProfileDownloadTime
  datetime LastAttemptedProfileUploadTime LastBackgroundRegistryUploadTime
  uint8 HealthStatus
  object:Win32_FolderRedirectionHealth AppDataRoaming Desktop StartMenu Documents Pictures Music Videos Favorites
  object:Win32_FolderRedirectionHealth Contacts Downloads Links Searches SavedGames
`
