/**
 * The schema of the namespaces that a store process works in, with the versions that it was read at.
 *
 * @internal
 */
import { UnreadableRows } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { namespaceRoot, NamespaceTables, type RowKey, securityRoot } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import * as Instances from "../model/Instance.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { Commit, Found, SchemaChanges, SchemaRow, SchemaVersion } from "./rowDatabase.ts"
import { type Broken, isBroken, schemaRow } from "./storedRows.ts"
import * as StoredForm from "../codec/storedObject.ts"

/** What was answered of the schema of a namespace, and the version that was known when it was asked for. */
export interface News {
  readonly namespace: string
  readonly seen: SchemaVersion | undefined
  readonly changes: SchemaChanges
}

const parentOf = (folded: string): string | undefined => {
  const at = folded.lastIndexOf("\\")
  return at < 0 ? undefined : folded.slice(0, at)
}

export class SchemaCache {
  snapshot: Snapshot.Snapshot = Snapshot.empty()
  /** By folded namespace. */
  private readonly versions: Map<string, SchemaVersion> = new Map()

  /** Whether the schema of a namespace is here, as it was at some moment. */
  knows(namespace: string): boolean {
    return this.versions.has(namespace)
  }

  token(namespace: string): number | undefined {
    return this.versions.get(namespace)?.token
  }

  /**
   * The namespaces whose schema here is another one than was found, with the version that is here. It may be older, newer (another
   * look of this process was faster), or of a history that the database has lost.
   */
  stale(
    wanted: ReadonlyArray<string>,
    found: Found["namespaces"]
  ): ReadonlyArray<{ readonly namespace: string; readonly seen: SchemaVersion | undefined }> {
    const stale: Array<{ readonly namespace: string; readonly seen: SchemaVersion | undefined }> = []
    for (const namespace of wanted) {
      const now = found.get(namespace)
      const seen = this.versions.get(namespace)
      if (now === undefined) this.forget(namespace)
      else if (seen === undefined || seen.token !== now.token) stale.push({ namespace, seen })
    }
    return stale
  }

  /** Takes in what is new, unless something else was learned since it was asked for: the next look finds out then. */
  learn(news: ReadonlyArray<News>): void {
    for (const { changes, namespace, seen } of news) {
      if (this.versions.get(namespace)?.token !== seen?.token) continue
      const { isComplete, name, rows, version } = changes
      this.appear(name)
      if (isComplete) this.keepOnly(namespace, rows)
      for (const row of rows) this.write(namespace, row)
      this.versions.set(namespace, version)
    }
    this.dropGone()
  }

  /** Takes in what this process has written itself, unless another look was faster. */
  wrote(changes: ReadonlyArray<Change>, bumps: Commit["bumps"], token: number): void {
    const mine = new Set(
      bumps.flatMap(([namespace, seen]) => this.versions.get(namespace)?.token === seen ? [namespace] : [])
    )
    const applied = changes.filter(({ row }) => mine.has(row.namespace))
    if (applied.length > 0) this.snapshot = Snapshot.apply(this.snapshot, applied)
    for (const namespace of mine) {
      this.versions.set(namespace, { counter: this.versions.get(namespace)!.counter + 1, token })
    }
    this.dropGone()
  }

  /** Removes the schema rows of a namespace that are not among these. */
  private keepOnly(namespace: string, rows: ReadonlyArray<SchemaRow>): void {
    const space = Snapshot.tablesOf(this.snapshot).namespaces.get(namespace)
    if (space === undefined) return
    this.forgetDamage(space)
    const stay = new Set(rows.map(({ key, root }) => `${root}\0${key}`))
    const gone: Array<Pick<SchemaRow, "key" | "root">> = []
    const look = (root: string, keys: Iterable<RowKey>): void => {
      for (const key of keys) {
        const text = StoredForm.writeKey(key)
        if (!stay.has(`${root}\0${text}`)) gone.push({ root, key: text })
      }
    }
    look("", space.classes.keys())
    for (const [root, held] of space.rows) look(root, held.keys())
    for (const row of gone) this.write(namespace, { ...row, body: undefined })
  }

  /** All rows of a namespace are read anew. */
  private forgetDamage(space: NamespaceTables): void {
    const tables = Snapshot.tablesOf(this.snapshot)
    for (const one of space.unreadable?.all() ?? []) if (one.root === securityRoot) tables.descriptorCount--
    space.unreadable = undefined
  }

  /** A namespace and what stands above it, spelled so. */
  private appear(name: string): void {
    let above: string | undefined
    for (const last of name.split("\\")) {
      const here: string = above === undefined ? last : `${above}\\${last}`
      if (above !== undefined && Snapshot.namespaceName(this.snapshot, here) === undefined) {
        this.apply(above, namespaceRoot, CimName.fold(last), Instances.make("__NAMESPACE", { Name: last }))
      }
      above = Snapshot.namespaceName(this.snapshot, here) ?? here
    }
    this.respell(name)
  }

  /** The instance that is a namespace may be spelled otherwise since: the namespace keeps the name that it was made with. */
  private respell(name: string): void {
    const folded = CimName.fold(name)
    const { namespaces } = Snapshot.tablesOf(this.snapshot)
    const space = namespaces.get(folded)
    if (space !== undefined && space.name !== name) namespaces.set(folded, new NamespaceTables(name, space))
  }

  private forget(namespace: string): void {
    const above = parentOf(namespace)
    if (above !== undefined && Snapshot.namespaceName(this.snapshot, namespace) !== undefined) {
      this.apply(above, namespaceRoot, namespace.slice(above.length + 1), undefined)
    }
    this.versions.delete(namespace)
    this.dropGone()
  }

  /** With a namespace go those below it, whoever tells of that. */
  private dropGone(): void {
    const { namespaces } = Snapshot.tablesOf(this.snapshot)
    for (const folded of namespaces.keys()) {
      for (let above = parentOf(folded); above !== undefined; above = parentOf(above)) {
        if (!namespaces.has(above)) namespaces.delete(folded)
      }
    }
    for (const namespace of this.versions.keys()) {
      if (Snapshot.namespaceName(this.snapshot, namespace) === undefined) this.versions.delete(namespace)
    }
  }

  private write(namespace: string, row: SchemaRow): void {
    const read = schemaRow({ ...row, namespace })
    if (isBroken(read)) return this.spoil(namespace, row.root, read)
    this.apply(namespace, row.root, read.key, read.object)
    const tables = Snapshot.tablesOf(this.snapshot)
    if (
      tables.namespaces.get(namespace)?.unreadable?.delete(row.root, read.key) === true && row.root === securityRoot
    ) {
      tables.descriptorCount--
    }
  }

  /** What is known of a row that cannot be read any more is forgotten. A namespace stays: its name stands elsewhere too. */
  private spoil(namespace: string, root: string, read: Broken): void {
    if (read.row !== undefined && root !== namespaceRoot) this.apply(namespace, root, read.row, undefined)
    const tables = Snapshot.tablesOf(this.snapshot)
    const space = tables.namespaces.get(namespace)
    if (space === undefined) return
    space.unreadable ??= new UnreadableRows()
    // Who may do what where a descriptor cannot be read is not known, so nobody may do anything.
    if (root === securityRoot && (read.row === undefined || !space.unreadable.has(root, read.row))) {
      tables.descriptorCount++
    }
    space.unreadable.add(root, read.row, read)
  }

  private before(namespace: string, root: string, key: string | number): WbemObject | undefined {
    const space = Snapshot.tablesOf(this.snapshot).namespaces.get(CimName.fold(namespace))
    return root === "" ? space?.classes.get(key as string) : space?.rows.get(root)?.get(key)
  }

  private apply(namespace: string, root: string, key: string | number, after: WbemObject | undefined): void {
    const before = this.before(namespace, root, key)
    if (before === undefined && after === undefined) return
    const row = { namespace: CimName.fold(namespace), root, key }
    const path = {
      server: undefined,
      namespace: Snapshot.namespaceName(this.snapshot, namespace),
      className: undefined,
      keys: [],
      singleton: false
    }
    const change: Change = after === undefined
      ? { _tag: "Delete", path, row, before: before! }
      : { _tag: "Write", path, row, before, after }
    this.snapshot = Snapshot.apply(this.snapshot, [change])
  }
}
