/**
 * A `StoreBackend` over a storage that has compare-and-set and no transactions. There are four kinds of keys:
 *
 * - `space/<namespace>`: its name, and the version of its schema. Every commit in a namespace compares it, so none goes by a class
 *   that has changed since.
 * - `schema/<namespace>/…`: a class or an instance of a system class, with the version of the schema that it came with. What was
 *   deleted stays without a body, so that whoever knows it learns that it is gone.
 * - `row/<namespace>/<key root>/<key>`: any other instance.
 * - `tally/<namespace>/<0 to f>`: of a sixteenth of the rows, how many belong to which class. A put that makes or removes an
 *   instance, or moves it to another class, sets one of them; a put of a class, which may depend on whether there are instances,
 *   reads and compares all sixteen. So one of the two sees the other, and puts of instances seldom meet.
 *
 * Values begin with a number that is new with every write: a storage whose versions are hashes of contents does as well as one that
 * counts.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type { ClassOf } from "../engine/Footprint.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import * as CimName from "../model/CimName.ts"
import type { WbemError } from "../protocol/WbemError.ts"
import { contentsOf, nextVersion } from "./slicedStore.ts"
import { wbemError } from "./sqlFailure.ts"
import {
  type Ask,
  type Commit,
  Conflict,
  type Contents,
  type Dump,
  type Found,
  inEffect,
  type InstanceRow,
  type RowId,
  type SchemaRow,
  type StoreBackend,
  thrown,
  type Wanted
} from "./storeBackend.ts"
import { StoreFailure } from "./StoreFailure.ts"

/** What a storage answers for a key. */
export interface Versioned {
  readonly value: string
  /** Another one after each write: a count, a stamp, an entity tag. */
  readonly version: string
}

/**
 * A storage that has compare-and-set and no transactions. It promises:
 *
 * 1. `commit` compares every key and writes all or nothing, at one moment. Nobody's writes come between.
 * 2. A read that begins after a `commit` was answered sees it. Reads that may lag behind would let a decision rest on what is no
 *    longer so; for several keys at once nothing is asked: what was read is compared before it counts.
 * 3. A failure of `commit` may leave open whether it happened: then it is `Unreachable` or `Canceled`, and the put ends with
 *    `TransportFailure { sent: true }`. Any other reason says that nothing was written.
 *
 * Keys are printable ASCII; how long keys and values may be is the storage's business, and `TooBig` says that one is too long.
 */
export interface VersionedStorage {
  /** What the keys hold, in their order; `undefined` where there is nothing. */
  readonly rows: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Versioned | undefined>, StoreFailure>
  /** Everything whose key begins so, in any order. */
  readonly range: (
    prefix: string
  ) => Effect.Effect<ReadonlyArray<readonly [key: string, held: Versioned]>, StoreFailure>
  /**
   * Writes, if every compared key still has the version that was read (`undefined`: there is nothing); otherwise writes nothing and
   * answers `false`. Each key stands once in `compared`, and every written one is among them; without a value it goes.
   */
  readonly commit: (
    compared: ReadonlyArray<readonly [key: string, version: string | undefined]>,
    written: ReadonlyArray<readonly [key: string, value: string | undefined]>
  ) => Effect.Effect<boolean, StoreFailure>
}

/** Printable, and never a `/`; a lone surrogate is an escape by then. */
const part = (text: string): string => encodeURIComponent(JSON.stringify(text).slice(1, -1))

const spaceKey = (namespace: string): string => `space/${part(namespace)}`
const schemaKey = ({ key, namespace, root }: RowId): string =>
  `schema/${part(namespace)}/${root || "class"}/${part(key)}`
const rowsOf = (namespace: string, root: string): string => `row/${part(namespace)}/${part(root)}/`
const rowKey = ({ key, namespace, root }: RowId): string => rowsOf(namespace, root) + part(key)

const digits = "0123456789abcdef"
const tallyKeys = (namespace: string): ReadonlyArray<string> =>
  Array.from(digits, (digit) => `tally/${part(namespace)}/${digit}`)

/** The sixteenth that a row belongs to. */
const tallyKey = (namespace: string, key: string): string => {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return `tally/${part(namespace)}/${digits[(hash ^ hash >>> 16) & 15]}`
}

interface SpaceValue {
  readonly version: number
  readonly name: string
  readonly alive: boolean
  /** What is wrong with it, when something is; the rest says nothing then. */
  readonly damage?: string | undefined
}

const spaceText = ({ alive, name, version }: SpaceValue): string => JSON.stringify([version, name, alive])

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // whoever asks says what is wrong
  }
}

const spaceOf = (text: string): SpaceValue => {
  const value = parsed(text)
  const [version, name, alive] = Array.isArray(value) ? value as ReadonlyArray<unknown> : []
  return Number.isSafeInteger(version) && typeof name === "string" && typeof alive === "boolean"
    ? { version: version as number, name, alive }
    : { version: 0, name: "", alive: true, damage: "its value is not that of a namespace" }
}

const count = /^\d+$/

/** What is wrong with a value that should begin with a number. */
const noVersion = "its version is no number"

/** A number, then lines: nothing in them has an end of line, because JSON writes it as an escape. */
const split = (text: string): { readonly version: number; readonly rest: string; readonly damage?: string } => {
  const end = text.indexOf("\n")
  const version = text.slice(0, Math.max(0, end))
  return count.test(version)
    ? { version: Number(version), rest: text.slice(end + 1) }
    : { version: 0, rest: text, damage: noVersion }
}

const schemaText = (version: number, body: string | undefined): string => `${version}\n${body ?? ""}`
const rowText = (version: number, className: string, body: string): string => `${version}\n${className}\n${body}`

interface RowValue {
  readonly version: number
  readonly className: string
  readonly body: string
  readonly damage?: string | undefined
}

const rowOf = (text: string): RowValue => {
  const { damage, rest, version } = split(text)
  const end = rest.indexOf("\n")
  return {
    version,
    className: rest.slice(0, Math.max(0, end)),
    body: rest.slice(end + 1),
    damage: damage ?? (end < 0 ? "its value is not that of an instance" : undefined)
  }
}

/** Key root and number by class. */
type Tally = Map<string, { readonly root: string; readonly n: number }>

const tallyText = (version: number, tally: Tally): string =>
  `${version}\n${JSON.stringify(Array.from(tally, ([className, { n, root }]) => [className, root, n]))}`

const isCounted = (one: unknown): one is readonly [className: string, root: string, n: number] =>
  Array.isArray(one) && typeof one[0] === "string" && typeof one[1] === "string" && Number.isSafeInteger(one[2])

/** The tally of a key; fails for one that cannot be read, because then it is not known how many instances a class has. */
const tallyOf = (key: string, text: string | undefined): Tally => {
  if (text === undefined) return new Map()
  const { damage, rest } = split(text)
  const value = damage === undefined ? parsed(rest) : undefined
  if (!Array.isArray(value) || !value.every(isCounted)) {
    throw wbemError(new StoreFailure({ reason: "Corrupt", detail: `${key} cannot be read` }), false)
  }
  return new Map(value.map(([className, root, n]) => [className, { root, n }] as const))
}

const add = (tally: Tally, className: string, root: string, by: number): void => {
  const n = (tally.get(className)?.n ?? 0) + by
  if (n === 0) tally.delete(className)
  else tally.set(className, { root, n })
}

type Failing<A> = Effect.Effect<A, WbemError | Conflict>

const asked = <A>(effect: Effect.Effect<A, StoreFailure>): Failing<A> =>
  Effect.mapError(
    effect,
    (failure) => failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, false)
  )

const inTheWay: Failing<never> = Effect.fail(new Conflict())

/** What fails by throwing a status. */
const caught = <A>(work: () => Failing<A>): Failing<A> => {
  try {
    return work()
  } catch (error) {
    return thrown(error)
  }
}

/** The text of a part of a key; one that cannot be decoded stays as it is, and is then no name and no key of any object. */
const keyText = (key: string): string => {
  try {
    return JSON.parse(`"${decodeURIComponent(key)}"`) as string
  } catch {
    return key
  }
}

/** The row that a key leads to. */
const idOf = (key: string): RowId => {
  const [, namespace = "", root = "", last = ""] = key.split("/").map(keyText)
  return { namespace, root: key.startsWith("schema/") && root === "class" ? "" : root, key: last }
}

/** What one attempt has read, with the versions it was read at. */
class Session {
  private readonly storage: VersionedStorage
  /** What the attempt rests on. */
  readonly held: Map<string, Versioned | undefined> = new Map()
  /** What was read along and will only count if it is used. */
  private readonly spare: Map<string, Versioned | undefined> = new Map()
  private readonly ranges: Map<string, ReadonlyMap<string, string>> = new Map()

  constructor(storage: VersionedStorage) {
    this.storage = storage
  }

  private forget(): void {
    this.held.clear()
    this.spare.clear()
    this.ranges.clear()
  }

  /** Reads what was not read yet, and along with it what may be needed later. */
  read(keys: Iterable<string>, along: Iterable<string> = []): Failing<void> {
    const wanted = new Set(keys)
    for (const key of wanted) if (this.spare.has(key)) this.held.set(key, this.spare.get(key))
    const missing = [...wanted].filter((key) => !this.held.has(key))
    const besides = [...new Set(along)].filter((key) => !wanted.has(key))
    if (missing.length === 0) return Effect.void
    return Effect.map(asked(this.storage.rows([...missing, ...besides])), (found) => {
      missing.forEach((key, i) => this.held.set(key, found[i]))
      besides.forEach((key, i) => this.spare.set(key, found[missing.length + i]))
    })
  }

  /** Reads all keys that begin so. */
  range(prefix: string): Failing<ReadonlyArray<readonly [key: string, value: string]>> {
    return Effect.map(asked(this.storage.range(prefix)), (found) => {
      for (const [key, held] of found) this.held.set(key, held)
      this.ranges.set(prefix, new Map(found.map(([key, { version }]) => [key, version])))
      return found.map(([key, { value }]) => [key, value] as const)
    })
  }

  /** Whether all that was read was there at one moment: it still is, and no version comes again. */
  verify(): Failing<void> {
    const keys = [...this.held.keys()].filter((key) => ![...this.ranges.values()].some((range) => range.has(key)))
    if (this.ranges.size === 0 && keys.length < 2) return Effect.void
    const compareKeys = keys.length === 0 ? Effect.void : Effect.flatMap(
      asked(this.storage.rows(keys)),
      (now) => keys.every((key, i) => this.held.get(key)?.version === now[i]?.version) ? Effect.void : inTheWay
    )
    const compareRanges = Effect.forEach(
      this.ranges,
      ([prefix, was]) =>
        Effect.flatMap(
          asked(this.storage.range(prefix)),
          (now) =>
            now.length === was.size && now.every(([key, { version }]) => was.get(key) === version)
              ? Effect.void
              : inTheWay
        ),
      { discard: true }
    )
    return Effect.zipRight(compareKeys, compareRanges)
  }

  space(namespace: string): SpaceValue | undefined {
    const text = this.held.get(spaceKey(namespace))?.value
    return text === undefined ? undefined : spaceOf(text)
  }

  /** How many instances a namespace has, by class, as far as the tallies were read. */
  private counted(namespace: string): Tally {
    const all: Tally = new Map()
    for (const key of tallyKeys(namespace)) {
      for (const [className, { n, root }] of tallyOf(key, this.held.get(key)?.value)) add(all, className, root, n)
    }
    return all
  }

  load({ classes, counts, namespaces, rows }: Wanted): Failing<Found> {
    this.forget()
    const populated = [...new Set([...classes, ...counts].map(({ namespace }) => namespace))]
    const keys = [
      ...namespaces.map(spaceKey),
      ...rows.map(rowKey),
      ...populated.flatMap(tallyKeys)
    ]
    const along = rows.map(({ key, namespace }) => tallyKey(namespace, key))
    return Effect.flatMap(this.read(keys, along), () =>
      caught(() => {
        const tallies = new Map(populated.map((namespace) => [namespace, this.counted(namespace)]))
        const instances: Array<InstanceRow> = []
        for (const id of rows) {
          const text = this.held.get(rowKey(id))?.value
          if (text !== undefined) {
            instances.push({ namespace: id.namespace, root: id.root, key: id.key, ...rowOf(text) })
          }
        }
        const spaces = new Map<string, SpaceValue>()
        const damaged = new Map<string, string>()
        for (const namespace of namespaces) {
          const space = this.space(namespace)
          if (space?.damage !== undefined) damaged.set(namespace, space.damage)
          else if (space?.alive === true) spaces.set(namespace, space)
        }
        const found = {
          namespaces: spaces,
          damaged: damaged.size === 0 ? undefined : damaged,
          instances,
          counts: counts.map((one) => ({ ...one, n: tallies.get(one.namespace)?.get(one.className)?.n ?? 0 }))
        }
        return Effect.as(
          Effect.forEach(classes, (one) => this.members(one, tallies.get(one.namespace), instances), { discard: true }),
          found
        )
      }))
  }

  /** The instances of a class stand among those of its key root; a class that has none is not looked for. */
  private members(
    { className, namespace }: ClassOf,
    tally: Tally | undefined,
    into: Array<InstanceRow>
  ): Failing<void> {
    const counted = tally?.get(className)
    if (counted === undefined) return Effect.void
    return Effect.map(this.range(rowsOf(namespace, counted.root)), (found) => {
      for (const [key, text] of found) {
        const row = rowOf(text)
        if (row.className === className) into.push({ ...idOf(key), ...row })
      }
    })
  }

  /** Every schema row, the older ones too. They are of one moment: the namespace has the same version after as before. */
  since(namespace: string): Failing<ReadonlyArray<SchemaRow>> {
    const key = spaceKey(namespace)
    return Effect.flatMap(
      asked(this.storage.range(`schema/${part(namespace)}/`)),
      (found) =>
        Effect.flatMap(
          asked(this.storage.rows([key])),
          ([now]) =>
            now?.version !== this.held.get(key)?.version ? inTheWay : Effect.succeed(found.map(([at, { value }]) => {
              const { root, key: name } = idOf(at)
              const { damage, rest, version } = split(value)
              return { root, key: name, version, body: rest === "" ? undefined : rest, damage }
            }))
        )
    )
  }

  /** Sets what was decided, over what was read. */
  write(commit: Commit): Failing<void> {
    const needed = [
      ...commit.guards.map(([namespace]) => spaceKey(namespace)),
      ...commit.bumps.map(([namespace]) => spaceKey(namespace)),
      ...commit.namespaces.map(({ namespace }) => spaceKey(namespace)),
      ...commit.schema.map(schemaKey),
      ...commit.instances.map(({ key, namespace }) => tallyKey(namespace, key))
    ]
    return Effect.flatMap(this.read(needed), () => {
      for (const [namespace, version] of commit.guards) if (this.space(namespace)?.version !== version) return inTheWay
      // Rows that nobody looked for were presumed absent.
      for (const row of commit.instances) if (!this.held.has(rowKey(row))) this.held.set(rowKey(row), undefined)
      return caught(() => this.set(written(commit, this)))
    })
  }

  /** Writes, if all that was read is as it was. */
  set(values: ReadonlyMap<string, string | undefined>): Failing<void> {
    for (const key of values.keys()) if (!this.held.has(key)) this.held.set(key, undefined)
    const compared = Array.from(this.held, ([key, held]) => [key, held?.version] as const)
    return Effect.flatMap(
      Effect.mapError(
        this.storage.commit(compared, [...values]),
        (failure) => failure.reason === "Conflict" ? new Conflict(failure) : wbemError(failure, true)
      ),
      (done) => done ? Effect.void : inTheWay
    )
  }

  tally(key: string): Tally {
    return tallyOf(key, this.held.get(key)?.value)
  }

  row(id: RowId): RowValue | undefined {
    const text = this.held.get(rowKey(id))?.value
    return text === undefined ? undefined : rowOf(text)
  }
}

/** Namespaces that are there, and those that cannot be read with what is wrong with them. */
const sorted = (
  found: ReadonlyArray<readonly [key: string, value: string]>
): { readonly alive: Array<SpaceValue>; readonly damaged: ReadonlyMap<string, string> | undefined } => {
  const alive: Array<SpaceValue> = []
  const damaged = new Map<string, string>()
  for (const [key, text] of found) {
    const space = spaceOf(text)
    if (space.damage !== undefined) damaged.set(keyText(key.slice("space/".length)), space.damage)
    else if (space.alive) alive.push(space)
  }
  return { alive, damaged: damaged.size === 0 ? undefined : damaged }
}

/** The values of a commit, by key. */
const written = (commit: Commit, session: Session): ReadonlyMap<string, string | undefined> => {
  const values = new Map<string, string | undefined>()
  const spaces = new Map<string, SpaceValue>()
  for (const [namespace, version] of commit.bumps) spaces.set(namespace, { ...session.space(namespace)!, version })
  for (const { alive, name, namespace } of commit.namespaces) {
    const before = spaces.get(namespace) ?? session.space(namespace)
    spaces.set(
      namespace,
      alive ? { name, version: (before?.version ?? 0) + 1, alive } : { ...before!, alive: false }
    )
  }
  for (const [namespace, space] of spaces) values.set(spaceKey(namespace), spaceText(space))
  for (const row of commit.schema) {
    const space = spaces.get(row.namespace) ?? session.space(row.namespace)
    values.set(schemaKey(row), schemaText(space?.version ?? 1, row.body))
  }
  const tallies = new Map<string, Tally>()
  for (const row of commit.instances) {
    const before = session.row(row)
    values.set(rowKey(row), row.body === undefined ? undefined : rowText(commit.version, row.className, row.body))
    if (before?.className === (row.body === undefined ? undefined : row.className)) continue
    const key = tallyKey(row.namespace, row.key)
    const tally = tallies.get(key) ?? session.tally(key)
    tallies.set(key, tally)
    if (before !== undefined) add(tally, before.className, row.root, -1)
    if (row.body !== undefined) add(tally, row.className, row.root, 1)
  }
  for (const [key, tally] of tallies) values.set(key, tallyText(commit.version, tally))
  return values
}

/** All that a storage holds of a store. */
const everything: ReadonlyArray<string> = ["space/", "schema/", "row/", "tally/"]

/** The values of a storage that is to hold just this. What it knows of and is not to be there stays behind as gone. */
const replaced = (contents: Contents, session: Session): ReadonlyMap<string, string | undefined> => {
  const values = new Map<string, string | undefined>()
  const spaces = new Map<string, SpaceValue>()
  for (const [key, held] of session.held) {
    if (held === undefined) continue
    if (key.startsWith("space/")) {
      const before = spaceOf(held.value)
      if (before.damage === undefined) {
        spaces.set(CimName.fold(before.name), { ...before, version: before.version + 1, alive: false })
      } else values.set(key, undefined)
    } else if (!key.startsWith("schema/")) values.set(key, undefined)
  }
  for (const name of contents.namespaces) {
    const namespace = CimName.fold(name)
    spaces.set(namespace, { name, version: spaces.get(namespace)?.version ?? 1, alive: true })
  }
  for (const key of session.held.keys()) {
    if (key.startsWith("schema/")) values.set(key, schemaText(spaces.get(idOf(key).namespace)?.version ?? 1, undefined))
  }
  for (const [namespace, space] of spaces) values.set(spaceKey(namespace), spaceText(space))
  for (const row of contents.schema) {
    values.set(schemaKey(row), schemaText(spaces.get(row.namespace)!.version, row.body))
  }
  const tallies = new Map<string, Tally>()
  for (const row of contents.instances) {
    values.set(rowKey(row), rowText(contents.version, row.className, row.body))
    const key = tallyKey(row.namespace, row.key)
    const tally: Tally = tallies.get(key) ?? new Map()
    tallies.set(key, tally)
    add(tally, row.className, row.root, 1)
  }
  for (const [key, tally] of tallies) values.set(key, tallyText(contents.version, tally))
  return values
}

/** The backend. */
export const make = (storage: VersionedStorage): StoreBackend => {
  let ready = false
  /** A storage that nobody has used yet gets what every server begins with; of several who see that one does it. */
  const prepared: Failing<void> = Effect.suspend(() => {
    if (ready) return Effect.void
    const session = new Session(storage)
    const begin = Effect.suspend(() => session.set(replaced(contentsOf(Snapshot.empty(), nextVersion()), session)))
    return Effect.map(
      Effect.zipRight(
        session.read([spaceKey("root")]),
        Effect.suspend(() => session.space("root") === undefined ? begin : Effect.void)
      ),
      () => {
        ready = true
      }
    )
  })
  const attempt = <A>(use: (session: Session) => Failing<A>): Failing<A> =>
    Effect.zipRight(prepared, Effect.suspend(() => use(new Session(storage))))
  const looking = <A>(use: (session: Session) => Failing<A>): Failing<A> =>
    attempt((session) => Effect.flatMap(use(session), (value) => Effect.as(session.verify(), value)))
  const answering = (session: Session) => (ask: Ask): Failing<unknown> => {
    switch (ask._tag) {
      case "Load":
        return session.load(ask.wanted)
      case "Since":
        return session.since(ask.namespace)
      case "Write":
        return Effect.as(session.write(ask.commit), true)
    }
  }
  return {
    reading: (look) => looking((session) => inEffect(answering(session))(look)),
    writing: (work) =>
      attempt((session) => {
        let wrote = false
        const answer = answering(session)
        const writing = inEffect((ask) => {
          wrote ||= ask._tag === "Write"
          return answer(ask)
        })(work)
        // What is set was compared on the way; what comes to nothing has to be compared too.
        return Effect.flatMap(writing, (value) => wrote ? Effect.succeed(value) : Effect.as(session.verify(), value))
      }),
    namespaces: looking((session) =>
      Effect.map(
        session.range("space/"),
        (found) => {
          const { alive, damaged } = sorted(found)
          return { names: alive.map(({ name }) => name), damaged }
        }
      )
    ),
    dump: looking((session) =>
      Effect.map(
        Effect.all([session.range("space/"), session.range("schema/"), session.range("row/")]),
        ([spaces, schema, rows]): Dump => {
          const { alive, damaged } = sorted(spaces)
          return {
            namespaces: alive.sort((a, b) => CimName.compare(a.name, b.name)),
            damaged,
            schema: schema.flatMap(([key, text]) => {
              const { damage, rest } = split(text)
              return rest === "" ? [] : [{ ...idOf(key), body: rest, damage }]
            }),
            instances: rows.map(([key, text]) => {
              const { body, damage } = rowOf(text)
              return { ...idOf(key), body, damage }
            })
          }
        }
      )
    ),
    replace: (contents) =>
      attempt((session) =>
        Effect.flatMap(
          Effect.forEach(everything, (prefix) => session.range(prefix), { discard: true }),
          () => session.set(replaced(contents, session))
        )
      )
  }
}
