/**
 * The hosts of a layer: started when they are needed, given to whoever asks, passed over when they died meanwhile; and what is
 * asked once more of another one when the first went away.
 *
 * @internal
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Pool from "effect/Pool"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { isLocalServer } from "../../model/limits.ts"
import { ConnectionFailed, LocalCredentials, type WbemError } from "../../protocol/WbemError.ts"
import { lost } from "../repository/batch.ts"
import type { Sizes, Times } from "../conversation/conversation.ts"
import { backoffOf, connectFields, type Options, sizesOf, timesOf } from "../repository/options.ts"
import { type Host, type HostOptions, make as makeHost } from "./process.ts"
import * as hostScript from "../conversation/script.ts"
import { cleaner, scrubber, withoutSecret } from "./secret.ts"
import { Gone, Session } from "./session.ts"
import { HostStart } from "./startErrors.ts"
import { patient } from "./startRetry.ts"

/** What is recorded is told in milliseconds since the host was made. */
const recorder = (record: Options["record"]): () => HostOptions["watch"] => () => {
  if (record === undefined) return undefined
  const start = Date.now()
  return (d, fields) => record({ d, ms: Date.now() - start, f: withoutSecret(fields) })
}

/** The hosts; one that could not be started is told by why. */
export type Hosts = Pool.Pool<Either.Either<Session, HostStart>>

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
  const brokenOf = ({ host }: Session): HostStart | undefined => {
    const detail = host.conversation.broken
    return detail === undefined
      ? undefined
      : new HostStart({ reason: "Broken", command: hostScript.commandLine(options)[0], detail })
  }
  return Pool.makeWithTTL({
    acquire: patient(acquire, backoffOf(options.starts), brokenOf),
    min: 0,
    max: Math.max(1, options.hosts?.max ?? 1),
    concurrency: sizes.window,
    timeToLive: options.hosts?.idle ?? Duration.seconds(60)
  })
}

/** Hosts for as long as the scope lives; none is started yet. */
export const openHosts = (
  options: Options
): Effect.Effect<Hosts, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.suspend((): Effect.Effect<Hosts, LocalCredentials, CommandExecutor | Scope.Scope> => {
    const connect = options.connect ?? {}
    const credentials = connect.user ?? connect.password ?? connect.authority
    return credentials !== undefined && isLocalServer(connect.server)
      ? Effect.fail(
        new LocalCredentials({
          detail: "user, password and authority need a `server`: WMI takes none for its own computer"
        })
      )
      : makePool(options, sizesOf(options), timesOf(options))
  })

const startFailed = (failure: HostStart): ConnectionFailed =>
  new ConnectionFailed({ detail: failure.message, cause: failure })

/** A host that died while nobody used it is passed over: given back first, because its place in the pool is needed. */
const passedOver = Symbol()

/** Uses a host that is there. */
export const withSession = <A, E>(
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

/** Of what may be repeated however far it had got. */
export const always = (): boolean => true

/** Uses a host, and once more another one if the first went away and the use may be repeated. */
export const using = <A>(
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
