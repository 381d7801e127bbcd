/**
 * `SWbemMethodSet`: the method declarations of a class, for reading; methods cannot be executed. Parameters are objects of the class
 * `__PARAMETERS`. They are copies: changing one does not change the class (`object-model` 8).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import { refusal, requireZeroFlags } from "./refusal.ts"
import { type QualifierOwner, SWbemQualifierSet } from "./SWbemQualifierSet.ts"

const source = "SWbemMethodSet"

/**
 * A method of an object at the time of reading.
 *
 * @since 0.1.0
 * @category models
 */
export interface MethodState extends MethodDefinition {
  /** The class that introduced the method. */
  readonly origin: string
  readonly qualifierOwner: QualifierOwner
}

/**
 * What an `SWbemMethodSet` reads: a class or instance in the form of the scripting library, with the methods that its class declares.
 *
 * @since 0.1.0
 * @category models
 */
export interface MethodOwner<A> {
  /** The methods in the order of their declaration, inherited methods first (`object-model` 8). */
  readonly methods: () => ReadonlyArray<MethodState>
  /** Makes the script object of a `__PARAMETERS` class. */
  readonly parametersObject: (definition: ClassDefinition.ClassDefinition) => A
}

/** The flavour of `ID`: propagated to instances, not overridable (`qualifiers` 2). */
const idFlavor: number = Qualifier.Flavor.ToInstance | Qualifier.Flavor.DisableOverride

/** `In` and `Out` have no flavours, whatever the declaration says; `ID` always has `idFlavor` (`qualifiers` 2). */
const flavored = (qualifier: Qualifier.Qualifier): Qualifier.Qualifier =>
  CimName.equals(qualifier.name, "in") || CimName.equals(qualifier.name, "out")
    ? { ...qualifier, flavor: 0 }
    : CimName.equals(qualifier.name, "id")
    ? { ...qualifier, flavor: idFlavor }
    : qualifier

/** The qualifiers of a parameter. `In` and `Out` are put first and `ID` last, unless the declaration has them. */
const parameterQualifiers = (
  { direction, id, qualifiers }: ParameterDefinition
): ReadonlyArray<Qualifier.Qualifier> => {
  const implied = (name: string, isImplied: boolean): ReadonlyArray<Qualifier.Qualifier> =>
    isImplied && !Qualifier.has(qualifiers, name) ? [Qualifier.make(name)] : []
  const ids = id === undefined || Qualifier.has(qualifiers, "ID") ? [] : [Qualifier.make("ID", id)]
  return Object.freeze(
    [...implied("In", direction !== "out"), ...implied("Out", direction !== "in"), ...qualifiers, ...ids].map(flavored)
  )
}

/** A parameter as a property of the `__PARAMETERS` class; its default is the property's value (`object-model` 8). */
const parameter = (definition: ParameterDefinition): PropertyDefinition => {
  const { className, isArray, name, type, value, word } = definition
  return Property.named(name, {
    type,
    isArray,
    className,
    ...(word === undefined ? {} : { word }),
    value,
    qualifiers: parameterQualifiers(definition)
  })
}

/** The return value as a property: it has no `ID`, and `out` without a flavour (`object-model` 8). */
const returnValue = (type: string): PropertyDefinition =>
  Property.named("ReturnValue", Property.make(type, { qualifiers: { out: true } }))

/**
 * One method of a set.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemMethod<A> {
  /** The name, spelled as it was declared. */
  readonly name: string
  private readonly owner: MethodOwner<A>

  /** The set of methods constructs its elements. */
  constructor(owner: MethodOwner<A>, name: string) {
    this.owner = owner
    this.name = name
  }

  /** The method as the class has it now; fails with `NotFound` once it was removed. */
  private get current(): MethodState {
    const method = CimName.find(this.owner.methods(), this.name)
    if (method === undefined) throw refusal("NotFound", "SWbemMethod", `there is no method ${this.name}`)
    return method
  }

  /** An object with the parameters as properties; `null` when there are none. */
  private parameters(properties: ReadonlyArray<PropertyDefinition>): A | null {
    return properties.length === 0 ? null : this.owner.parametersObject(
      ClassDefinition.make("__PARAMETERS", properties, { qualifiers: { abstract: true } })
    )
  }

  /** The name of the class that introduced the method. */
  get origin(): string {
    return this.current.origin
  }

  /** The input parameters; `null` (a script's `Nothing`) when the method has none. */
  get inParameters(): A | null {
    return this.parameters(this.current.parameters.filter(({ direction }) => direction !== "out").map(parameter))
  }

  /** The output parameters, with `ReturnValue` unless the method is void; `null` when there are none. */
  get outParameters(): A | null {
    const { parameters, returns, returnsWord } = this.current
    const out = parameters.filter(({ direction }) => direction !== "in").map(parameter)
    return this.parameters(returns === "void" ? out : [...out, returnValue(returnsWord ?? returns)])
  }

  /** The qualifiers of the method. */
  get qualifiers_(): SWbemQualifierSet {
    return new SWbemQualifierSet(this.current.qualifierOwner)
  }
}

/**
 * The methods of an object, in the order of the declarations, inherited methods first.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemMethodSet<A> implements Iterable<SWbemMethod<A>> {
  private readonly owner: MethodOwner<A>

  /** The object constructs its set of methods. */
  constructor(owner: MethodOwner<A>) {
    this.owner = owner
  }

  /** `Item`, the default method. */
  item(strName: string, iFlags: number = 0): SWbemMethod<A> {
    requireZeroFlags(iFlags, source)
    const method = CimName.find(this.owner.methods(), strName)
    if (method === undefined) throw refusal("NotFound", source, `there is no method ${strName}`)
    return new SWbemMethod(this.owner, method.name)
  }

  /** The number of methods. */
  get count(): number {
    return this.owner.methods().length
  }

  /** The methods in their order. */
  *[Symbol.iterator](): Iterator<SWbemMethod<A>> {
    for (const { name } of this.owner.methods()) yield new SWbemMethod(this.owner, name)
  }
}
