/**
 * The server of the loop prelude: it runs each call of the imitated scripting objects on a namespace of this project, over a loopback
 * socket, and converts its statuses to the numbers of a COM exception. So the rules are not written twice.
 *
 * One line of JSON per call and per answer. Calls: `connect`, `get`, `put`, `path`, `delete`, `query`; each names its namespace
 * and, where it matters, locale, flags and context. An answer is `{"ok":true, …}` or `{"ok":false,"hresult","message","status"}`.
 */
import { readFileSync } from "node:fs"
import { createServer, type Server, type Socket } from "node:net"
import { fileURLToPath } from "node:url"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { freezeObject } from "../../src/model/immutable.ts"
import type { PlainObject } from "../../src/model/WbemObject.ts"
import type { EffectiveProperty, ResolvedClass } from "../../src/engine/classes/ResolvedClass.ts"
import { admissionError } from "../../src/engine/rules/access.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as SystemProperties from "../../src/engine/classes/SystemProperties.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as CimType from "../../src/model/CimType.ts"
import type { NamedValueSet } from "../../src/model/NamedValueSet.ts"
import * as NamedValues from "../../src/model/NamedValueSet.ts"
import * as Qualifier from "../../src/model/Qualifier.ts"
import type {
  CimValue,
  ClassDefinition,
  Instance,
  MethodDefinition,
  ParameterDefinition,
  PropertyDefinition,
  WbemObject
} from "../../src/model/WbemObject.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import { ofPut } from "../../src/protocol/ExtendedStatus.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import { format } from "../../src/model/ObjectPath.ts"
import { InvalidClass, isWbemError, of, type WbemError } from "../../src/protocol/WbemError.ts"
import type * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { fakePrelude } from "./hostClient.ts"

/** The services that the server needs. */
export type Needs = PutAsync.Stages | EmulatedRepository.Services

/** Runs the programs of the server; a `ManagedRuntime` is one. */
export interface World {
  readonly runPromiseExit: <A, E>(effect: Effect.Effect<A, E, Needs>) => Promise<Exit.Exit<A, E>>
}

/** A server that listens. */
export interface LoopServer {
  readonly port: number
  /** The prelude whose hosts call this server: `script(server.prelude)`. */
  readonly prelude: string
  /** Replaces the world that answers the calls. */
  readonly use: (world: World) => void
  /** Every call so far, in order. */
  readonly calls: ReadonlyArray<Message>
}

const loopText = readFileSync(fileURLToPath(new URL("./loop-prelude.ps1", import.meta.url)), "utf8")

/** The prelude that calls a server on that port. */
export const preludeFor = (port: number): string =>
  fakePrelude + loopText.replace("$script:LoopPort = 0", `$script:LoopPort = ${port}`)

/** A value of the protocol: null, or a kind and a value. */
type Wire =
  | null
  | readonly [kind: "i" | "r" | "s", text: string]
  | readonly ["b", boolean]
  | readonly ["o", WireObject]
  | readonly [
    "a",
    ReadonlyArray<Wire>
  ]

type WireQualifier = readonly [name: string, value: Wire, flavor: number]

interface WireProperty {
  readonly n: string
  readonly t: number
  readonly a: boolean
  readonly v: Wire
  /** Whether the property has a value. */
  readonly set?: boolean
  readonly own?: boolean
  /** Whether an inherited property is declared again for its qualifiers only. */
  readonly keep?: boolean
  readonly q?: ReadonlyArray<WireQualifier>
}

interface WireMethod {
  readonly n: string
  readonly q: ReadonlyArray<WireQualifier>
  readonly ins: ReadonlyArray<WireProperty>
  readonly outs: ReadonlyArray<WireProperty>
}

interface WireObject {
  readonly kind: "class" | "instance"
  readonly class: string
  readonly super?: string
  readonly amended?: boolean
  readonly path?: string
  readonly mof?: string
  readonly props: ReadonlyArray<WireProperty>
  readonly q?: ReadonlyArray<WireQualifier>
  readonly methods?: ReadonlyArray<WireMethod>
}

/** A call, as the prelude writes it. */
export interface Message {
  readonly op: "connect" | "get" | "put" | "path" | "delete" | "query"
  readonly ns: string
  readonly locale?: string
  readonly flags?: number
  readonly ctx?: ReadonlyArray<readonly [string, Wire]>
  readonly path?: string
  readonly wql?: string
  readonly object?: WireObject
}

const amendedFlag = 0x20000

// --- from the wire ---

/** A number in the property's type. A value of another kind is not converted, so that the rules refuse it. */
const integer = (text: string, type: CimType.CimType | undefined): CimValue => {
  if (type === "sint64" || type === "uint64") return BigInt(text)
  const number = Number(text)
  if (type === "uint32" && number < 0) return number + 2 ** 32
  if (type === "char16" && number < 0) return number + 2 ** 16
  return number
}

const wide = /^-?\d+$/

const valueFrom = (wire: Wire, type: CimType.CimType | undefined): CimValue => {
  if (wire === null) return null
  const [kind, held] = wire
  switch (kind) {
    case "a":
      return held.map((one) => valueFrom(one, type)) as unknown as CimValue // the rules refuse a list that holds NULL
    case "o":
      return objectFrom(held)
    case "b":
      return held
    case "r":
      return Number(held)
    case "i":
      return integer(held, type)
    case "s":
      return (type === "sint64" || type === "uint64") && wide.test(held) ? BigInt(held) : held
  }
}

const qualifierTypes: Readonly<Record<string, Qualifier.QualifierType>> = {
  i: "sint32",
  r: "real64",
  s: "string",
  b: "boolean"
}

const qualifierFrom = ([name, wire, flavor]: WireQualifier): Qualifier.Qualifier => {
  const first = wire === null ? undefined : wire[0] === "a" ? wire[1][0] : wire
  const type = qualifierTypes[first?.[0] ?? "s"]
  return Qualifier.make(name, valueFrom(wire, undefined) as Qualifier.QualifierValue, {
    flavor,
    ...(type ? { type } : {})
  })
}

/** The class of a reference or embedded object, and the spelling of the type word, are in CIMTYPE only. */
const typed = (property: WireProperty): {
  readonly ref: CimType.TypeRef
  readonly qualifiers: ReadonlyArray<Qualifier.Qualifier>
} => {
  const type = CimType.fromNumber(property.t)!
  const all = (property.q ?? []).map(qualifierFrom)
  const cimtype = Qualifier.find(all, "CIMTYPE")
  const said = typeof cimtype?.value === "string" ? CimType.parse(cimtype.value) : undefined
  return said === undefined || said.type !== type
    ? { ref: { type, isArray: property.a }, qualifiers: all }
    : { ref: { ...said, isArray: property.a }, qualifiers: all.filter((one) => one !== cimtype) }
}

const propertyFrom = (property: WireProperty): PropertyDefinition => {
  const { qualifiers, ref } = typed(property)
  return {
    name: property.n,
    ...ref,
    value: property.set === true ? valueFrom(property.v, ref.type) : undefined,
    ...(property.keep === true && property.set !== true ? { inheritsDefault: true } : {}),
    qualifiers
  }
}

/** Directions in another spelling stay qualifiers. */
const placed = new Set(["in", "out", "ID"])

const parameterFrom = (property: WireProperty, direction: ParameterDefinition["direction"]): ParameterDefinition => {
  const { qualifiers, ref } = typed(property)
  const id = Qualifier.find(qualifiers, "ID")?.value
  return {
    name: property.n,
    ...ref,
    direction,
    id: typeof id === "number" ? id : undefined,
    ...(property.set === true ? { value: valueFrom(property.v, ref.type) } : {}),
    qualifiers: qualifiers.filter(({ name }) => !placed.has(name))
  }
}

/** A parameter in both copies is in and out. */
const methodFrom = (method: WireMethod): MethodDefinition => {
  const isReturn = ({ n }: WireProperty): boolean => CimName.equals(n, "ReturnValue")
  const outs = method.outs.filter((one) => !isReturn(one))
  const both = (n: string): boolean => outs.some((out) => CimName.equals(out.n, n))
  const ins = method.ins.map((one) => parameterFrom(one, both(one.n) ? "inout" : "in"))
  const only = outs.filter(({ n }) => !ins.some(({ name }) => CimName.equals(name, n))).map((one) =>
    parameterFrom(one, "out")
  )
  const returned = method.outs.find(isReturn)
  const { type: returns, word } = returned === undefined ? { type: "void" as const } : typed(returned).ref
  return {
    name: method.n,
    returns,
    ...(word === undefined ? {} : { returnsWord: word }),
    parameters: [...ins, ...only].sort((a, b) => (a.id ?? 0) - (b.id ?? 0)),
    qualifiers: method.q.map(qualifierFrom)
  }
}

/** An instance has the types of its class with its values. */
const objectFrom = (wire: WireObject): WbemObject => {
  const amended = wire.amended === true ? { amended: true } : {}
  if (wire.kind === "instance") {
    const values = Object.fromEntries(wire.props.map((one) => [one.n, valueFrom(one.v, CimType.fromNumber(one.t))]))
    return freezeObject<PlainObject>({ _tag: "Instance", className: wire.class, values, qualifiers: [], ...amended })
  }
  return freezeObject<PlainObject>({
    _tag: "Class",
    name: wire.class,
    superclass: wire.super === undefined || wire.super === "" ? undefined : wire.super,
    qualifiers: (wire.q ?? []).map(qualifierFrom),
    properties: wire.props.map(propertyFrom),
    methods: (wire.methods ?? []).map(methodFrom),
    ...amended
  })
}

const contextFrom = (ctx: Message["ctx"]): NamedValueSet | undefined =>
  ctx === undefined || ctx.length === 0
    ? undefined
    : NamedValues.make(ctx.map(([name, wire]): readonly [string, CimValue] => [name, valueFrom(wire, undefined)]))

// --- to the wire ---

interface Space {
  readonly state: Snapshot.Snapshot
  readonly namespace: string
  readonly server: string
}

const scalarTo = (value: CimValue, type: CimType.CimType, space: Space): Wire => {
  if (value === null) return null
  switch (typeof value) {
    case "boolean":
      return ["b", value]
    case "bigint":
      return ["i", value.toString()]
    case "number":
      return [type === "real32" || type === "real64" ? "r" : "i", String(value)]
    case "string":
      return ["s", value]
    default:
      return ["o", objectTo(value as WbemObject, space)]
  }
}

const valueTo = (value: CimValue | undefined, type: CimType.CimType, space: Space): Wire =>
  value === undefined
    ? null
    : Array.isArray(value)
    ? ["a", value.map((one: CimValue) => scalarTo(one, type, space))]
    : scalarTo(value, type, space)

const qualifierTo = (qualifier: Qualifier.Qualifier): WireQualifier => {
  const one = (value: boolean | number | string): Wire =>
    typeof value === "number"
      ? [qualifier.type === "real64" ? "r" : "i", String(value)]
      : typeof value === "boolean"
      ? ["b", value]
      : ["s", value]
  const { value } = qualifier
  const wire: Wire = Array.isArray(value)
    ? ["a", (value as ReadonlyArray<boolean | number | string>).map(one)]
    : one(value as boolean | number | string)
  return [qualifier.name, wire, qualifier.flavor]
}

const cimtypeOf = (ref: CimType.TypeRef): ReadonlyArray<WireQualifier> =>
  ref.className === undefined && ref.word === undefined ? [] : [["CIMTYPE", ["s", CimType.cimtype(ref)], 3]]

const numberOf = (type: string): number => CimType.row(type)!.number

const parameterTo = (space: Space) => (parameter: ParameterDefinition): WireProperty => ({
  n: parameter.name,
  t: numberOf(parameter.type),
  a: parameter.isArray,
  v: valueTo(parameter.value, parameter.type, space),
  set: parameter.value !== undefined,
  q: [
    ...cimtypeOf(parameter),
    ...parameter.qualifiers.map(qualifierTo),
    ...(parameter.id === undefined ? [] : [["ID", ["i", String(parameter.id)], 0x11] as const])
  ]
})

const methodTo = (space: Space) => (method: MethodDefinition): WireMethod => {
  const side = (out: "in" | "out"): ReadonlyArray<WireProperty> =>
    method.parameters.filter(({ direction }) => direction === out || direction === "inout").map(parameterTo(space))
  const returned: ReadonlyArray<WireProperty> = method.returns === "void" ? [] : [{
    n: "ReturnValue",
    t: numberOf(method.returns),
    a: false,
    v: null,
    q: cimtypeOf({ type: method.returns, isArray: false, word: method.returnsWord })
  }]
  return { n: method.name, q: method.qualifiers.map(qualifierTo), ins: side("in"), outs: [...side("out"), ...returned] }
}

const effectiveTo = (property: EffectiveProperty, value: CimValue | undefined, space: Space): WireProperty => ({
  n: property.name,
  t: numberOf(property.type),
  a: property.isArray,
  v: valueTo(value, property.type, space),
  set: false,
  own: false,
  q: [...cimtypeOf(property), ...property.qualifiers.map(qualifierTo)]
})

const classTo = (
  definition: ClassDefinition,
  resolvedClass: ResolvedClass | undefined,
  space: Space
): ReadonlyArray<WireProperty> => {
  const own = new Map(definition.properties.map((one) => [CimName.fold(one.name), one]))
  const inherited = (resolvedClass?.properties ?? []).filter(({ folded }) => !own.has(folded))
  return [
    ...inherited.map((one) => effectiveTo(one, one.value, space)),
    ...definition.properties.map((one): WireProperty => ({
      n: one.name,
      t: numberOf(one.type),
      a: one.isArray,
      v: valueTo(one.value, one.type, space),
      set: one.value !== undefined,
      own: true,
      keep: one.inheritsDefault === true,
      q: [...cimtypeOf(one), ...one.qualifiers.map(qualifierTo)]
    }))
  ]
}

/** An instance is read with every property of its class; one that is not set has its default. */
const instanceTo = (
  instance: Instance,
  resolvedClass: ResolvedClass | undefined,
  space: Space
): ReadonlyArray<WireProperty> =>
  (resolvedClass?.properties ?? []).map((one) => {
    const written = Object.keys(instance.values).find((name) => CimName.equals(name, one.name))
    return effectiveTo(one, written === undefined ? one.value : instance.values[written], space)
  })

const mofOf = (object: WbemObject, { namespace, state }: Space): string =>
  Either.getOrElse(
    Mof.print(object, { classOf: (name) => Option.getOrUndefined(Snapshot.getClass(state, namespace, name)) }),
    () => ""
  )

const objectTo = (object: WbemObject, space: Space): WireObject => {
  const isClass = object._tag === "Class"
  const name = isClass ? object.name : object.className
  const resolvedClass = Snapshot.resolvedClass(space.state, space.namespace, name)
  const path = SystemProperties.of(space.state, object, space).__PATH ?? ""
  const shared = { class: name, amended: object.amended === true, path, mof: mofOf(object, space) }
  return isClass
    ? {
      kind: "class",
      ...shared,
      super: object.superclass ?? "",
      props: classTo(object, resolvedClass, space),
      q: object.qualifiers.map(qualifierTo),
      methods: object.methods.map(methodTo(space))
    }
    : { kind: "instance", ...shared, props: instanceTo(object, resolvedClass, space) }
}

// --- the calls ---

type Answer = Effect.Effect<object, WbemError, Needs>

const spaceOf = (namespace: string): Effect.Effect<Space, WbemError, Needs> =>
  Effect.zipWith(Wmi.snapshot, CallContext.read, (state, { call }) => ({ state, namespace, server: call.server }))

/** Names may have letters outside ASCII. */
const select = /^\s*select\s+\*\s+from\s+([\w\u0080-\uffef]+)(?:\s+where\s+__class\s*=\s*"([\w\u0080-\uffef]+)")?\s*$/i

/** Windows lists a hundred system classes, which a reader has to leave out. Three of them show that, and cost a test less. */
const listedSystemClasses: ReadonlySet<string> = new Set(["__SystemClass", "__NAMESPACE", "__InstanceCreationEvent"])

const query = (message: Message): Answer => {
  const [, name, only] = select.exec(message.wql ?? "") ?? []
  if (name === undefined) {
    return Effect.fail(of("InvalidQuery", { detail: "the loop knows SELECT * FROM class [WHERE __CLASS = class]" }))
  }
  return Effect.flatMap(spaceOf(message.ns), (space) => {
    const objects: Effect.Effect<ReadonlyArray<WbemObject>, WbemError, Needs> = name.toLowerCase() === "meta_class"
      ? Effect.map(
        Wmi.classes({ namespace: message.ns, amended: amendedBy(message), system: true }),
        (all) => all.filter(({ name }) => !CimName.isSystemName(name) || listedSystemClasses.has(name))
      )
      : Snapshot.resolvedClass(space.state, space.namespace, name) === undefined
      ? Effect.fail(new InvalidClass({ className: name }))
      : Effect.map(
        Wmi.instancesOf(name, { namespace: message.ns }),
        (all) => all.filter(({ className }) => only === undefined || CimName.equals(className, only))
      )
    return Effect.map(objects, (all) => ({ objects: all.map((one) => objectTo(one, space)) }))
  })
}

const amendedBy = (message: Message): boolean => ((message.flags ?? 0) & amendedFlag) !== 0

const calls: Readonly<Record<Message["op"], (message: Message) => Answer>> = {
  connect: ({ ns }) =>
    Effect.zipWith(Wmi.snapshot, CallContext.read, (state, { call }) => admissionError(state, call, ns)).pipe(
      Effect.flatMap((refused) => refused === undefined ? Effect.succeed({}) : Effect.fail(refused))
    ),
  get: (message) =>
    Effect.flatMap(
      Wmi.get(message.path ?? "", { namespace: message.ns, amended: amendedBy(message) }),
      (object) => Effect.map(spaceOf(message.ns), (space) => ({ object: objectTo(object, space) }))
    ),
  put: (message) => {
    const object = objectFrom(message.object!)
    let errorObject: Instance | null = null
    const sink = PutSink.callback({ onCompleted: (event) => void (errorObject = event.errorObject) })
    const request = PutRequest.make(object, {
      namespace: message.ns,
      flags: message.flags ?? 0,
      context: contextFrom(message.ctx)
    })
    return PutAsync.withSink(sink)(PutAsync.put(request)).pipe(
      Effect.map((report) => ({ path: format(report.path) })),
      Effect.tapError((error) => Effect.sync(() => errorObjects.set(error, errorObject ?? ofPut(object, error))))
    )
  },
  path: (message) =>
    Effect.map(spaceOf(message.ns), (space) => ({
      path: SystemProperties.of(space.state, objectFrom(message.object!), space).__RELPATH ?? ""
    })),
  delete: (message) =>
    Effect.as(Wmi.delete(message.path ?? "", { namespace: message.ns, flags: message.flags ?? 0 }), {}),
  query
}

const inLocale = (message: Message) => (answer: Answer): Answer =>
  message.locale === undefined || message.locale === ""
    ? answer
    : Effect.provideService(answer, CallContext.Locale, message.locale)

/** The error objects of refused puts, as a sink receives them. */
const errorObjects: WeakMap<WbemError, Instance> = new WeakMap()

/** The fields of `SWbemLastError`; its number is signed. */
const statusOf = (error: WbemError): Record<string, string> => {
  const values = (errorObjects.get(error) ?? error.extended)?.values ?? {}
  const code = values["StatusCode"]
  const facts: Record<string, unknown> = {
    Operation: values["Operation"],
    ParameterInfo: values["ParameterInfo"] ?? error.parameterInfo,
    ProviderName: values["ProviderName"],
    Description: values["Description"] ?? error.detail,
    StatusCode: typeof code === "number" ? String(code | 0) : undefined
  }
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string] => typeof fact[1] === "string")
  )
}

const answered = async (world: World, message: Message): Promise<object> => {
  const exit = await world.runPromiseExit(inLocale(message)(calls[message.op](message)))
  if (Exit.isSuccess(exit)) return { ok: true, ...exit.value }
  const failure = Cause.failureOption(exit.cause)
  // Anything else is a defect of this server or of the emulator, reported as an unexpected failure with its cause.
  return Option.isSome(failure) && isWbemError(failure.value)
    ? { ok: false, hresult: failure.value.hresult | 0, message: failure.value.message, status: statusOf(failure.value) }
    : { ok: false, hresult: 0x8000ffff | 0, message: Cause.pretty(exit.cause), status: {} }
}

const escaped = (text: string): string =>
  // deno-lint-ignore no-control-regex
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)

/** Lines of one socket, answered one after another. */
const converse = (socket: Socket, answer: (line: string) => Promise<string>): void => {
  let rest = ""
  let last: Promise<unknown> = Promise.resolve()
  socket.setEncoding("utf8")
  socket.on("error", () => socket.destroy()) // the host was killed and reads no answer
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop()!
    for (const line of lines) {
      last = last.then(() => answer(line)).then((text) => socket.writable ? socket.write(`${text}\n`) : false)
    }
  })
}

const listening = (server: Server): Effect.Effect<number> =>
  Effect.async<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** A server for as long as the scope lives. */
export const serve = (first: World): Effect.Effect<LoopServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    let world = first
    const sockets = new Set<Socket>()
    const heard: Array<Message> = []
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on("close", () => sockets.delete(socket))
      socket.setNoDelay(true)
      converse(socket, async (line) => {
        const message = JSON.parse(line) as Message
        heard.push(message)
        return escaped(JSON.stringify(await answered(world, message)))
      })
    })
    const port = yield* listening(server)
    yield* Effect.addFinalizer(() =>
      Effect.async<void>((resume) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resume(Effect.void))
      })
    )
    return {
      port,
      prelude: preludeFor(port),
      use: (next) => {
        world = next
      },
      calls: heard
    }
  })
