/**
 * The namespaces that a text names, put before their first use unless the text makes them itself.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { Position } from "./faults.ts"

/** A put that makes a namespace. */
export interface NamespacePut {
  readonly _tag: "Put"
  readonly position: Position
  readonly request: PutRequest.PutRequest
  readonly createsNamespace: true
}

export class MadeNamespaces {
  private readonly made = new Set<string>(["root"])

  /** Notes a namespace that the text makes itself. */
  note(namespace: string, object: WbemObject): void {
    if (object._tag !== "Instance" || !CimName.equals(object.className, "__NAMESPACE")) return
    for (const [property, name] of Object.entries(object.values)) {
      if (CimName.equals(property, "Name") && typeof name === "string") {
        this.made.add(CimName.fold(`${namespace}\\${name}`))
      }
    }
  }

  /** The puts that a declaration of a namespace needs first; the topmost namespace comes first. */
  *before(namespace: string, position: Position): Generator<NamespacePut> {
    const names = namespace.split("\\")
    for (let depth = 2; depth <= names.length; depth++) {
      const full = CimName.fold(names.slice(0, depth).join("\\"))
      if (this.made.has(full)) continue
      this.made.add(full)
      const request = PutRequest.make(Instance.make("__NAMESPACE", { Name: names[depth - 1]! }), {
        namespace: names.slice(0, depth - 1).join("\\")
      })
      yield { _tag: "Put", position, request, createsNamespace: true }
    }
  }
}
