/**
 * The schema cache of a store: the classes and system instances of each namespace that the store has read, with the version of the
 * namespace at that time. A transaction compares the version with the stored one and applies what changed.
 *
 * @internal
 */
import * as ObjectPath from "../model/ObjectPath.ts"
import { UnreadableRows } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { namespaceRoot, NamespaceTables, type RowKey, securityRoot } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import * as Instances from "../model/Instance.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { Loaded, SchemaChanges, SchemaRow, SchemaVersion, WriteSet } from "./rowDatabase.ts"
import { type Broken, isBroken, schemaRow } from "./storedRows.ts"
import * as StoredObject from "../codec/storedObject.ts"

/** Changes of the schema of a namespace, and the version that was cached when they were read. */
export interface SchemaUpdate {
  readonly namespace: string
  readonly readVersion: SchemaVersion | undefined
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

  /** Whether the schema of a namespace is cached. */
  has(namespace: string): boolean {
    return this.versions.has(namespace)
  }

  token(namespace: string): number | undefined {
    return this.versions.get(namespace)?.token
  }

  /**
   * The namespaces whose cached schema differs from the loaded one, with the cached version. That may be older, newer (another
   * read of this process was faster), or of a history that the database has lost.
   */
  stale(
    namespaces: ReadonlyArray<string>,
    loaded: Loaded["namespaces"]
  ): ReadonlyArray<{ readonly namespace: string; readonly readVersion: SchemaVersion | undefined }> {
    const stale: Array<{ readonly namespace: string; readonly readVersion: SchemaVersion | undefined }> = []
    for (const namespace of namespaces) {
      const now = loaded.get(namespace)
      const readVersion = this.versions.get(namespace)
      if (now === undefined) this.forget(namespace)
      else if (readVersion === undefined || readVersion.token !== now.token) stale.push({ namespace, readVersion })
    }
    return stale
  }

  /** Applies changes, unless the cache has changed since they were read: then the next read finds the difference. */
  update(updates: ReadonlyArray<SchemaUpdate>): void {
    for (const { changes, namespace, readVersion } of updates) {
      if (this.versions.get(namespace)?.token !== readVersion?.token) continue
      const { isComplete, name, rows, version } = changes
      this.addNamespace(name)
      if (isComplete) this.keepOnly(namespace, rows)
      for (const row of rows) this.write(namespace, row)
      this.versions.set(namespace, version)
    }
    this.dropOrphans()
  }

  /** Applies what this process has written, unless another read was faster. */
  wrote(changes: ReadonlyArray<Change>, versionIncrements: WriteSet["versionIncrements"], token: number): void {
    const mine = new Set(
      versionIncrements.flatMap(([namespace, readVersion]) =>
        this.versions.get(namespace)?.token === readVersion ? [namespace] : []
      )
    )
    const applied = changes.filter(({ row }) => mine.has(row.namespace))
    if (applied.length > 0) this.snapshot = Snapshot.apply(this.snapshot, applied)
    for (const namespace of mine) {
      this.versions.set(namespace, { counter: this.versions.get(namespace)!.counter + 1, token })
    }
    this.dropOrphans()
  }

  /** Removes the schema rows of a namespace that are not among these. */
  private keepOnly(namespace: string, current: ReadonlyArray<SchemaRow>): void {
    const space = Snapshot.tablesOf(this.snapshot).namespaces.get(namespace)
    if (space === undefined) return
    this.forgetDamage(space)
    const present = new Set(current.map(({ key, root }) => `${root}\0${key}`))
    const deleted: Array<Pick<SchemaRow, "key" | "root">> = []
    const compare = (root: string, keys: Iterable<RowKey>): void => {
      for (const key of keys) {
        const text = StoredObject.writeKey(key)
        if (!present.has(`${root}\0${text}`)) deleted.push({ root, key: text })
      }
    }
    compare("", space.classes.keys())
    for (const [root, rows] of space.rows) compare(root, rows.keys())
    for (const row of deleted) this.write(namespace, { ...row, body: undefined })
  }

  /** For a namespace whose rows are all read again. */
  private forgetDamage(space: NamespaceTables): void {
    const tables = Snapshot.tablesOf(this.snapshot)
    for (const one of space.unreadable?.all() ?? []) if (one.root === securityRoot) tables.descriptorCount--
    space.unreadable = undefined
  }

  /** Adds a namespace and its ancestors in this spelling. */
  private addNamespace(name: string): void {
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

  /** The instance that represents a namespace may have another spelling since: the namespace keeps the name it was created with. */
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
    this.dropOrphans()
  }

  /** Removes the namespaces below a deleted one. */
  private dropOrphans(): void {
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
    if (isBroken(read)) return this.addDamage(namespace, row.root, read)
    this.apply(namespace, row.root, read.key, read.object)
    const tables = Snapshot.tablesOf(this.snapshot)
    if (
      tables.namespaces.get(namespace)?.unreadable?.delete(row.root, read.key) === true && row.root === securityRoot
    ) {
      tables.descriptorCount--
    }
  }

  /** Removes a row that cannot be read any more. A namespace stays: its name is stored elsewhere too. */
  private addDamage(namespace: string, root: string, read: Broken): void {
    if (read.row !== undefined && root !== namespaceRoot) this.apply(namespace, root, read.row, undefined)
    const tables = Snapshot.tablesOf(this.snapshot)
    const space = tables.namespaces.get(namespace)
    if (space === undefined) return
    space.unreadable ??= new UnreadableRows()
    // Without a readable security descriptor the rights are unknown, so all access is denied.
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
    const path = ObjectPath.make({ namespace: Snapshot.namespaceName(this.snapshot, namespace) })
    const change: Change = after === undefined
      ? { _tag: "Delete", path, row, before: before! }
      : { _tag: "Write", path, row, before, after }
    this.snapshot = Snapshot.apply(this.snapshot, [change])
  }
}
