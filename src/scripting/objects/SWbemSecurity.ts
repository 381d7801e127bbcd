/**
 * `SWbemSecurity` and its privileges, as data: an emulator impersonates no account. The settings appear in display names
 * (`object-path` 7) and have no other effect.
 *
 * @since 0.1.0
 */
import * as Moniker from "../../model/Moniker.ts"
import { refusal } from "./refusal.ts"

const source = "SWbemPrivilegeSet"

/** The full names that are not `Se` + name + `Privilege`. */
const irregularNames: Readonly<Record<string, string>> = { PrimaryToken: "SeAssignPrimaryTokenPrivilege" }

const fullName = (short: string): string => irregularNames[short] ?? `Se${short}Privilege`

/**
 * One privilege.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemPrivilege {
  /** The number, 1 to 27. */
  readonly identifier: number
  /** The full name, such as `SeDebugPrivilege`. */
  readonly name: string
  /** The short name, such as `Debug`, where Windows has localised text. */
  readonly displayName: string
  /** Whether a display name enables the privilege, or disables it (`!`). */
  isEnabled: boolean

  /** Makes a privilege from its number in `wbemPrivilege`, 1 to 27. */
  constructor(identifier: number, isEnabled: boolean) {
    this.identifier = identifier
    this.displayName = Moniker.privilegeNames[identifier - 1]!
    this.name = fullName(this.displayName)
    this.isEnabled = isEnabled
  }
}

/**
 * The privileges of an object, in the order in which they were added.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemPrivilegeSet implements Iterable<SWbemPrivilege> {
  private readonly privileges = new Map<number, SWbemPrivilege>()

  /** `Add`: adds a privilege by its number, 1 to 27, or replaces it. Fails with `Failed` for any other number. */
  add(iPrivilege: number, bIsEnabled: boolean = true): SWbemPrivilege {
    if (Moniker.privilegeNames[iPrivilege - 1] === undefined) {
      throw refusal("Failed", source, `${iPrivilege} is no privilege`)
    }
    const privilege = new SWbemPrivilege(iPrivilege, bIsEnabled)
    this.privileges.set(iPrivilege, privilege)
    return privilege
  }

  /** `AddAsString`: adds a privilege by its full name, compared without case. Fails with `Failed` for any other name. */
  addAsString(strPrivilege: string, bIsEnabled: boolean = true): SWbemPrivilege {
    const folded = String(strPrivilege).toLowerCase()
    const at = Moniker.privilegeNames.findIndex((short) => fullName(short).toLowerCase() === folded)
    if (at < 0) throw refusal("Failed", source, `${strPrivilege} is no privilege`)
    return this.add(at + 1, bIsEnabled)
  }

  /** `Item`: the privilege with that number. Fails with `NotFound` when the set does not have it. */
  item(iPrivilege: number): SWbemPrivilege {
    const privilege = this.privileges.get(iPrivilege)
    if (privilege === undefined) throw refusal("NotFound", source, `privilege ${iPrivilege} is not in the set`)
    return privilege
  }

  /** `Remove`: removes the privilege with that number. Fails with `NotFound` when the set does not have it. */
  remove(iPrivilege: number): void {
    this.privileges.delete(this.item(iPrivilege).identifier)
  }

  /** `DeleteAll`: removes every privilege. */
  deleteAll(): void {
    this.privileges.clear()
  }

  /** The number of privileges. */
  get count(): number {
    return this.privileges.size
  }

  /** The privileges in the order in which they were added. */
  [Symbol.iterator](): Iterator<SWbemPrivilege> {
    return [...this.privileges.values()][Symbol.iterator]()
  }
}

/**
 * The security settings of a display name.
 *
 * @since 0.1.0
 * @category models
 */
export type SecuritySettings = Pick<
  Moniker.Moniker,
  "impersonationLevel" | "authenticationLevel" | "authority" | "privileges"
>

/**
 * Levels and privileges. An impersonation level that was never set reads as impersonate (3). An authentication level that was never set
 * reads as packet privacy (6) on connected services, as default (0) on a path, and is refused with `wbemErrFailed` on a locator.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemSecurity {
  /** The privileges to enable and to disable. */
  readonly privileges: SWbemPrivilegeSet = new SWbemPrivilegeSet()
  private impersonation: number | undefined
  private authentication: number | undefined
  private readonly unset: number | null

  /** `unset` is the value of an authentication level that was never set; with `null`, reading it fails with `Failed`. */
  constructor(unset: number | null = 0) {
    this.unset = unset
  }

  /** 1 (anonymous) to 4 (delegate). Another number is refused with `InvalidParameter`. */
  get impersonationLevel(): number {
    return this.impersonation ?? 3
  }

  set impersonationLevel(level: number) {
    if (Moniker.impersonationLevels[level - 1] === undefined) {
      throw refusal("InvalidParameter", "SWbemSecurity", `${level} is no impersonation level`)
    }
    this.impersonation = level
  }

  /** 0 (default) to 6 (packet privacy). Another number is refused with `InvalidParameter`. */
  get authenticationLevel(): number {
    const level = this.authentication ?? this.unset
    if (level === null) throw refusal("Failed", "SWbemSecurity", "no authentication level was set")
    return level
  }

  set authenticationLevel(level: number) {
    if (Moniker.authenticationLevels[level] === undefined) {
      throw refusal("InvalidParameter", "SWbemSecurity", `${level} is no authentication level`)
    }
    this.authentication = level
  }

  /** The settings as parts of a display name. */
  toMoniker(): Omit<SecuritySettings, "authority"> {
    return {
      impersonationLevel: this.impersonation === undefined
        ? undefined
        : Moniker.impersonationLevels[this.impersonation - 1],
      authenticationLevel: this.authentication === undefined
        ? undefined
        : Moniker.authenticationLevels[this.authentication],
      privileges: Array.from(
        this.privileges,
        ({ displayName, isEnabled }) => ({ name: displayName, enabled: isEnabled })
      )
    }
  }

  /** Replaces the settings by those of a display name. */
  fromMoniker({ authenticationLevel, impersonationLevel, privileges }: Omit<SecuritySettings, "authority">): void {
    const level = (names: ReadonlyArray<string>, name: string | undefined): number => names.indexOf(name ?? "")
    const impersonation = level(Moniker.impersonationLevels, impersonationLevel)
    const authentication = level(Moniker.authenticationLevels, authenticationLevel)
    this.impersonation = impersonation < 0 ? undefined : impersonation + 1
    this.authentication = authentication < 0 ? undefined : authentication
    this.privileges.deleteAll()
    for (const { enabled, name } of privileges) this.privileges.add(level(Moniker.privilegeNames, name) + 1, enabled)
  }
}
