/**
 * `SWbemMethodSet`: the methods of a class, to read; nothing is called here. Parameters come as objects of the class
 * `__PARAMETERS`, copies that change nothing (`object-model` 8).
 *
 * @since 0.1.0
 */
import * as CimName from "../../model/CimName.ts"
import * as ClassDefinition from "../../model/ClassDefinition.ts"
import * as Property from "../../model/Property.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import type { MethodDefinition, ParameterDefinition, PropertyDefinition } from "../../model/WbemObject.ts"
import { refusal, unlessZero } from "./refusal.ts"
import { type Carrier, SWbemQualifierSet } from "./SWbemQualifierSet.ts"

const source = "SWbemMethodSet"

/**
 * A method of an object, as it is now.
 *
 * @since 0.1.0
 * @category models
 */
export interface MethodNow extends MethodDefinition {
  /** The class that introduced it. */
  readonly origin: string
  readonly carrier: Carrier
}

/**
 * What has methods, as a set sees it.
 *
 * @since 0.1.0
 * @category models
 */
export interface MethodOwner<A> {
  /** In the order of their declaration, inherited ones first (`object-model` 8). */
  readonly methods: () => ReadonlyArray<MethodNow>
  /** A script's object for a class of parameters. */
  readonly parameters: (definition: ClassDefinition.ClassDefinition) => A
}

/** The flavour of `ID`: to instances, not overridable (`qualifiers` 2). */
const idFlavor: number = Qualifier.Flavor.ToInstance | Qualifier.Flavor.DisableOverride

/** `In` and `Out` carry no flavours, whatever was written; `ID` has its own (`qualifiers` 2). */
const flavored = (qualifier: Qualifier.Qualifier): Qualifier.Qualifier =>
  CimName.equals(qualifier.name, "in") || CimName.equals(qualifier.name, "out")
    ? { ...qualifier, flavor: 0 }
    : CimName.equals(qualifier.name, "id")
    ? { ...qualifier, flavor: idFlavor }
    : qualifier

/** The qualifiers of a parameter: its directions first, its ID last, unless they were written. */
const parameterQualifiers = (
  { direction, id, qualifiers }: ParameterDefinition
): ReadonlyArray<Qualifier.Qualifier> => {
  const missing = (name: string, holds: boolean): ReadonlyArray<Qualifier.Qualifier> =>
    holds && !Qualifier.has(qualifiers, name) ? [Qualifier.make(name)] : []
  const ids = id === undefined || Qualifier.has(qualifiers, "ID") ? [] : [Qualifier.make("ID", id)]
  return Object.freeze(
    [...missing("In", direction !== "out"), ...missing("Out", direction !== "in"), ...qualifiers, ...ids].map(flavored)
  )
}

/** A parameter as a property of the class of parameters; its default is the property's value (`object-model` 8). */
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

/** The return value: no ID, and `out` without a flavour (`object-model` 8). */
const returnValue = (type: string): PropertyDefinition =>
  Property.named("ReturnValue", Property.make(type, { qualifiers: { out: true } }))

/**
 * One method.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemMethod<A> {
  readonly name: string
  private readonly owner: MethodOwner<A>

  constructor(owner: MethodOwner<A>, name: string) {
    this.owner = owner
    this.name = name
  }

  private get now(): MethodNow {
    const found = CimName.find(this.owner.methods(), this.name)
    if (found === undefined) throw refusal("NotFound", "SWbemMethod", `there is no method ${this.name}`)
    return found
  }

  private parameters(properties: ReadonlyArray<PropertyDefinition>): A | null {
    return properties.length === 0
      ? null
      : this.owner.parameters(ClassDefinition.make("__PARAMETERS", properties, { qualifiers: { abstract: true } }))
  }

  get origin(): string {
    return this.now.origin
  }

  /** `null`, a script's Nothing, when it takes none. */
  get inParameters(): A | null {
    return this.parameters(this.now.parameters.filter(({ direction }) => direction !== "out").map(parameter))
  }

  /** With `ReturnValue` unless the method is void; `null` when nothing comes out. */
  get outParameters(): A | null {
    const { parameters, returns, returnsWord } = this.now
    const out = parameters.filter(({ direction }) => direction !== "in").map(parameter)
    return this.parameters(returns === "void" ? out : [...out, returnValue(returnsWord ?? returns)])
  }

  get qualifiers_(): SWbemQualifierSet {
    return new SWbemQualifierSet(this.now.carrier)
  }
}

/**
 * The set, in the order of the declarations, inherited methods first.
 *
 * @since 0.1.0
 * @category models
 */
export class SWbemMethodSet<A> implements Iterable<SWbemMethod<A>> {
  private readonly owner: MethodOwner<A>

  constructor(owner: MethodOwner<A>) {
    this.owner = owner
  }

  /** `Item`, the default method. */
  item(strName: string, iFlags: number = 0): SWbemMethod<A> {
    unlessZero(iFlags, source)
    const found = CimName.find(this.owner.methods(), strName)
    if (found === undefined) throw refusal("NotFound", source, `there is no method ${strName}`)
    return new SWbemMethod(this.owner, found.name)
  }

  get count(): number {
    return this.owner.methods().length
  }

  *[Symbol.iterator](): Iterator<SWbemMethod<A>> {
    for (const { name } of this.owner.methods()) yield new SWbemMethod(this.owner, name)
  }
}
