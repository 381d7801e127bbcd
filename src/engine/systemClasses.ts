/**
 * The system classes that every namespace holds (`object-model` 12), with what they inherit. They are one shared table: nobody
 * may create, change or delete them, so no namespace needs a copy.
 *
 * @internal
 */
import { systemDefinitions } from "../model/systemDefinitions.ts"
import * as Lineage from "./Lineage.ts"

let made: ReadonlyMap<string, Lineage.Lineage> | undefined

/** Lineages of the system classes by folded name, made when first asked for. */
export const systemClasses = (): ReadonlyMap<string, Lineage.Lineage> =>
  made ??= new Map(systemDefinitions(Lineage.make).map((lineage) => [lineage.folded, lineage]))
