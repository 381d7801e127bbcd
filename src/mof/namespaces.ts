/**
 * Creates the namespaces that a text names before their first use, unless the text creates them itself.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import * as Instance from "../model/Instance.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import * as PutRequest from "../protocol/PutRequest.ts"
import type { Position } from "./errors.ts"

/** A put that creates a namespace. */
export interface NamespacePut {
  readonly _tag: "Put"
  readonly position: Position
  readonly request: PutRequest.PutRequest
  readonly createsNamespace: true
}

export class CreatedNamespaces {
  private readonly created = new Set<string>(["root"])

  /** Records a namespace that the text creates. */
  note(namespace: string, object: WbemObject): void {
    if (object._tag !== "Instance" || !CimName.equals(object.className, "__NAMESPACE")) return
    for (const [property, name] of Object.entries(object.values)) {
      if (CimName.equals(property, "Name") && typeof name === "string") {
        this.created.add(CimName.fold(`${namespace}\\${name}`))
      }
    }
  }

  /** The puts that create a namespace and the missing namespaces above it, topmost first. */
  *before(namespace: string, position: Position): Generator<NamespacePut> {
    // A namespace with the name of a computer is refused by the put of its object.
    if (namespace.startsWith("\\")) return
    const folded = CimName.fold(namespace)
    // The namespaces above a created one are created too. Folding keeps the length of a text.
    const missing: Array<number> = []
    for (
      let end = folded.length;
      end > 0 && !this.created.has(folded.slice(0, end));
      end = folded.lastIndexOf("\\", end - 1)
    ) {
      missing.push(end)
    }
    for (const end of missing.reverse()) {
      this.created.add(folded.slice(0, end))
      const parent = namespace.lastIndexOf("\\", end - 1)
      // The topmost namespace exists, or nothing can create it.
      if (parent < 0) continue
      const request = PutRequest.make(Instance.make("__NAMESPACE", { Name: namespace.slice(parent + 1, end) }), {
        namespace: namespace.slice(0, parent)
      })
      yield { _tag: "Put", position, request, createsNamespace: true }
    }
  }
}
