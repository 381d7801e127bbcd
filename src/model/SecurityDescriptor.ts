/**
 * The security descriptor of a namespace: which rights callers have in it, and in the namespaces below (`put-async` 10).
 *
 * It is stored as SDDL text, the text form of Windows, in `SECURITY_DESCRIPTOR` of the one instance of `__thisNAMESPACE`; Windows stores
 * its binary form there. Putting that instance replaces the method `SetSD`, which is not executed here, and needs `WriteDac`. Deleting
 * the instance removes the descriptor: the instance stays, with NULL. Trustees are names of users and groups, compared without case. A
 * SID is treated as a name.
 *
 * @since 0.1.0
 * @module
 */
import * as CimName from "./CimName.ts"
import * as Instances from "./Instance.ts"
import type { CimValue, Instance } from "./WbemObject.ts"

/**
 * One entry of a descriptor: the rights that it grants to, or denies, a trustee.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** The name of a user or group; `Everyone` is every caller. */
  readonly trustee: string
  /** Bits of `Rights`. */
  readonly rights: number
  /** Whether the entry denies the rights. */
  readonly deny: boolean
  /** Whether the entry applies to the namespace itself, to the namespaces below, or to both. */
  readonly scope: "This" | "Below" | "Both"
}

/**
 * The descriptor of a namespace.
 *
 * @since 0.1.0
 * @category models
 */
export interface SecurityDescriptor {
  /** The entries that the namespace has itself, in order. */
  readonly entries: ReadonlyArray<Entry>
  /** Whether the namespace inherits no entries from the namespaces above. */
  readonly isProtected: boolean
}

/**
 * The parts of an entry besides its trustee and rights. The default scope is `"Both"`.
 *
 * @since 0.1.0
 * @category models
 */
export interface EntryOptions {
  /** The namespaces that the entry holds for; `"Both"` by default. */
  readonly scope?: Entry["scope"] | undefined
}

/** Text that is no trustee: empty, with a character that has a meaning in SDDL, a control or bidirectional character, or half of a surrogate pair, which UTF-8 does not keep. */
const noTrustee =
  /^$|[;()\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * Thrown for an entry that SDDL text cannot express.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidEntry extends Error {
  /** The tag of the error. */
  readonly _tag = "InvalidEntry"
  /** The member of the entry that SDDL cannot express. */
  readonly member: keyof Entry
  /** Makes the error from the member and what is wrong with it. */
  constructor(member: keyof Entry, detail: string) {
    super(`the ${member} of an entry: ${detail}`)
    this.name = "InvalidEntry"
    this.member = member
  }
}

const checked = (entry: Entry): Entry => {
  const { rights, scope, trustee } = entry
  if (typeof trustee !== "string" || noTrustee.test(trustee)) {
    throw new InvalidEntry(
      "trustee",
      `${JSON.stringify(trustee)} is empty, or holds one of ; ( ) or a control character`
    )
  }
  if (!Number.isInteger(rights) || rights < 0 || rights > 0xffffffff) {
    throw new InvalidEntry("rights", `${String(rights)}, given to ${trustee}, is no 32-bit word`)
  }
  if (!Object.hasOwn(scopes, scope)) throw new InvalidEntry("scope", `there is no scope ${String(scope)}`)
  return entry
}

const scopes: Readonly<Record<Entry["scope"], string>> = { This: "", Below: "CIIO", Both: "CI" }

/**
 * An entry that grants rights. Throws {@link InvalidEntry} for a trustee that is empty or has `;`, `(`, `)` or a control character in
 * its name, and for rights that are no 32-bit word.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Rights, SecurityDescriptor } from "effect-wmi"
 *
 * const readers = SecurityDescriptor.allow("Readers", Rights.of("Enable", "RemoteEnable"), { scope: "This" })
 *
 * assert.deepEqual(readers, { trustee: "Readers", rights: 0x21, deny: false, scope: "This" })
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const allow = (trustee: string, rights: number, options?: EntryOptions): Entry =>
  checked({ trustee, rights: Object.is(rights, -0) ? 0 : rights, deny: false, scope: options?.scope ?? "Both" })

/**
 * An entry that denies rights. In one descriptor a denial overrides every grant of the same rights. Throws as {@link allow} does.
 *
 * @since 0.1.0
 * @category constructors
 */
export const deny = (trustee: string, rights: number, options?: EntryOptions): Entry => ({
  ...allow(trustee, rights, options),
  deny: true
})

/**
 * A descriptor. A descriptor without entries grants no rights to any caller.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Rights, SecurityDescriptor } from "effect-wmi"
 *
 * const descriptor = SecurityDescriptor.make([
 *   SecurityDescriptor.allow("Everyone", Rights.of("Enable")),
 *   SecurityDescriptor.deny("Guests", Rights.all)
 * ])
 *
 * assert.equal(SecurityDescriptor.granted([descriptor], ["ann"]), Rights.of("Enable"))
 * assert.equal(SecurityDescriptor.granted([descriptor], ["bob", "Guests"]), 0)
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  entries: ReadonlyArray<Entry>,
  options?: { readonly isProtected?: boolean | undefined }
): SecurityDescriptor => ({ entries, isProtected: options?.isProtected === true })

/**
 * The text of a descriptor, in SDDL. Throws {@link InvalidEntry} as {@link allow} does.
 *
 * @since 0.1.0
 * @category combinators
 */
export const format = ({ entries, isProtected }: SecurityDescriptor): string =>
  `D:${isProtected ? "P" : ""}${
    entries.map(checked).map(({ deny, rights, scope, trustee }) =>
      `(${deny ? "D" : "A"};${scopes[scope]};0x${rights.toString(16)};;;${trustee})`
    ).join("")
  }`

/** The two-letter codes of rights, in the order of their bits; bits 9 to 15 have no code. */
const codes = "CCDCLCSWRPWPDTLOCR              SDRCWDWO"
const list = /^(?:[OG]:[^:()]+)*D:([PAIR]*)((?:\([^()]*\))*)(?:S:.*)?$/
const entry = /\((A|D);([CINOPD]*);(0[xX][\da-fA-F]{1,8}|(?:CC|DC|LC|SW|RP|WP|DT|LO|CR|SD|RC|WD|WO)*);;;([^;()]+)\)/g

/** The bits of rights that are written as codes. */
const bitsOf = (written: string): number =>
  (written.match(/../g) ?? []).reduce((bits, code) => bits | 1 << codes.indexOf(code) / 2, 0)

/**
 * Reads a descriptor in SDDL. It is `undefined` for other text. Of the flags of an entry only CI (inherited by the namespaces below) and
 * IO (for the namespaces below only) are read. Owner, group and the audit list are ignored: they grant no rights.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parse = (text: string): SecurityDescriptor | undefined => {
  const [, flags = "", written] = list.exec(text) ?? []
  if (written === undefined) return undefined
  const entries = Array.from(written.matchAll(entry), ([, type, where = "", rights = "", trustee = ""]): Entry => ({
    trustee,
    rights: rights.startsWith("0") ? Number(rights) : bitsOf(rights),
    deny: type === "D",
    scope: !where.includes("CI") ? "This" : where.includes("IO") ? "Below" : "Both"
  }))
  return entries.length < written.split("(").length - 1 ? undefined : { entries, isProtected: flags.includes("P") }
}

/**
 * The text of a descriptor as the bytes of `SECURITY_DESCRIPTOR`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toBytes = (sddl: string): ReadonlyArray<number> => Object.freeze([...new TextEncoder().encode(sddl)])

/**
 * The instance of `__thisNAMESPACE` whose put sets the descriptor of a namespace. Throws {@link InvalidEntry} as {@link allow} does.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toInstance = (descriptor: SecurityDescriptor): Instance =>
  Instances.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: toBytes(format(descriptor)) })

/**
 * The text in the bytes of `SECURITY_DESCRIPTOR`; empty without bytes.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromBytes = (bytes: CimValue | undefined): string =>
  new TextDecoder().decode(Uint8Array.from((bytes ?? []) as ReadonlyArray<number>))

/**
 * Reads the descriptor in an instance of `__thisNAMESPACE`; `undefined` when it has none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromInstance = (instance: Instance): SecurityDescriptor | undefined =>
  parse(fromBytes(instance.values["SECURITY_DESCRIPTOR"]))

/** Names of the group of all callers; `AU` are the authenticated ones, and every caller counts as authenticated. */
const everyCaller = /^(?:everyone|wd|au)$/i

/**
 * The rights that descriptors grant to a caller with these names. The first descriptor is that of the namespace, then come those of the
 * namespaces above it, the nearest first; `undefined` stands for a namespace without a descriptor. An entry of a nearer descriptor
 * overrides those farther away; in one descriptor a denial overrides a grant. The result is `undefined` when no descriptor applies: the
 * namespace has none, and it inherits no entry.
 *
 * @since 0.1.0
 * @category combinators
 */
export const granted = (
  descriptors: ReadonlyArray<SecurityDescriptor | undefined>,
  names: ReadonlyArray<string>
): number | undefined => {
  const appliesToCaller = ({ trustee }: Entry): boolean =>
    everyCaller.test(trustee) || names.some((name) => CimName.equals(name, trustee))
  let grantedRights: number | undefined
  let decided = 0
  for (const [depth, descriptor] of descriptors.entries()) {
    if (descriptor === undefined) continue
    const inForce = descriptor.entries.filter(({ scope }) => scope !== (depth === 0 ? "Below" : "This"))
    if (depth === 0 || inForce.length > 0) grantedRights ??= 0
    const here = inForce.filter(appliesToCaller)
    for (const { deny, rights } of [...here.filter((entry) => entry.deny), ...here]) {
      if (!deny) grantedRights! |= rights & ~decided
      decided |= rights
    }
    if (descriptor.isProtected) break
  }
  return grantedRights
}
