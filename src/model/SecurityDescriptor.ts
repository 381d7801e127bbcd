/**
 * The descriptor of a namespace: who may do what in it, and in the namespaces below (`put-async` 10).
 *
 * It is kept as the text that Windows writes descriptors in (SDDL), in `SECURITY_DESCRIPTOR` of the one instance of
 * `__thisNAMESPACE`, where Windows keeps its binary form. Putting that instance stands for the method `SetSD`, which is not
 * executed here, and needs `WriteDac`; deleting it takes the descriptor off and leaves the instance with NULL. Trustees are names of
 * users and groups, compared without case; a SID is a name like any other.
 *
 * @since 0.1.0
 */
import * as CimName from "./CimName.ts"
import * as Instances from "./Instance.ts"
import type { CimValue, Instance } from "./WbemObject.ts"

/**
 * What one entry grants or denies, and to whom.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** The name of a user or group; `Everyone` is everybody. */
  readonly trustee: string
  /** Bits of `Rights`. */
  readonly rights: number
  /** Whether the entry denies them. */
  readonly deny: boolean
  /** Where it holds: in the namespace itself, in those below, or in both. */
  readonly scope: "This" | "Below" | "Both"
}

/**
 * The descriptor of a namespace.
 *
 * @since 0.1.0
 * @category models
 */
export interface SecurityDescriptor {
  readonly entries: ReadonlyArray<Entry>
  /** Whether nothing is inherited from the namespaces above. */
  readonly isProtected: boolean
}

/**
 * What an entry can be given besides its trustee and rights: where it holds, by default in the namespace and all below it.
 *
 * @since 0.1.0
 * @category models
 */
export interface EntryOptions {
  readonly scope?: Entry["scope"] | undefined
}

/** Characters with a meaning in SDDL, control and bidirectional characters, and half of a surrogate pair, which no byte form keeps. */
const noTrustee =
  /^$|[;()\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/**
 * An entry that cannot be written into the text of a descriptor without changing its meaning.
 *
 * @since 0.1.0
 * @category errors
 */
export class InvalidEntry extends Error {
  readonly _tag = "InvalidEntry"
  /** The member of the entry that cannot be written. */
  readonly member: keyof Entry
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
 * @since 0.1.0
 * @category constructors
 */
export const allow = (trustee: string, rights: number, options?: EntryOptions): Entry =>
  checked({ trustee, rights: Object.is(rights, -0) ? 0 : rights, deny: false, scope: options?.scope ?? "Both" })

/**
 * An entry that denies rights: whatever else grants them at the same place.
 *
 * @since 0.1.0
 * @category constructors
 */
export const deny = (trustee: string, rights: number, options?: EntryOptions): Entry => ({
  ...allow(trustee, rights, options),
  deny: true
})

/**
 * A descriptor. One without entries lets nobody in.
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

/** The codes of rights, each at the place of its bit; bits 9 to 15 have none. */
const codes = "CCDCLCSWRPWPDTLOCR              SDRCWDWO"
const list = /^(?:[OG]:[^:()]+)*D:([PAIR]*)((?:\([^()]*\))*)(?:S:.*)?$/
const entry = /\((A|D);([CINOPD]*);(0[xX][\da-fA-F]{1,8}|(?:CC|DC|LC|SW|RP|WP|DT|LO|CR|SD|RC|WD|WO)*);;;([^;()]+)\)/g

/** The bits of lettered rights. */
const bitsOf = (written: string): number =>
  (written.match(/../g) ?? []).reduce((bits, code) => bits | 1 << codes.indexOf(code) / 2, 0)

/**
 * Reads a descriptor in SDDL; `undefined` for what is none. Of the flags of an entry CI (inherited by the namespaces below) and IO
 * (only there) count. Owner, group and the audit list say nothing about who is let in.
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
 * The object whose put sets the descriptor of a namespace.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toInstance = (descriptor: SecurityDescriptor): Instance =>
  Instances.make("__thisNAMESPACE", { SECURITY_DESCRIPTOR: toBytes(format(descriptor)) })

/**
 * The text in the bytes of `SECURITY_DESCRIPTOR`; empty when there are none.
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromBytes = (bytes: CimValue | undefined): string =>
  new TextDecoder().decode(Uint8Array.from((bytes ?? []) as ReadonlyArray<number>))

/**
 * Reads the descriptor that an instance of `__thisNAMESPACE` carries; `undefined` when it carries none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromInstance = (instance: Instance): SecurityDescriptor | undefined =>
  parse(fromBytes(instance.values["SECURITY_DESCRIPTOR"]))

/** Every caller is authenticated here. */
const everybody = /^(?:everyone|wd|au)$/i

/**
 * What descriptors grant to a caller of these names: the one of the namespace first, then those above it. What stands nearer
 * decides; of what stands equally near a denial does. `undefined` when none of them governs the namespace: it has no descriptor, and
 * nothing is handed down to it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const granted = (
  descriptors: ReadonlyArray<SecurityDescriptor | undefined>,
  names: ReadonlyArray<string>
): number | undefined => {
  const isMeant = ({ trustee }: Entry): boolean =>
    everybody.test(trustee) || names.some((name) => CimName.equals(name, trustee))
  let given: number | undefined
  let decided = 0
  for (const [depth, descriptor] of descriptors.entries()) {
    if (descriptor === undefined) continue
    const inForce = descriptor.entries.filter(({ scope }) => scope !== (depth === 0 ? "Below" : "This"))
    if (depth === 0 || inForce.length > 0) given ??= 0
    const here = inForce.filter(isMeant)
    for (const { deny, rights } of [...here.filter((entry) => entry.deny), ...here]) {
      if (!deny) given! |= rights & ~decided
      decided |= rights
    }
    if (descriptor.isProtected) break
  }
  return given
}
