/**
 * The system classes that every namespace holds (`object-model` 12), with what they inherit. They are one shared table: nobody
 * may create, change or delete them, so no namespace needs a copy.
 *
 * @internal
 */
import * as CimName from "../model/CimName.ts"
import { systemDefinitions } from "../model/systemDefinitions.ts"
import * as Lineage from "./Lineage.ts"

const none: ReadonlyArray<string> = /* @__PURE__ */ Object.freeze([])

let made: ReadonlyMap<string, Lineage.Lineage> | undefined

/** Lineages of the system classes by folded name, made when first asked for. */
export const systemClasses = (): ReadonlyMap<string, Lineage.Lineage> =>
  made ??= new Map(systemDefinitions(Lineage.make).map((lineage) => [lineage.folded, lineage]))

let below: ReadonlyMap<string, ReadonlyArray<string>> | undefined

/** Folded names of the system classes directly below a class, by its folded name. */
export const systemChildren = (folded: string): ReadonlyArray<string> => {
  if (!CimName.isSystemName(folded)) return none
  if (below === undefined) {
    const names = new Map<string, Array<string>>(Array.from(systemClasses().keys(), (name) => [name, []]))
    for (const { folded, parent } of systemClasses().values()) {
      if (parent !== undefined) names.get(parent.folded)!.push(folded)
    }
    below = names
  }
  return below.get(folded) ?? none
}
