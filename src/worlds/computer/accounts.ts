/** The accounts, groups, profiles and sessions of the computer. */
import type { Instance } from "../../model/WbemObject.ts"
import { accountSid, bootTime, computerName, instance, localTime, userName, userSid } from "./identity.ts"

const account = (
  className: string,
  domain: string,
  name: string,
  sid: string,
  sidType: number
): Instance["values"] => ({
  Name: name,
  Domain: domain,
  Caption: `${domain}\\${name}`,
  Description: "",
  LocalAccount: true,
  SID: sid,
  SIDType: sidType,
  Status: className === "Win32_UserAccount" && name !== userName ? "Degraded" : "OK"
})

const user = (name: string, sid: string, description: string): Instance => {
  const disabled = name !== userName
  return instance("Win32_UserAccount", {
    ...account("Win32_UserAccount", computerName, name, sid, 1),
    Description: description,
    AccountType: 512,
    Disabled: disabled,
    FullName: disabled ? "" : "Alex Example",
    Lockout: false,
    PasswordChangeable: true,
    PasswordExpires: false,
    PasswordRequired: !disabled
  })
}

const systemAccount = (name: string, sid: string): Instance =>
  instance("Win32_SystemAccount", { ...account("Win32_SystemAccount", computerName, name, sid, 5), Description: name })

const group = (name: string, sid: string, description: string): Instance =>
  instance("Win32_Group", { ...account("Win32_Group", computerName, name, sid, 4), Description: description })

const profile = (sid: string, path: string, special: boolean): Instance =>
  instance("Win32_UserProfile", {
    SID: sid,
    HealthStatus: 3,
    LastUseTime: localTime,
    Loaded: true,
    LocalPath: path,
    RefCount: special ? 1 : 3,
    RoamingConfigured: false,
    Special: special,
    Status: 0
  })

/** The logon sessions: identifier, type, user. The first one is that of the local system. */
export const sessions: ReadonlyArray<readonly [id: string, type: number, user: string]> = [
  ["999", 0, "SYSTEM"],
  ["217406", 2, userName]
]

export const accounts = (): ReadonlyArray<Instance> => [
  user("Administrator", `${accountSid}-500`, "Built-in account for administering the computer/domain"),
  user("Guest", `${accountSid}-501`, "Built-in account for guest access to the computer/domain"),
  user("DefaultAccount", `${accountSid}-503`, "A user account managed by the system."),
  user(userName, userSid, ""),
  systemAccount("SYSTEM", "S-1-5-18"),
  systemAccount("LOCAL SERVICE", "S-1-5-19"),
  systemAccount("NETWORK SERVICE", "S-1-5-20"),
  systemAccount("Everyone", "S-1-1-0"),
  group("Administrators", "S-1-5-32-544", "Members have full access to the computer"),
  group("Users", "S-1-5-32-545", "Members can run most applications"),
  group("Guests", "S-1-5-32-546", "Members have the same access as members of Users"),
  group("Remote Desktop Users", "S-1-5-32-555", "Members can log on remotely"),
  profile("S-1-5-18", "C:\\Windows\\system32\\config\\systemprofile", true),
  profile("S-1-5-19", "C:\\Windows\\ServiceProfiles\\LocalService", true),
  profile("S-1-5-20", "C:\\Windows\\ServiceProfiles\\NetworkService", true),
  profile(userSid, `C:\\Users\\${userName}`, false),
  ...sessions.map(([id, type]) =>
    instance("Win32_LogonSession", {
      LogonId: id,
      AuthenticationPackage: type === 0 ? "Negotiate" : "NTLM",
      LogonType: type,
      StartTime: type === 0 ? bootTime : "20240115080211.204187-480"
    })
  ),
  instance("Win32_Desktop", {
    Name: `${computerName}\\${userName}`,
    BorderWidth: 1,
    CursorBlinkRate: 530,
    DragFullWindows: true,
    IconTitleFaceName: "Segoe UI",
    IconTitleSize: 9,
    IconTitleWrap: true,
    ScreenSaverActive: false,
    Wallpaper: "C:\\Windows\\web\\wallpaper\\Windows\\img0.jpg",
    WallpaperStretched: true
  })
]
