/**
 * The schema of the namespaces that a store process works in, with the versions that it was read at.
 *
 * @internal
 */
import { Damage } from "../engine/damage.ts"
import * as Snapshot from "../engine/Snapshot.ts"
import { namespaceRoot, securityRoot, Space } from "../engine/tables.ts"
import * as CimName from "../model/CimName.ts"
import * as Instances from "../model/Instance.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Change } from "../protocol/Change.ts"
import type { Found, SchemaRow } from "./storeBackend.ts"
import { type Broken, isBroken, schemaRow } from "./storedRows.ts"

/** What is new of the schema of a namespace. */
export interface News {
  readonly namespace: string
  /** The version after which it was asked. */
  readonly since: number
  readonly rows: ReadonlyArray<SchemaRow>
}

const parentOf = (folded: string): string | undefined => {
  const at = folded.lastIndexOf("\\")
  return at < 0 ? undefined : folded.slice(0, at)
}

export class SchemaCache {
  snapshot: Snapshot.Snapshot = Snapshot.empty()
  /** By folded namespace. */
  private readonly versions: Map<string, number> = new Map()

  /** Whether the schema of a namespace is here, as it was at some moment. */
  knows(namespace: string): boolean {
    return this.versions.has(namespace)
  }

  version(namespace: string): number | undefined {
    return this.versions.get(namespace)
  }

  /** Which of the namespaces that were looked for are not here as they are now, and since when. */
  stale(
    wanted: ReadonlyArray<string>,
    found: Found["namespaces"]
  ): ReadonlyArray<{ readonly namespace: string; readonly since: number }> {
    const stale: Array<{ readonly namespace: string; readonly since: number }> = []
    for (const namespace of wanted) {
      const now = found.get(namespace)
      const known = this.versions.get(namespace)
      if (now === undefined) this.forget(namespace)
      else if (known === undefined || known < now.version) stale.push({ namespace, since: known ?? 0 })
    }
    return stale
  }

  /** Which of the namespaces are here as they were not yet when these versions were found. */
  ahead(wanted: ReadonlyArray<string>, found: Found["namespaces"]): ReadonlyArray<string> {
    return wanted.filter((namespace) => {
      const now = found.get(namespace)
      return now !== undefined && (this.versions.get(namespace) ?? 0) > now.version
    })
  }

  /** Forgets what is known of some namespaces. */
  drop(namespaces: ReadonlyArray<string>): void {
    for (const namespace of namespaces) {
      if (parentOf(namespace) !== undefined) this.forget(namespace)
      else { // the root, and with it everything
        this.snapshot = Snapshot.empty()
        this.versions.clear()
      }
    }
    this.dropGone()
  }

  /** Takes in what is new, unless something else was learned since it was asked for: the next look finds out then. */
  learn(found: Found["namespaces"], news: ReadonlyArray<News>): void {
    for (const { namespace, rows, since } of news) {
      if ((this.versions.get(namespace) ?? 0) !== since) continue
      const { name, version } = found.get(namespace)!
      this.appear(name)
      for (const row of rows) this.write(namespace, row)
      // A row may be newer than the look that told of it; then the next look finds nothing more.
      this.versions.set(
        namespace,
        rows.reduce((newest, row) => row.damage === undefined ? Math.max(newest, row.version) : newest, version)
      )
    }
    this.dropGone()
  }

  /** Takes in what this process has written itself, unless somebody's look was faster. */
  wrote(changes: ReadonlyArray<Change>, versions: ReadonlyMap<string, number>): void {
    const mine = changes.filter(({ row }) => {
      const version = versions.get(row.namespace)
      return version !== undefined && this.versions.get(row.namespace) === version - 1
    })
    if (mine.length > 0) this.snapshot = Snapshot.apply(this.snapshot, mine)
    for (const [namespace, version] of versions) {
      if (this.versions.get(namespace) === version - 1) this.versions.set(namespace, version)
    }
    this.dropGone()
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
    const { spaces } = Snapshot.tablesOf(this.snapshot)
    const space = spaces.get(folded)
    if (space !== undefined && space.name !== name) spaces.set(folded, new Space(name, space))
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
    const { spaces } = Snapshot.tablesOf(this.snapshot)
    for (const folded of spaces.keys()) {
      for (let above = parentOf(folded); above !== undefined; above = parentOf(above)) {
        if (!spaces.has(above)) spaces.delete(folded)
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
    if (tables.spaces.get(namespace)?.damage?.mended(row.root, read.key) === true && row.root === securityRoot) {
      tables.secured--
    }
  }

  /** What is known of a row that cannot be read any more is forgotten. A namespace stays: its name stands elsewhere too. */
  private spoil(namespace: string, root: string, read: Broken): void {
    if (read.row !== undefined && root !== namespaceRoot) this.apply(namespace, root, read.row, undefined)
    const tables = Snapshot.tablesOf(this.snapshot)
    const space = tables.spaces.get(namespace)
    if (space === undefined) return
    space.damage ??= new Damage()
    // Who may do what where a descriptor cannot be read is not known, so nobody may do anything.
    if (root === securityRoot && (read.row === undefined || !space.damage.has(root, read.row))) tables.secured++
    space.damage.add(root, read.row, read)
  }

  private before(namespace: string, root: string, key: string | number): WbemObject | undefined {
    const space = Snapshot.tablesOf(this.snapshot).spaces.get(CimName.fold(namespace))
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
