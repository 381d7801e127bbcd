/**
 * Reads a dump of form 1. Inheritance is only known when the whole dump was read, so the objects are kept until then
 * and migrated to form 2 together (`formTwoMigration`).
 *
 * @internal
 */
import * as ObjectPath from "../../model/ObjectPath.ts"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import { isSystemRoot, namespaceRoot } from "../../engine/state/namespaceTables.ts"
import type { Instance, WbemObject } from "../../model/WbemObject.ts"
import type { Change } from "../../protocol/Change.ts"
import { InvalidClass, InvalidNamespace } from "../../protocol/WbemError.ts"
import * as FormTwoMigration from "./formTwoMigration.ts"
import * as StoredObject from "../storedObject.ts"

/** A root and a key that no stored row has. A dump does not contain the keys of its instances. */
const unknownKey = "\u0002"

export class FormOneDump {
  /** Namespace names by folded name. */
  private readonly names = new Map([["root", "root"]])
  private readonly classes = new Map<string, Set<string>>()
  private readonly schema: Array<FormTwoMigration.StoredRow> = []
  private readonly instances: Array<FormTwoMigration.StoredRow> = []

  /** Adds an object of the dump. Throws `InvalidNamespace` or `InvalidClass` when its namespace or class is missing. */
  add(namespace: string, object: WbemObject): void {
    const folded = FormTwoMigration.foldOfFormOne(namespace)
    const name = this.names.get(folded)
    if (name === undefined) throw new InvalidNamespace({ namespace })
    const body = StoredObject.write(object)
    if (object._tag === "Class") {
      const key = FormTwoMigration.foldOfFormOne(object.name)
      const known = this.classes.get(folded)
      if (known === undefined) this.classes.set(folded, new Set([key]))
      else known.add(key)
      this.schema.push({ namespace: folded, root: "", key: StoredObject.writeKey(key), body })
      return
    }
    const root = FormTwoMigration.foldOfFormOne(object.className)
    if (!isSystemRoot(root) && this.classes.get(folded)?.has(root) !== true) {
      throw new InvalidClass({ className: object.className })
    }
    if (root === namespaceRoot) this.addNamespace(name, folded, object, body)
    else this.instances.push({ namespace: folded, root: unknownKey, key: StoredObject.writeKey(unknownKey), body })
  }

  private addNamespace(above: string, folded: string, { values }: Instance, body: string): void {
    const last = values["Name"]
    if (typeof last !== "string") throw new InvalidNamespace({ namespace: above })
    const child = FormTwoMigration.foldOfFormOne(last)
    this.names.set(`${folded}\\${child}`, `${above}\\${last}`)
    this.schema.push({ namespace: folded, root: namespaceRoot, key: StoredObject.writeKey(child), body })
  }

  /** The state of the dump. `bare` is a state with only the namespace `root`. */
  end(bare: Snapshot.Snapshot): Snapshot.Snapshot {
    const namespaces = Array.from(this.names, ([folded, name]) => ({ folded, name }))
    const migration = FormTwoMigration.make(namespaces, this.schema)
    const targets = [
      ...migration.schema,
      ...this.instances.flatMap((row) => {
        const target = migration.instance(row)
        if (target === undefined) return []
        return migration.isSameIdentity(row) ? { ...target, from: target.to } : target
      })
    ]
    const nameOf = new Map(migration.namespaces.map(({ name, to }) => [to, name]))
    const changes = migration.assignKeys(targets, () => undefined).map(({ body, to }): Change => ({
      _tag: "Write",
      path: ObjectPath.make({ namespace: nameOf.get(to.namespace) }),
      row: { ...to, key: StoredObject.readKey(to.key) },
      before: undefined,
      after: StoredObject.read(body)
    }))
    // A namespace is written before its contents, and a class before its instances.
    const depth = ({ row }: Change): number => row.namespace.split("\\").length
    const kind = ({ row }: Change): number => row.root === namespaceRoot ? 0 : row.root === "" ? 1 : 2
    const ordered = [
      ...changes.filter((one) => kind(one) === 0).sort((a, b) => depth(a) - depth(b)),
      ...changes.filter((one) => kind(one) === 1),
      ...changes.filter((one) => kind(one) === 2)
    ]
    return Snapshot.apply(bare, ordered)
  }
}
