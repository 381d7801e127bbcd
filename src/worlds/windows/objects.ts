/** The classes and instances of the world, as data, in an order in which each can be put. */
import * as CimName from "../../model/CimName.ts"
import type { Instance } from "../../model/WbemObject.ts"
import { readClasses, type TableClass } from "../classNotation.ts"
import { instances } from "../computer/instances.ts"
import { schema } from "./schema.ts"

/** What a namespace holds. */
export interface Contents {
  readonly namespace: string
  readonly classes: ReadonlyMap<string, TableClass>
  readonly instances: ReadonlyArray<Instance>
}

/** The classes and instances of each namespace that has any. With `dynamic` the instances of dynamic classes are left out. */
export const objects = (dynamic: boolean): ReadonlyArray<Contents> => {
  const all = new Map(instances())
  return schema.map(([namespace, tables]) => {
    const classes = readClasses(tables, { dynamic })
    const own = all.get(namespace) ?? []
    return {
      namespace,
      classes,
      instances: dynamic ? own.filter(({ className }) => classes.get(CimName.fold(className))?.isDynamic !== true) : own
    }
  })
}
