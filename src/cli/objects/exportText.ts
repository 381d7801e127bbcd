/**
 * The contents of namespaces as MOF, and as lines of JSON in the form of `put`.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as CimName from "../../model/CimName.ts"
import * as Instance from "../../model/Instance.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import type { Exported, NamespaceContents } from "./contents.ts"
import { pathIn } from "./schema.ts"
import { mofOf, objectJson } from "./objectText.ts"

/** The text in pieces, and the objects that it cannot express. */
export interface Written {
  readonly chunks: ReadonlyArray<string>
  readonly faults: ReadonlyArray<
    { readonly kind: WbemObject["_tag"]; readonly path: string; readonly reason: string }
  >
}

/** The instances of `__NAMESPACE` that make the namespaces, and those above them, parents first. `root` exists everywhere. */
const creations = ({ namespaces }: Exported): ReadonlyArray<readonly [parent: string, instance: WbemObject]> => {
  const made = new Set<string>()
  const found: Array<readonly [string, WbemObject]> = []
  for (const { namespace } of namespaces) {
    const names = namespace.split("\\")
    for (let i = 1; i < names.length; i++) {
      const folded = CimName.fold(names.slice(0, i + 1).join("\\"))
      if (made.has(folded)) continue
      made.add(folded)
      found.push([names.slice(0, i).join("\\"), Instance.make("__NAMESPACE", { Name: names[i]! })])
    }
  }
  return found
}

interface Form {
  /** The text in front of the objects of a namespace. */
  readonly begin: (namespace: string) => string
  readonly object: (
    object: WbemObject,
    namespace: string,
    contents?: NamespaceContents
  ) => Either.Either<string, string>
}

const written = (exported: Exported, { begin, object }: Form): Written => {
  const chunks: Array<string> = []
  const faults: Array<Written["faults"][number]> = []
  let current: string | undefined
  const add = (one: WbemObject, namespace: string, contents?: NamespaceContents): void => {
    const text = object(one, namespace, contents)
    if (Either.isLeft(text)) {
      faults.push({
        kind: one._tag,
        path: contents === undefined ? namespace : ObjectPath.format(pathIn(contents.schema, one)),
        reason: text.left
      })
      return
    }
    chunks.push(namespace === current ? text.right : begin(namespace) + text.right)
    current = namespace
  }
  for (const [parent, instance] of creations(exported)) add(instance, parent)
  for (const contents of exported.namespaces) {
    for (const one of [...contents.classes, ...contents.instances]) add(one, contents.namespace, contents)
  }
  return { chunks, faults }
}

/** The contents as MOF. */
export const mofText = (exported: Exported): Written =>
  written(exported, {
    begin: (namespace) => `#pragma namespace(${JSON.stringify(`\\\\.\\${namespace}`)})\n\n`,
    object: (one, _, contents) => Either.map(mofOf(one, { classOf: contents?.schema.classOf }), (text) => `${text}\n`)
  })

/** The contents as lines of JSON. */
export const jsonText = (exported: Exported): Written =>
  written(exported, {
    begin: () => "",
    object: (one, namespace) => Either.map(objectJson(one, namespace), (json) => `${JSON.stringify(json)}\n`)
  })
