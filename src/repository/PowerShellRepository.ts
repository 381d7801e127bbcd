/**
 * Stage 3 as a real Windows computer: the same puts, decided by WMI there, through long-lived PowerShell processes, here or
 * behind a prefix such as `ssh user@host`. This file has no rules of its own.
 *
 * It needs a `CommandExecutor` of the platform the program runs on, and provides a `Repository` and no more: Windows tells no
 * plans, no changes and no snapshots, so what asks for these does not compile.
 *
 * @since 0.1.0
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Pool from "effect/Pool"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as DeleteEngine from "../engine/DeleteEngine.ts"
import * as CimName from "../model/CimName.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { ClassDefinition, WbemObject } from "../model/WbemObject.ts"
import * as Mof from "../mof/Mof.ts"
import { type Answer, make as makeRepository, type OpenBatch, Repository } from "../pipeline/Repository.ts"
import type { DecodedPut } from "../protocol/PutRequest.ts"
import {
  ConnectionFailed,
  Failed,
  isWbemError,
  LocalCredentials,
  type StartError,
  TransportFailure,
  type WbemError
} from "../protocol/WbemError.ts"
import { again, BatchRun, type Cut, encoded, heard, type Left, lost, placeOf, settled, single } from "./hostBatch.ts"
import { body, type Request, type Sizes, type Times } from "./hostConversation.ts"
import { isIdempotent } from "./hostObjects.ts"
import { type Host, type HostOptions, make as makeHost } from "./hostProcess.ts"
import { admitted, lacksPath, mayBeLong, pathFor, type Reader } from "./hostPaths.ts"
import type { Entry } from "./HostRecording.ts"
import { type MofOut, type ObjectOut, objectResult } from "./hostReply.ts"
import * as hostScript from "./hostScript.ts"
import { cleaner, scrubber, withoutSecret } from "./hostSecret.ts"
import { Gone, type Place, problem, Session } from "./hostSession.ts"
import type { HostStart } from "./hostStart.ts"
import { type Backoff, patient } from "./hostStarts.ts"
import { readInstance, Unreadable } from "./hostValues.ts"

export { HostStart, type Reason, type Retry } from "./hostStart.ts"

/**
 * How the host connects to WMI. The namespace comes with each call. User, password and authority are for another computer than
 * the one that PowerShell runs on; WMI refuses them for its own.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connect {
  /** The computer as the host sees it; its own by default. */
  readonly server?: string | undefined
  readonly user?: string | undefined
  readonly password?: Redacted.Redacted<string> | undefined
  /** `MS_409` for English text of classes; none by default. */
  readonly locale?: string | undefined
  readonly authority?: string | undefined
  /** 3, impersonate, by default. */
  readonly impersonation?: 1 | 2 | 3 | 4 | undefined
  /** 6, packet privacy, by default. */
  readonly authentication?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | undefined
  /** Privileges to enable, such as `SeSecurityPrivilege`. */
  readonly privileges?: ReadonlyArray<string> | undefined
}

/**
 * How long what may take. Every wait for a host ends.
 *
 * @since 0.1.0
 * @category models
 */
export interface Timeouts {
  /** From the start to the host's first word: 30 seconds, 60 with a prefix. */
  readonly start?: Duration.DurationInput | undefined
  /** 130 seconds: WMI itself gives up after two minutes. */
  readonly connect?: Duration.DurationInput | undefined
  /** One request, or the silence of one that answers bit by bit: 60 seconds. */
  readonly request?: Duration.DurationInput | undefined
  /** The silence after which the host is asked whether it is there, and the time for its answer: 10 seconds each. */
  readonly ping?: Duration.DurationInput | undefined
  readonly pong?: Duration.DurationInput | undefined
  /** What a request has to end after it was cancelled: 5 seconds. Then the host is killed. */
  readonly grace?: Duration.DurationInput | undefined
  /** How often an idle host hears that somebody is there: 60 seconds. After 300 it would end by itself. */
  readonly lease?: Duration.DurationInput | undefined
  /** An orderly exit, a killed process, an output that has to end: 2 seconds each. */
  readonly exit?: Duration.DurationInput | undefined
  readonly kill?: Duration.DurationInput | undefined
  readonly close?: Duration.DurationInput | undefined
}

/**
 * How much at a time.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Characters of a request: 1 MiB, at most 8 MiB. */
  readonly line?: number | undefined
  /** Characters of all requests on their way to one host: 2 MiB. */
  readonly flight?: number | undefined
  /** Puts and characters of one message of a batch: 128 and 512 KiB. */
  readonly batchItems?: number | undefined
  readonly batchSize?: number | undefined
  /** Characters of a frame from the host; a longer one ends it: 16 MiB. */
  readonly frame?: number | undefined
}

/**
 * What happens after a start that failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Starts {
  /** The first wait, which doubles each time: 200 milliseconds, up to 30 seconds. */
  readonly first?: Duration.DurationInput | undefined
  readonly most?: Duration.DurationInput | undefined
  /** So many failures in a row (5) within that time (2 minutes), and calls fail at once for a while (60 seconds). */
  readonly attempts?: number | undefined
  readonly within?: Duration.DurationInput | undefined
  readonly pause?: Duration.DurationInput | undefined
}

/**
 * A host that has said hello.
 *
 * @since 0.1.0
 * @category models
 */
export interface Started {
  /** The process here: PowerShell itself, or the prefix that leads to it. */
  readonly pid: number
  /** `Desktop` is Windows PowerShell 5.1, `Core` a newer one. */
  readonly edition: string
  readonly version: string
  readonly bits: number
}

/**
 * Everything has a default: a program on Windows needs none of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Which PowerShell: Windows' own by its absolute path, or `powershell.exe` behind a prefix. */
  readonly powershell?: string | undefined
  /** `["ssh", "-T", "-o", "BatchMode=yes", "ops@win01"]` and its like. */
  readonly prefix?: ReadonlyArray<string> | undefined
  /** `auto` is `plain` here and `encoded` behind a prefix; a file is a signed copy of the script, already there. */
  readonly bootstrap?: "auto" | "plain" | "encoded" | { readonly file: string } | undefined
  readonly connect?: Connect | undefined
  /** At most so many processes (1); one that is not used for that time (60 seconds) ends. */
  readonly hosts?: { readonly max?: number | undefined; readonly idle?: Duration.DurationInput | undefined } | undefined
  /** Requests on their way to one host: 4. */
  readonly window?: number | undefined
  readonly timeouts?: Timeouts | undefined
  readonly limits?: Limits | undefined
  readonly starts?: Starts | undefined
  /** Whether an instance put that may have happened is sent once more, unless it is create-only. By default it is not. */
  readonly retryUnknown?: "never" | "idempotent" | undefined
  /** Whether each put looks first, so that its report tells created from updated: a second call for each. */
  readonly probe?: boolean | undefined
  /** The lines of the script that touch COM, in place of the shipped ones. For tests of the script. */
  readonly prelude?: string | undefined
  /** Is told of each host that has said hello. */
  readonly started?: ((host: Started) => void) | undefined
  /** Is told what goes out and comes in, secrets replaced; see `HostRecording`. */
  readonly record?: ((entry: Entry) => void) | undefined
}

const millis = (input: Duration.DurationInput | undefined, otherwise: number): number =>
  input === undefined ? otherwise : Duration.toMillis(input)

const timesOf = (given: Timeouts = {}, far: boolean): Times => ({
  start: millis(given.start, far ? 60_000 : 30_000),
  connect: millis(given.connect, 130_000),
  request: millis(given.request, 60_000),
  ping: millis(given.ping, 10_000),
  pong: millis(given.pong, 10_000),
  grace: millis(given.grace, 5_000),
  lease: millis(given.lease, 60_000),
  exit: millis(given.exit, 2_000),
  kill: millis(given.kill, 2_000),
  close: millis(given.close, 2_000)
})

const MiB = 1024 * 1024

const sizesOf = (given: Limits = {}, window: number): Sizes => ({
  line: Math.min(given.line ?? MiB, 8 * MiB),
  flight: given.flight ?? 2 * MiB,
  window: Math.max(1, window),
  frame: given.frame ?? 16 * MiB
})

const cutOf = ({ limits = {}, probe }: Options, sizes: Sizes): Cut => ({
  items: Math.max(1, limits.batchItems ?? 128),
  size: limits.batchSize ?? MiB / 2,
  line: sizes.line,
  probe: probe === true
})

const backoffOf = (given: Starts = {}): Backoff => ({
  first: millis(given.first, 200),
  most: millis(given.most, 30_000),
  attempts: Math.max(1, given.attempts ?? 5),
  within: millis(given.within, 120_000),
  pause: millis(given.pause, 60_000)
})

const isLocal = (server: string | undefined): boolean =>
  server === undefined || ["", ".", "localhost", "127.0.0.1", "::1"].includes(server.toLowerCase())

/** The fields of `connect`. The secret is taken out of its wrapper here and goes into a line at once. */
const connectFields = ({
  authentication,
  authority,
  impersonation,
  password,
  privileges,
  server,
  user
}: Connect): Record<string, unknown> => ({
  ...(server === undefined ? {} : { server }),
  ...(user === undefined ? {} : { user }),
  ...(password === undefined ? {} : { secret: Redacted.value(password) }),
  ...(authority === undefined ? {} : { authority }),
  ...(impersonation === undefined ? {} : { imp: impersonation }),
  ...(authentication === undefined ? {} : { auth: authentication }),
  ...(privileges === undefined ? {} : { privileges })
})

/** What is recorded is told in milliseconds since the host was made. */
const recorder = (record: Options["record"]): () => HostOptions["watch"] => () => {
  if (record === undefined) return undefined
  const start = Date.now()
  return (d, fields) => record({ d, ms: Date.now() - start, f: withoutSecret(fields) })
}

type Hosts = Pool.Pool<Either.Either<Session, HostStart>>

const makePool = (
  options: Options,
  sizes: Sizes,
  times: Times
): Effect.Effect<Hosts, never, CommandExecutor | Scope.Scope> => {
  const connect = options.connect ?? {}
  const far = (options.prefix?.length ?? 0) > 0
  const secret = connect.password === undefined ? undefined : Redacted.value(connect.password)
  const script = typeof options.bootstrap === "object" ? "" : hostScript.script(options.prelude)
  const watch = recorder(options.record)
  const start: Effect.Effect<Host, HostStart, CommandExecutor | Scope.Scope> = Effect.suspend(() =>
    makeHost({
      command: hostScript.commandLine(options),
      far,
      opening: (nonce) => hostScript.header(nonce, script),
      times,
      sizes,
      watch: watch(),
      scrub: scrubber(secret),
      clean: cleaner(secret)
    })
  )
  const acquire = Effect.map(start, (host) => {
    const { bits, edition, version } = host.hello
    options.started?.({ pid: host.pid, edition, version, bits })
    return new Session(host, { fields: () => connectFields(connect), locale: connect.locale, time: times.connect })
  })
  return Pool.makeWithTTL({
    acquire: patient(acquire, backoffOf(options.starts)),
    min: 0,
    max: Math.max(1, options.hosts?.max ?? 1),
    concurrency: sizes.window,
    timeToLive: options.hosts?.idle ?? Duration.seconds(60)
  })
}

const startFailed = (failure: HostStart): ConnectionFailed =>
  new ConnectionFailed({ detail: failure.message, cause: failure })

/** A host that died while nobody used it is passed over: given back first, because its place in the pool is needed. */
const passedOver = Symbol()

const withSession = <A, E>(
  hosts: Hosts,
  use: (session: Session) => Effect.Effect<A, E>
): Effect.Effect<A, E | ConnectionFailed> => {
  const once: Effect.Effect<A | typeof passedOver, E | ConnectionFailed> = Effect.scoped(
    Effect.flatMap(
      Pool.get(hosts),
      (item): Effect.Effect<A | typeof passedOver, E | ConnectionFailed, Scope.Scope> =>
        Either.isRight(item) && item.right.open ? use(item.right) : Effect.zipRight(
          Pool.invalidate(hosts, item),
          Either.isLeft(item) ? Effect.fail(startFailed(item.left)) : Effect.succeed(passedOver)
        )
    )
  )
  return Effect.flatMap(once, (answer) => answer === passedOver ? withSession(hosts, use) : Effect.succeed(answer as A))
}

/** Uses a host, and once more another one if the first went away and the use may be repeated. */
const using = <A>(
  hosts: Hosts,
  use: (session: Session) => Effect.Effect<A, WbemError | Gone>,
  mayRepeat: (gone: Gone) => boolean,
  sentAnything: boolean
): Effect.Effect<A, WbemError> => {
  const once = withSession(hosts, use)
  const fail = (gone: Gone, before = false) => Effect.fail(lost(sentAnything && (gone.started || before), gone.message))
  return Effect.catchAll(once, (error) => {
    if (!(error instanceof Gone)) return Effect.fail(error)
    return mayRepeat(error)
      ? Effect.catchAll(once, (second) => second instanceof Gone ? fail(second, error.started) : Effect.fail(second))
      : fail(error)
  })
}

const always = (): boolean => true

const startErrors: ReadonlySet<string> = new Set([
  "InvalidParameter",
  "InvalidContext",
  "ShuttingDown",
  "InvalidNamespace",
  "AccessDenied",
  "QuotaViolation",
  "ConnectionFailed"
])

/** What refuses a connection, as what may refuse a call. */
const refusal = (error: WbemError): StartError =>
  error.status === "TransportFailure"
    ? new TransportFailure({ sent: false, detail: error.message, cause: error })
    : startErrors.has(error.status)
    ? error as StartError // by the row above
    : new ConnectionFailed({ detail: error.message, cause: error })

/** Windows writes the direction of a parameter as a qualifier; here it is a field of its own. */
const withoutDirections = (definition: ClassDefinition): ClassDefinition => ({
  ...definition,
  methods: definition.methods.map((method) => ({
    ...method,
    parameters: method.parameters.map((parameter) => ({
      ...parameter,
      qualifiers: parameter.qualifiers.filter(({ name }) => !CimName.equals(name, "in") && !CimName.equals(name, "out"))
    }))
  }))
})

/** The class that a text of MOF holds, or why it holds none. */
const classIn = (mof: string): ClassDefinition | string => {
  const { errors, items } = Mof.parse(mof)
  const item = items.find(({ _tag }) => _tag === "Class")
  return errors.length === 0 && item?._tag === "Class"
    ? withoutDirections(item.definition)
    : errors[0]?.message ?? "no class"
}

const readClass = (mof: string): ClassDefinition | undefined => {
  const found = classIn(mof)
  return typeof found === "string" ? undefined : found
}

const readObject = (one: ObjectOut | MofOut, request: string): Either.Either<WbemObject, WbemError> => {
  if (!("mof" in one)) {
    try {
      return Either.right(readInstance(one))
    } catch (thrown) {
      if (thrown instanceof Unreadable) return Either.left(new Failed({ detail: `${request}: ${thrown.message}` }))
      throw thrown
    }
  }
  const found = classIn(one.mof)
  return typeof found === "string"
    ? Either.left(new Failed({ detail: `${request}: the host's MOF cannot be read: ${found}` }))
    : Either.right(found)
}

/**
 * A repository over hosts that are started when they are needed. Its scope ends them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options = {}
): Effect.Effect<Repository, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.suspend(() => {
    const connect = options.connect ?? {}
    const credentials = connect.user ?? connect.password ?? connect.authority
    if (credentials !== undefined && isLocal(connect.server)) {
      return Effect.fail(
        new LocalCredentials({
          detail: "user, password and authority need a `server`: WMI takes none for its own computer"
        })
      )
    }
    const times = timesOf(options.timeouts, (options.prefix?.length ?? 0) > 0)
    const sizes = sizesOf(options.limits, options.window ?? 4)
    return Effect.map(makePool(options, sizes, times), (hosts) =>
      repository(hosts, cutOf(options, sizes), options.retryUnknown === "idempotent", connect.server))
  })

/** The computer goes by the names that its own answers give it. */
const repository = (hosts: Hosts, cut: Cut, retryUnknown: boolean, server: string | undefined): Repository => {
  const servers = new Set(server === undefined ? [] : [CimName.fold(server)])
  const met = (answer: Answer | undefined): void => {
    if (answer !== undefined && !isWbemError(answer) && answer.path.server !== undefined) {
      servers.add(CimName.fold(answer.path.server))
    }
  }
  /** A path of an object of that namespace, without the server. */
  const located = (
    path: ObjectPath.ObjectPath,
    namespace: string,
    caller: string
  ): Either.Either<ObjectPath.ObjectPath, WbemError> => {
    const known = path.server !== undefined && servers.has(CimName.fold(path.server))
    return DeleteEngine.objectOf(known ? { ...path, server: undefined } : path, namespace, caller)
  }

  const admitTo = (place: Place): Effect.Effect<void, StartError> =>
    Effect.mapError(
      Effect.asVoid(using(hosts, (session) => session.connect(place), always, false)),
      refusal
    )

  const reader = (session: Session, c: number): Reader<Gone> => (className) =>
    session.definition(c, className, readClass)

  /** An error that says what is there already, or is not, names it: Windows tells the number alone. */
  const told = (put: DecodedPut, answer: Answer): Effect.Effect<Answer> => {
    if (!lacksPath(answer)) return Effect.succeed(answer)
    return using(
      hosts,
      (session) => Effect.flatMap(session.connect(placeOf(put)), (c) => pathFor(put, reader(session, c))),
      always,
      false
    ).pipe(
      // The host is gone meanwhile: the error is the answer, with the path of the class.
      Effect.catchAll(() => pathFor(put, () => Effect.succeed(undefined))),
      Effect.map((path) => Object.assign(answer, { path }))
    )
  }

  /** A connection, and for an instance with much text a look whether its path is too long. */
  const admit = (put: DecodedPut): Effect.Effect<void, StartError> =>
    mayBeLong(put.object)
      ? Effect.mapError(
        using(
          hosts,
          (session) =>
            Effect.flatMap(session.connect(placeOf(put)), (c) =>
              Effect.flatMap(
                admitted(put, reader(session, c)),
                (refused): Either.Either<void, WbemError> => refused === undefined ? Either.void : Either.left(refused)
              )),
          always,
          false
        ),
        refusal
      )
      : admitTo(placeOf(put))

  const ask = <A>(
    place: Place,
    request: (c: number) => Request,
    read: (result: Record<string, unknown>) => Either.Either<A, WbemError>,
    facts: { readonly namespace: string; readonly path: ObjectPath.ObjectPath },
    repeat: boolean
  ): Effect.Effect<A, WbemError> =>
    using(
      hosts,
      (session) =>
        Effect.flatMap(session.connect(place), (c) =>
          Effect.flatMap(session.ask(request(c)), (reply): Either.Either<A, WbemError | Gone> =>
            reply._tag === "Result"
              ? read(reply.result)
              : Either.left(problem(reply, { className: facts.path.className, ...facts })))),
      (gone) =>
        repeat || !gone.started,
      !repeat
    )

  const putOne = (
    put: DecodedPut,
    open: Pick<OpenBatch, "unlessCancelled">
  ): Effect.Effect<Answer, WbemError> =>
    using(
      hosts,
      (session) =>
        Effect.flatMap(connected(session, put), (c) =>
          Effect.flatMap(
            unsent(encoded(session, c, put, (shapes) => single(put, c, shapes, cut))),
            (request) => {
              if (isWbemError(request)) return Either.left(request)
              const sent = session.send(request)
              return Effect.flatMap(
                heard(open, sent, () => session.cancel(sent.id)),
                (reply): Either.Either<Answer, WbemError | Gone> => {
                  if (put.object._tag === "Class") session.forget()
                  return reply._tag === "Lost"
                    ? Either.left(new Gone(reply.started, reply.reason))
                    : Either.right(settled(put, reply))
                }
              )
            }
          )),
      (gone) => !gone.started || (retryUnknown && isIdempotent(put)),
      true
    )

  const putBatch: Repository["putBatch"] = (valid, open) =>
    Effect.suspend(() => {
      const puts = valid.map(({ put }) => put)
      const answers: Array<Answer | undefined> = new Array(puts.length)
      const run = (at: ReadonlyArray<number>): Effect.Effect<Left, ConnectionFailed> =>
        withSession(hosts, (session) => new BatchRun(session, puts, answers, cut, open).run(at))
      const close = (at: ReadonlyArray<number>, sent: boolean, reason: string, cause?: unknown): void => {
        for (const k of at) answers[k] ??= lost(sent, reason, cause)
      }
      return Effect.flatMap(run(puts.map((_, k) => k)), (first) => {
        const repeated = again(puts, first, retryUnknown)
        const doubtful = new Set(first.unknown)
        close(first.unknown.filter((k) => !repeated.includes(k)), true, first.reason)
        const second: Effect.Effect<void> = repeated.length === 0 ? Effect.void : Effect.match(run(repeated), {
          onFailure: (error) => {
            for (const k of repeated) close([k], doubtful.has(k), error.message, error)
          },
          onSuccess: ({ notStarted, reason, unknown }) => {
            close(unknown, true, reason)
            for (const k of notStarted) close([k], doubtful.has(k), reason)
          }
        })
        return Effect.flatMap(second, () => {
          answers.forEach(met)
          const known: ReadonlyArray<Answer | undefined> = answers
          const all = known.map((answer) => answer ?? new Failed({ detail: "the host gave no answer" }))
          // Most batches have nothing to name.
          return all.some(lacksPath) ? Effect.forEach(all, (answer, k) => told(puts[k]!, answer)) : Effect.succeed(all)
        })
      })
    })

  return makeRepository({
    admit,
    admitBatch: (puts) => {
      const asked = new Map<string, StartError | undefined>()
      const key = (place: Place): string => `${place.namespace}\n${place.locale ?? ""}`
      const places = new Map(puts.map((put) => [key(placeOf(put)), placeOf(put)]))
      return Effect.as(
        Effect.forEach(places, ([name, place]) =>
          Effect.match(admitTo(place), {
            onFailure: (error) => asked.set(name, error),
            onSuccess: () => asked.set(name, undefined)
          }), { discard: true }),
        puts
      ).pipe(Effect.flatMap((all) =>
        Effect.forEach(all, (put) => {
          const refused = asked.get(key(placeOf(put)))
          return refused !== undefined || !mayBeLong(put.object) ? Effect.succeed(refused) : Effect.match(admit(put), {
            onFailure: (error): StartError | undefined => error,
            onSuccess: () => undefined
          })
        })
      ))
    },
    put: (valid, call) =>
      Effect.flatMap(
        Effect.flatMap(putOne(valid.put, call), (answer) => told(valid.put, answer)),
        (answer) => {
          met(answer)
          return isWbemError(answer) ? Either.left(answer) : Either.right(answer)
        }
      ),
    putBatch,
    relPath: ({ object }) => Effect.succeed(object._tag === "Class" ? object.name : object.className),
    delete: ({ call, namespace, path }) =>
      Effect.flatMap(located(path, namespace, call.server), (target) =>
        ask(
          { namespace, locale: undefined },
          (c) => ({ op: "delete", body: body({ c, path: ObjectPath.relPath(target), flags: 0 }) }),
          () => Either.right(ObjectPath.make({ ...target, namespace })),
          { namespace, path: target },
          false
        )),
    get: ({ call, locales, namespace, path }) =>
      Effect.flatMap(located(path, namespace, call.server), (target) => {
        const relPath = ObjectPath.relPath(target)
        const isClass = target.keys.length === 0 && !target.singleton
        const amended = locales !== undefined && locales.length > 0
        return ask(
          { namespace, locale: amended ? locales[0]!.toUpperCase() : undefined },
          (c) => ({
            op: "get",
            body: body({ c, path: relPath, flags: amended ? 0x20000 : 0, ...(isClass ? { form: "mof" } : {}) })
          }),
          (result) => {
            const decoded = objectResult(result)
            if (!decoded.ok) return Either.left(new Failed({ detail: `the host's answer to get: ${decoded.fault}` }))
            return Either.map(readObject(decoded.value, relPath), (object) => amended ? { ...object, amended } : object)
          },
          { namespace, path: target },
          true
        )
      })
  })
}

/** Of what goes before a put, nothing is the put: a host that goes away then has not begun with it. */
const unsent = <A>(effect: Effect.Effect<A, WbemError | Gone>): Effect.Effect<A, WbemError | Gone> =>
  Effect.mapError(effect, (error) => error instanceof Gone ? new Gone(false, error.message) : error)

const connected = (session: Session, put: DecodedPut): Effect.Effect<number, WbemError | Gone> =>
  unsent(session.connect(placeOf(put)))

/**
 * A Windows computer as the repository: `Wmi.layer(PowerShellRepository.layer({ … }))` in place of `Wmi.layerMemory`.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options = {}
): Layer.Layer<Repository, LocalCredentials, CommandExecutor> => Layer.scoped(Repository, make(options))
