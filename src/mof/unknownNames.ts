/**
 * Names of types and classes that a text uses and that are not known: neither declared anywhere in the text, nor held by
 * the namespace, nor named by the caller (`mof` 9.6). A name is reported once, at its first use.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { table as typeTable } from "../model/CimType.ts"
import type { Diagnostics } from "./diagnostics.ts"
import { CompileFailure, excerpt, type Source } from "./errors.ts"
import { didYouMean, type NameSearch, nearestWord } from "./hints.ts"
import type { DeclaredClasses } from "./declaredClasses.ts"
import type { MofOptions } from "./result.ts"
import type { Use } from "./parser/context.ts"

/** The names of the warnings, and what they say. */
const kinds = {
  type: {
    name: "UnknownType",
    says: "is no type and no class of this text",
    expected: "a type, or a class of this text"
  },
  superclass: {
    name: "UnknownSuperclass",
    says: "is no class of this text, so it cannot be a superclass",
    expected: "a superclass that is known"
  },
  reference: {
    name: "UnknownClass",
    says: "is no class of this text, to which a reference could lead",
    expected: "a class that is known"
  },
  instance: {
    name: "UnknownClass",
    says: "is no class of this text, of which there could be an instance",
    expected: "a class that is known"
  }
} as const

/** Type words of other languages, with the type of CIM. */
const foreignTypes: Readonly<Record<string, string>> = {
  bool: "boolean",
  byte: "uint8",
  char: "char16",
  date: "datetime",
  double: "real64",
  dword: "uint32",
  float: "real32",
  guid: "string",
  int: "sint32",
  integer: "sint32",
  long: "sint32",
  qword: "uint64",
  real: "real64",
  short: "sint16",
  single: "real32",
  sint: "sint32",
  str: "string",
  text: "string",
  time: "datetime",
  uint: "uint32",
  ulong: "uint32",
  ushort: "uint16",
  word: "uint16"
}

const typeNames = typeTable.flatMap(({ form, name }) => form === "reference" ? [] : [name])

/** The uses of one name in one namespace. */
interface Uses {
  readonly use: Use
  readonly name: string
  readonly namespace: string
  readonly source: Source
  readonly offset: number
  /** The number of further uses. */
  more: number
}

/** More distinct names than are reported: the rest of them is not looked up. */
const mostReported = 200

const keyOf = (namespace: string, name: string): string => `${CimName.fold(namespace)}\0${CimName.fold(name)}`

/** The uses of names that differ in case only as uses of one name. */
const inOneSpelling = (all: ReadonlyArray<Uses>): ReadonlyArray<Uses> => {
  const byKey = new Map<string, Uses>()
  for (const one of all) {
    const key = keyOf(one.namespace, one.name)
    const first = byKey.get(key)
    if (first === undefined) byKey.set(key, { ...one })
    else first.more += 1 + one.more
  }
  return [...byKey.values()]
}

export class UnknownNames {
  private readonly byNamespace = new Map<string, Map<string, Uses>>()
  private current: Map<string, Uses> | undefined
  private currentNamespace: string | undefined
  private readonly search: NameSearch
  /** The names of the declaration that is being read. */
  private ofDeclaration: Set<string> | undefined
  /** The names that were reported as errors, by {@link keyOf}. */
  private readonly errors = new Set<string>()

  constructor(search: NameSearch) {
    this.search = search
  }

  /** Notes a use of a name. */
  use(use: Use, name: string, namespace: string, source: Source, offset: number): void {
    if (namespace !== this.currentNamespace) {
      this.currentNamespace = namespace
      this.current = this.byNamespace.get(namespace)
      if (this.current === undefined) this.byNamespace.set(namespace, this.current = new Map())
    }
    const known = this.current!.get(name)
    if (known === undefined) this.current!.set(name, { use, name, namespace, source, offset, more: 0 })
    else if (known.source.isQuotable || !source.isQuotable) known.more++
    // A use in a text that may be quoted explains more.
    else this.current!.set(name, { use, name, namespace, source, offset, more: known.more + 1 })
    this.ofDeclaration?.add(name)
  }

  /** Begins a declaration. Returns the names that it will use. */
  begin(): ReadonlySet<string> {
    return this.ofDeclaration = new Set()
  }

  /** Whether one of the names of a declaration was reported as an error. */
  isFaulty(names: ReadonlySet<string>, namespace: string): boolean {
    if (this.errors.size === 0) return false
    for (const name of names) if (this.errors.has(keyOf(namespace, name))) return true
    return false
  }

  /** Reports the names that are not known: as warnings, or with `strict` as errors. */
  report(
    diagnostics: Diagnostics,
    classes: DeclaredClasses,
    { knownClasses = [], strict = false }: Pick<MofOptions, "knownClasses" | "strict">
  ): void {
    const named = new Map<string, string>()
    for (const name of knownClasses) named.set(CimName.fold(name), name)
    const unknown = inOneSpelling(
      [...this.byNamespace.values()].flatMap((uses) =>
        [...uses.values()].filter(({ name, namespace }) =>
          !named.has(CimName.fold(name)) && !diagnostics.preprocessed.isMacro(name) && !classes.has(name, namespace)
        )
      )
    )
    if (unknown.length === 0) return
    const candidates = [...classes.quotableNames(), ...named.values()]
    const system = classes.systemNames()
    // Those that are not listed are errors too.
    if (strict) { for (const { name, namespace } of unknown) this.errors.add(keyOf(namespace, name)) }
    for (const one of unknown.slice(0, mostReported)) {
      const { more, name, offset, source, use } = one
      const folded = CimName.fold(name)
      const near = (use === "type" ? nearestWord(name, typeNames) ?? foreign(folded) : undefined)
        ?? this.search.nearest(name, candidates)
        ?? (CimName.isSystemName(name) ? this.search.nearest(name, system) : undefined)
      // Without a part of the text most names are unknown, for one reason.
      if (near === undefined && diagnostics.isIncomplete || diagnostics.hasLost(name)) continue
      const { expected, name: kind, says } = kinds[use]
      if (use === "type" && near !== undefined) {
        if (diagnostics.explainType(name, `${plain(name)} ${says}; ${didYouMean(near)}`)) continue
      }
      const also = more === 0 ? "" : ` (${more} more ${more === 1 ? "use" : "uses"})`
      const hint = near === undefined
        ? `declare it, or put the text into a namespace that has it${also}`
        : `${didYouMean(near)}${also}`
      if (strict) {
        diagnostics.report(source, new CompileFailure(offset, kind, `'${name}'`, expected, { hint }))
        continue
      }
      diagnostics.warn(source, {
        offset,
        name: kind,
        message: `${plain(name)} ${says}`,
        hint
      })
    }
  }
}

const plain = (name: string): string => excerpt(name).slice(1, -1)

const foreign = (folded: string): string | undefined => {
  const direct = Object.hasOwn(foreignTypes, folded) ? foreignTypes[folded] : undefined
  if (direct !== undefined) return direct
  // An integer or a real of another size: the next larger one.
  const [, kind, bits] = /^([su]?int|real)(\d{1,3})(?:_t)?$/.exec(folded) ?? []
  if (kind === undefined) return undefined
  const sizes = kind === "real" ? [32, 64] : [8, 16, 32, 64]
  const size = sizes.find((one) => one >= Number(bits)) ?? 64
  return `${kind === "int" ? "sint" : kind}${size}`
}
