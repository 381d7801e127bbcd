/**
 * `SWbemMethodSet`: the methods of a class, to read; nothing is called here. Parameters come as objects of the class
 * `__PARAMETERS`, copies that change nothing (`object-model` 8).
 *
 * @since 0.1.0
 */
import * as CimName from "../model/CimName.ts"
import * as ClassDefinition from "../model/ClassDefinition.ts"
import * as Property from "../model/Property.ts"
import * as Qualifier from "../model/Qualifier.ts"
import type { MethodDefinition, ParameterDefinition, PropertyDefinition } from "../model/WbemObject.ts"
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
  /** Sorted by name. */
  readonly methods: () => ReadonlyArray<MethodNow>
  /** A script's object for a class of parameters. */
  readonly parameters: (definition: ClassDefinition.ClassDefinition) => A
}

const parameter = (
  { className, direction, id, isArray, name, qualifiers, type }: ParameterDefinition
): PropertyDefinition =>
  Property.named(name, {
    type,
    isArray,
    className,
    value: undefined,
    qualifiers: Object.freeze([
      ...qualifiers,
      ...(direction === "out" ? [] : [Qualifier.make("In")]),
      ...(direction === "in" ? [] : [Qualifier.make("Out")]),
      ...(id === undefined ? [] : [Qualifier.make("ID", id)])
    ].filter((one, at, all) => all.findIndex((other) => CimName.equals(other.name, one.name)) === at))
  })

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
    return properties.length === 0 ? null : this.owner.parameters(ClassDefinition.make("__PARAMETERS", properties))
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
    const { parameters, returns } = this.now
    const out = parameters.filter(({ direction }) => direction !== "in").map(parameter)
    return this.parameters(returns === "void" ? out : [...out, Property.named("ReturnValue", Property.make(returns))])
  }

  get qualifiers_(): SWbemQualifierSet {
    return new SWbemQualifierSet(this.now.carrier)
  }
}

/**
 * The set.
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
