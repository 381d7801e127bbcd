/**
 * The pool of hosts of one layer. A host is started when it is needed, and one that has ended meanwhile is removed. A use that may
 * be repeated runs once more with another host when the first disconnects.
 *
 * @internal
 */
import type { CommandExecutor } from "@effect/platform/CommandExecutor"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Pool from "effect/Pool"
import type * as Scope from "effect/Scope"
import { isLocalServer } from "../../model/limits.ts"
import { ConnectionFailed, LocalCredentials, type WbemError } from "../../protocol/WbemError.ts"
import { transportFailure } from "../repository/batch.ts"
import type { SizeLimits, TimeoutMillis } from "../conversation/conversation.ts"
import { backoffOf, connectFields, type Options, secretOf, sizeLimitsOf, timeoutsOf } from "../repository/options.ts"
import { type Host, type HostOptions, make as makeHost } from "./process.ts"
import * as script from "../conversation/script.ts"
import { failureRedactor, textRedactor, withoutSecret } from "./secret.ts"
import { HostDisconnected, Session, type SessionError } from "./session.ts"
import { HostStartError } from "./startErrors.ts"
import { withStartRetry } from "./startRetry.ts"

/** An observer that records frames, with their time in milliseconds since the host was made. */
const recorder = (record: Options["record"]): () => HostOptions["observe"] => () => {
  if (record === undefined) return undefined
  const start = Date.now()
  return (d, fields) => record({ d, ms: Date.now() - start, f: withoutSecret(fields) })
}

/** The hosts. A host that could not be started is an item with its error. */
export type HostPool = Pool.Pool<Either.Either<Session, HostStartError>>

const uncheckedPool = (
  options: Options,
  sizes: SizeLimits,
  times: TimeoutMillis
): Effect.Effect<HostPool, never, CommandExecutor | Scope.Scope> => {
  const connect = options.connect ?? {}
  const remote = (options.prefix?.length ?? 0) > 0
  const secret = connect.password === undefined ? undefined : secretOf(connect.password)
  const scriptText = typeof options.bootstrap === "object" ? "" : script.script(options.prelude)
  const watch = recorder(options.record)
  const start: Effect.Effect<Host, HostStartError, CommandExecutor | Scope.Scope> = Effect.suspend(() =>
    makeHost({
      command: script.commandLine(options),
      remote,
      openingText: (nonce) => script.openingText(nonce, scriptText),
      times,
      sizes,
      observe: watch(),
      redactText: textRedactor(secret),
      redactFields: failureRedactor(secret)
    })
  )
  const acquire = Effect.map(start, (host) => {
    const { bits, edition, version } = host.hello
    options.started?.({ pid: host.pid, edition, version, bits })
    return new Session(host, {
      fields: () => connectFields(connect),
      locale: connect.locale,
      server: connect.server,
      time: times.connect
    })
  })
  const brokenOf = ({ host }: Session): HostStartError | undefined => {
    const detail = host.conversation.broken
    return detail === undefined
      ? undefined
      : new HostStartError({ reason: "Broken", command: script.commandLine(options)[0], detail })
  }
  return Pool.makeWithTTL({
    acquire: withStartRetry(acquire, backoffOf(options.startRetry), brokenOf),
    min: 0,
    max: Math.max(1, options.hosts?.max ?? 1),
    concurrency: sizes.window,
    timeToLive: options.hosts?.idle ?? Duration.seconds(60)
  })
}

/**
 * A pool of hosts that the scope closes. No host is started yet. Fails with `LocalCredentials` when credentials are given for the
 * host's own computer.
 */
export const makeHostPool = (
  options: Options
): Effect.Effect<HostPool, LocalCredentials, CommandExecutor | Scope.Scope> =>
  Effect.suspend((): Effect.Effect<HostPool, LocalCredentials, CommandExecutor | Scope.Scope> => {
    const connect = options.connect ?? {}
    const credentials = connect.user ?? connect.password ?? connect.authority
    return credentials !== undefined && isLocalServer(connect.server)
      ? Effect.fail(
        new LocalCredentials({
          detail: "user, password and authority need a `server`: WMI takes none for its own computer"
        })
      )
      : uncheckedPool(options, sizeLimitsOf(options), timeoutsOf(options))
  })

const startFailed = (failure: HostStartError): ConnectionFailed =>
  new ConnectionFailed({ detail: failure.message, cause: failure })

/** The host ended while it was idle. It is returned to the pool before the next one is taken, because it occupies an item. */
const closedSession = Symbol()

/** Uses a host whose conversation is open. Fails with `ConnectionFailed` when no host can be started. */
export const withSession = <A, E>(
  pool: HostPool,
  use: (session: Session) => Effect.Effect<A, E>
): Effect.Effect<A, E | ConnectionFailed> => {
  const once: Effect.Effect<A | typeof closedSession, E | ConnectionFailed> = Effect.scoped(
    Effect.flatMap(
      Pool.get(pool),
      (item): Effect.Effect<A | typeof closedSession, E | ConnectionFailed, Scope.Scope> =>
        Either.isRight(item) && item.right.open ? use(item.right) : Effect.zipRight(
          Pool.invalidate(pool, item),
          Either.isLeft(item) ? Effect.fail(startFailed(item.left)) : Effect.succeed(closedSession)
        )
    )
  )
  return Effect.flatMap(
    once,
    (answer) => answer === closedSession ? withSession(pool, use) : Effect.succeed(answer as A)
  )
}

/** The `mayRepeat` of a use that changes nothing. */
export const always = (): boolean => true

/**
 * Uses a host, and once more another one if the first disconnects and `mayRepeat` is true. If it is not, or the second host
 * disconnects too, it fails with `TransportFailure`; its `sent` is true only for a use that `changes` something and had started.
 */
export const withSessionRetry = <A>(
  pool: HostPool,
  use: (session: Session) => Effect.Effect<A, SessionError>,
  mayRepeat: (disconnected: HostDisconnected) => boolean,
  changes: boolean
): Effect.Effect<A, WbemError> => {
  const once = withSession(pool, use)
  const fail = (disconnected: HostDisconnected, before = false) =>
    Effect.fail(transportFailure(changes && (disconnected.started || before), disconnected.message))
  return Effect.catchAll(once, (error) => {
    if (!(error instanceof HostDisconnected)) return Effect.fail(error)
    return mayRepeat(error)
      ? Effect.catchAll(
        once,
        (second) => second instanceof HostDisconnected ? fail(second, error.started) : Effect.fail(second)
      )
      : fail(error)
  })
}
