/**
 * Decodes the rows of a database. A row that cannot be decoded is `Unreadable`: it names its address and the problem, and does not
 * keep the other rows from being read.
 *
 * @internal
 */
import type { Unreadable } from "../engine/state/unreadableRows.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import { namespaceRoot, type RowKey } from "../engine/state/namespaceTables.ts"
import * as CimName from "../model/CimName.ts"
import type { ClassDefinition, Instance, WbemObject } from "../model/WbemObject.ts"
import { isWbemError } from "../protocol/WbemError.ts"
import type { Damaged } from "./rowDatabase.ts"
import { wbemError } from "./sql/failures.ts"
import { StoreFailure } from "../emulator/StoreFailure.ts"
import * as StoredObject from "../codec/storedObject.ts"

/** A row as it is stored. */
export interface Stored {
  readonly namespace: string
  readonly root: string
  readonly key: string
  readonly body: string | undefined
  /** The damage of its columns, if there is any. */
  readonly damage?: string | undefined
}

/** A row that cannot be read; `row` is its key as a value, if the key can be read. */
export interface Broken extends Unreadable {
  readonly row: RowKey | undefined
}

// Control characters, the C1 block, characters that turn or hide text, and lone surrogates.
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Most characters of a name in a message. */
const maxNameLength = 200

/** Text of a database for a message: without characters that a terminal or a log would act on. */
const printable = (text: string): string => {
  const short = text.length > maxNameLength ? `${text.slice(0, maxNameLength)}...` : text
  return short.replace(unprintable, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

const addressOf = (namespace: string, root: string | undefined, key: string | undefined): string => {
  const space = `namespace ${printable(namespace)}`
  if (root === undefined) return space
  const last = printable(key ?? "")
  return root === "" ? `${space}, class ${last}` : `${space}, key root ${printable(root)}, key ${last}`
}

/** A row that cannot be read; `row` is its key as a value. Without a root it is a namespace. */
export const broken = (
  { key, namespace, root, text }: Pick<Unreadable, "namespace" | "root" | "key" | "text">,
  problem: string,
  row?: RowKey
): Broken => {
  const detail = `${addressOf(namespace, root, key)}: ${problem}`
  return {
    namespace,
    root,
    key,
    text,
    problem,
    row,
    error: wbemError(new StoreFailure({ reason: "Corrupt", detail }), false)
  }
}

/** Whether a decoded row is one that cannot be read. */
export const isBroken = (read: object): read is Broken => "problem" in read

/** The key of a row as a value; `undefined` when it cannot be read. */
const keyOf = (text: string): RowKey | undefined => {
  try {
    return StoredObject.readKey(text)
  } catch {
    return undefined // the error of the row names the problem
  }
}

/** The row of a thrown {@link StoredObject.MalformedObject}; any other error is thrown again. */
const brokenBy = (stored: Stored, error: unknown): Broken => {
  if (!(error instanceof StoredObject.MalformedObject)) throw error
  return broken({ ...stored, text: stored.body }, error.message, keyOf(stored.key))
}

/** The namespaces that cannot be read. */
export const brokenNamespaces = ({ damaged }: { readonly damaged?: Damaged | undefined }): ReadonlyArray<Broken> =>
  Array.from(
    damaged ?? [],
    ([namespace, problem]) => broken({ namespace, root: undefined, key: undefined, text: undefined }, problem)
  )

const checkColumns = ({ damage }: Stored): void => {
  if (damage !== undefined) throw new StoredObject.MalformedObject(damage)
}

/** An instance with its address. */
export interface LoadedRow {
  readonly namespace: string
  readonly root: string
  readonly key: RowKey
  readonly instance: Instance
}

/**
 * Throws when the class of an instance does not exist, or has its instances in another key root. An instance below a class that cannot
 * be read passes, unless the schema has to be `whole`: a decision that reads the instance also reads that class.
 */
const belongs = (
  schema: Snapshot.Snapshot,
  { namespace, root }: Stored,
  { className }: Instance,
  whole: boolean
): void => {
  let resolvedClass
  try {
    resolvedClass = Snapshot.resolvedClass(schema, namespace, className)
  } catch (error) {
    if (!isWbemError(error)) throw error
    if (whole) throw new StoredObject.MalformedObject("its class cannot be read")
    return
  }
  if (resolvedClass === undefined) throw new StoredObject.MalformedObject("its class is not there")
  if (resolvedClass.root !== root) throw new StoredObject.MalformedObject("its class has no instances in that key root")
}

/** Decodes an instance row, over the schema of its namespace as of the same moment. */
export const instanceRow = (
  schema: Snapshot.Snapshot,
  stored: Stored & { readonly body: string },
  { whole = false }: { readonly whole?: boolean } = {}
): LoadedRow | Broken => {
  try {
    checkColumns(stored)
    const instance = StoredObject.readInstance(stored.body)
    belongs(schema, stored, instance, whole)
    return { namespace: stored.namespace, root: stored.root, key: StoredObject.readKey(stored.key), instance }
  } catch (error) {
    return brokenBy(stored, error)
  }
}

/** A class, or an instance of a system class, with its key. */
export interface SchemaObject {
  readonly key: RowKey
  /** `undefined` for a deleted one. */
  readonly object: WbemObject | undefined
}

const schemaIn = (root: string, key: RowKey, body: string): ClassDefinition | Instance => {
  if (root !== "") {
    const instance = StoredObject.readInstance(body)
    if (root === namespaceRoot && !CimName.equals(String(instance.values["Name"]), String(key))) {
      throw new StoredObject.MalformedObject("its name is not that of its key")
    }
    return instance
  }
  const definition = StoredObject.readClass(body)
  if (!CimName.equals(definition.name, String(key))) {
    throw new StoredObject.MalformedObject("its name is not that of its key")
  }
  return definition
}

/** Decodes a schema row. */
export const schemaRow = (stored: Stored): SchemaObject | Broken => {
  try {
    checkColumns(stored)
    const key = StoredObject.readKey(stored.key)
    return { key, object: stored.body === undefined ? undefined : schemaIn(stored.root, key, stored.body) }
  } catch (error) {
    return brokenBy(stored, error)
  }
}
