/**
 * The classes that give values their types: those of the files that were read and those of the target namespaces.
 *
 * @internal
 */
import * as CimName from "../../model/CimName.ts"
import { systemDefinitions } from "../../model/systemDefinitions.ts"
import type { ClassDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import type * as Mof from "../../mof/Mof.ts"

/** The classes of namespaces in a store, by folded namespace and class name. */
export type StoredClasses = ReadonlyMap<string, ReadonlyMap<string, ClassDefinition>>

/** A class and the namespace where it was looked up. */
export interface ClassName {
  readonly namespace: string
  readonly name: string
}

/** The properties of a class and of the classes above it, by folded name. */
interface ClassProperties {
  readonly byName: ReadonlyMap<string, PropertyDefinition>
  /** Whether every class above is known. */
  readonly isWhole: boolean
}

/** More classes than a hierarchy has; a text may declare classes that derive from each other. */
const mostLevels = 1000

let system: ReadonlyMap<string, ClassDefinition> | undefined

/** A system class, by folded name. */
const systemClass = (folded: string): ClassDefinition | undefined =>
  (system ??= new Map(systemDefinitions((one) => one).map((one) => [CimName.fold(one.name), one as ClassDefinition])))
    .get(folded)

/**
 * The classes of the files that were read and of the target namespaces. They give the values of instances in later files their types.
 */
export class KnownClasses {
  private readonly byName = new Map<string, ClassDefinition>()
  private readonly stored: StoredClasses
  private readonly missing = new Map<string, ClassName>()
  private readonly properties = new Map<string, ClassProperties | undefined>()

  constructor(stored: StoredClasses = new Map()) {
    this.stored = stored
  }

  readonly of = (name: string, namespace: string): ClassDefinition | undefined => {
    const folded = CimName.fold(name)
    const within = CimName.fold(namespace)
    const known = this.byName.get(`${within}:${folded}`) ?? this.stored.get(within)?.get(folded)
    if (known !== undefined) return known
    if (!CimName.isSystemName(name)) this.missing.set(`${within}:${folded}`, { namespace, name })
    return this.byName.get(folded)
  }

  /** The names of all these classes. */
  get names(): ReadonlySet<string> {
    const names = new Set<string>()
    for (const { name } of this.byName.values()) names.add(name)
    for (const classes of this.stored.values()) for (const { name } of classes.values()) names.add(name)
    return names
  }

  /** The properties of a class, system classes included; `undefined` if the class is not known. */
  propertiesOf(name: string, namespace: string): ClassProperties | undefined {
    const key = CimName.fold(`${namespace}:${name}`)
    if (this.properties.has(key)) return this.properties.get(key)
    const byName = new Map<string, PropertyDefinition>()
    let at: string | undefined = name
    let isKnown = false
    for (let level = 0; at !== undefined && level < mostLevels; level++) {
      const definition: ClassDefinition | undefined = this.of(at, namespace) ?? systemClass(CimName.fold(at))
      if (definition === undefined) break
      isKnown = true
      for (const property of definition.properties) {
        const folded = CimName.fold(property.name)
        if (!byName.has(folded)) byName.set(folded, property)
      }
      at = definition.superclass
    }
    const found = isKnown ? { byName, isWhole: at === undefined } : undefined
    this.properties.set(key, found)
    return found
  }

  /** The classes that were looked up and that no file declares. */
  get missingClasses(): ReadonlyArray<ClassName> {
    return [...this.missing.values()]
  }

  add(operations: ReadonlyArray<Mof.MofOperation>): void {
    for (const operation of operations) {
      if (operation._tag !== "Put" || operation.request.object._tag !== "Class") continue
      const { namespace, object } = operation.request
      const folded = CimName.fold(object.name)
      this.byName.set(folded, object)
      if (namespace !== undefined) this.byName.set(`${CimName.fold(namespace)}:${folded}`, object)
      this.properties.clear()
    }
  }
}
