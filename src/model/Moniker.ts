/**
 * Parses and formats display names of objects: `winmgmts:{impersonationLevel=impersonate}!\\server\root\cimv2:Class` (`object-path` 7).
 *
 * @since 0.1.0
 * @module
 */
import * as Either from "effect/Either"
import { defaultNamespace } from "./limits.ts"
import * as ObjectPath from "./ObjectPath.ts"
import { scanOrFault, SyntaxFault } from "./syntaxFault.ts"

export { defaultNamespace } from "./limits.ts"

/**
 * A privilege that a display name enables or disables, without `Se` and `Privilege`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Privilege {
  /** The name without `Se` and `Privilege`, such as `Debug`. */
  readonly name: string
  /** `false` when it is written with `!`. */
  readonly enabled: boolean
}

/**
 * The parts of a display name. Levels have the spelling of the specification.
 *
 * @since 0.1.0
 * @category models
 */
export interface Moniker {
  /** `anonymous`, `identify`, `impersonate` or `delegate`; `undefined` when none is written. */
  readonly impersonationLevel: string | undefined
  /** Such as `pktPrivacy`; `undefined` when none is written. */
  readonly authenticationLevel: string | undefined
  /** Such as `kerberos:domain\server`; `undefined` when none is written. */
  readonly authority: string | undefined
  /** The privileges in the order of the text. */
  readonly privileges: ReadonlyArray<Privilege>
  /** The locale as it was written: `ms_409`. */
  readonly locale: string | undefined
  /** The object path after the settings. */
  readonly path: ObjectPath.ObjectPath
}

/**
 * The impersonation levels, in the order of their numbers, 1 to 4.
 *
 * @since 0.1.0
 * @category models
 */
export const impersonationLevels = ["anonymous", "identify", "impersonate", "delegate"] as const

/**
 * The authentication levels, in the order of their numbers, 0 to 6.
 *
 * @since 0.1.0
 * @category models
 */
export const authenticationLevels = ["default", "none", "connect", "call", "pkt", "pktIntegrity", "pktPrivacy"] as const

/**
 * The privileges, in the order of their numbers, 1 to 27.
 *
 * @since 0.1.0
 * @category models
 */
export const privilegeNames = [
  "CreateToken",
  "PrimaryToken",
  "LockMemory",
  "IncreaseQuota",
  "MachineAccount",
  "Tcb",
  "Security",
  "TakeOwnership",
  "LoadDriver",
  "SystemProfile",
  "SystemTime",
  "ProfileSingleProcess",
  "IncreaseBasePriority",
  "CreatePagefile",
  "CreatePermanent",
  "Backup",
  "Restore",
  "Shutdown",
  "Debug",
  "Audit",
  "SystemEnvironment",
  "ChangeNotify",
  "RemoteShutdown",
  "Undock",
  "SyncAgent",
  "EnableDelegation",
  "ManageVolume"
] as const

const sameWord = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const known = (words: ReadonlyArray<string>, word: string): string | undefined => words.find((w) => sameWord(w, word))

interface Settings {
  impersonationLevel: string | undefined
  authenticationLevel: string | undefined
  authority: string | undefined
  privileges: Array<Privilege>
}

const privilege = (written: string, at: number): Privilege => {
  const enabled = !written.startsWith("!")
  const bare = (enabled ? written : written.slice(1)).trim()
  const name = known(privilegeNames, bare) ?? known(privilegeNames, bare.replace(/Privilege$/i, ""))
  if (name === undefined) throw new SyntaxFault(at, `unknown privilege '${bare}'`)
  return { name, enabled }
}

const setting = (written: string, at: number, into: Settings): void => {
  const equals = written.indexOf("=")
  if (equals < 0) {
    const level = known(impersonationLevels, written)
    if (level === undefined) throw new SyntaxFault(at, `unknown setting '${written}'`)
    if (into.impersonationLevel !== undefined) throw new SyntaxFault(at, "impersonation level given twice")
    into.impersonationLevel = level
    return
  }
  const name = written.slice(0, equals).trim()
  const value = written.slice(equals + 1).trim()
  const set = (key: "impersonationLevel" | "authenticationLevel" | "authority", found: string | undefined): void => {
    if (found === undefined || found === "") throw new SyntaxFault(at, `bad ${key} '${value}'`)
    if (into[key] !== undefined) throw new SyntaxFault(at, `${key} given twice`)
    into[key] = found
  }
  if (sameWord(name, "impersonationLevel")) set("impersonationLevel", known(impersonationLevels, value))
  else if (sameWord(name, "authenticationLevel")) set("authenticationLevel", known(authenticationLevels, value))
  else if (sameWord(name, "authority")) set("authority", value)
  else throw new SyntaxFault(at, `unknown setting '${name}'`)
}

/** Reads the text between the braces: settings separated by commas, privileges in parentheses. */
const settings = (text: string, offset: number): Settings => {
  const into: Settings = {
    impersonationLevel: undefined,
    authenticationLevel: undefined,
    authority: undefined,
    privileges: []
  }
  let at = 0
  for (;;) {
    while (text.charAt(at) === " ") at++
    if (text.charAt(at) === "(") {
      const end = text.indexOf(")", at)
      if (end < 0) throw new SyntaxFault(offset + at, "unterminated privileges")
      for (const one of text.slice(at + 1, end).split(",")) into.privileges.push(privilege(one.trim(), offset + at))
      at = end + 1
      while (text.charAt(at) === " ") at++
      if (at < text.length && text.charAt(at) !== ",") throw new SyntaxFault(offset + at, ", or } expected")
    } else {
      const comma = text.indexOf(",", at)
      const end = comma < 0 ? text.length : comma
      setting(text.slice(at, end).trim(), offset + at, into)
      at = end
    }
    if (at >= text.length) return into
    at++
  }
}

const scheme = /^winmgmts:/i
const localeKey = /^locale=/i

const scan = (text: string): Moniker => {
  if (!scheme.test(text)) throw new SyntaxFault(0, "winmgmts: expected")
  let at = 9
  let parsed: Settings = {
    impersonationLevel: undefined,
    authenticationLevel: undefined,
    authority: undefined,
    privileges: []
  }
  let locale: string | undefined
  let component = false
  if (text.charAt(at) === "{") {
    const end = text.indexOf("}", at)
    if (end < 0) throw new SyntaxFault(at, "unterminated {")
    parsed = settings(text.slice(at + 1, end), at + 1)
    at = end + 1
    component = true
    let blank = at
    while (text.charAt(blank) === " ") blank++
    if (text.charAt(blank) === "!") at = blank
  }
  if (text.charAt(at) === "[") {
    const end = text.indexOf("]", at)
    const inside = end < 0 ? "" : text.slice(at + 1, end)
    if (!localeKey.test(inside) || inside.length === 7) throw new SyntaxFault(at, "[locale=...] expected")
    locale = inside.slice(7)
    at = end + 1
    component = true
  }
  const rest = text.slice(at)
  if (component && rest !== "" && !rest.startsWith("!")) throw new SyntaxFault(at, "! expected before the path")
  if (!component && rest.startsWith("!")) throw new SyntaxFault(at, "! without anything before it")
  const start = component && rest !== "" ? at + 1 : at
  const path = ObjectPath.parse(text.slice(start), { singleIdentAsNamespace: false })
  if (Either.isLeft(path)) throw new SyntaxFault(start + path.left.position, path.left.reason)
  return { ...parsed, locale, path: path.right }
}

/**
 * Reads a display name.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import * as Either from "effect/Either"
 * import { Moniker } from "effect-wmi"
 *
 * const moniker = Either.getOrThrow(Moniker.parse("winmgmts:{impersonationLevel=impersonate}!//./root/default:Demo_Disk"))
 *
 * assert.equal(moniker.impersonationLevel, "impersonate")
 * assert.equal(Moniker.target(moniker).namespace, "root\\default")
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): Either.Either<Moniker, ObjectPath.PathFault> => scanOrFault(text, () => scan(text))

const numberOf = (privilege: string): number => (privilegeNames as ReadonlyArray<string>).indexOf(privilege)

/**
 * The text of a display name. Its settings have the order impersonation, authentication, authority, privileges (by number); then come the
 * locale and the path.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = (moniker: Moniker): string => {
  const privileges = [...moniker.privileges].sort((a, b) => numberOf(a.name) - numberOf(b.name))
    .map(({ enabled, name }) => enabled ? name : `!${name}`)
  const parts = [
    moniker.impersonationLevel === undefined ? [] : [`impersonationLevel=${moniker.impersonationLevel}`],
    moniker.authenticationLevel === undefined ? [] : [`authenticationLevel=${moniker.authenticationLevel}`],
    moniker.authority === undefined ? [] : [`authority=${moniker.authority}`],
    privileges.length === 0 ? [] : [`(${privileges.join(",")})`]
  ].flat()
  const components = `${parts.length === 0 ? "" : `{${parts.join(",")}}`}${
    moniker.locale === undefined ? "" : `[locale=${moniker.locale}]`
  }`
  const path = ObjectPath.format(moniker.path)
  return `winmgmts:${components}${components !== "" && path !== "" ? "!" : ""}${path}`
}

/**
 * The path of a display name, with the namespace `root\cimv2` if it names none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const target = ({ path }: Moniker): ObjectPath.ObjectPath =>
  path.namespace === undefined ? ObjectPath.make({ ...path, namespace: defaultNamespace }) : path
