/**
 * A store in PostgreSQL, at one address or at several of which one is the primary.
 *
 * A store has connections of its own, in a pool of `pg`; `layerClient` makes a client of `@effect/sql-pg` for other tables of the
 * database. A store over an existing client (`SqlStore`) does the same with more cost for each statement. Poolers like PgBouncer may
 * be in between, also those that share sessions between transactions.
 *
 * With several addresses, the store works on the server that is not in recovery. When a connection is lost, or a server turns out to
 * be read-only because it is a standby now, the next put waits for a bounded time until some server is the primary. A put that had been
 * sent when the connection was lost is `Unknown` in a bulk run, and the run continues.
 *
 * @since 0.1.0
 * @module
 */
import * as Reactivity from "@effect/experimental/Reactivity"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as SqlClient from "@effect/sql/SqlClient"
import type { SqlError } from "@effect/sql/SqlError"
import type * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as EmulatedRepository from "../../emulator/EmulatedRepository.ts"
import { NamespaceStore } from "../../emulator/NamespaceStore.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import { type Check, checked, type Checks, isDuration, isSecret, isWhole } from "../../internal/checkedConfig.ts"
import * as RowStore from "../rowStore.ts"
import { outsideTransaction } from "../sql/clientDriver.ts"
import { failureOf } from "../sql/failures.ts"
import { storeChecks } from "../optionChecks.ts"
import { prepare } from "../sql/schema.ts"
import * as SqlDatabase from "../sql/sqlDatabase.ts"
import type * as SqlStore from "../sql/SqlStore.ts"
import { type AnswerOptions, answerTimeoutOf } from "../sql/timeouts.ts"
import { postgres } from "./dialect.ts"
import { following, type Reach, type Server } from "./failover.ts"
import { checkIsolation } from "./isolation.ts"
import * as PoolDriver from "./poolDriver.ts"
import { spanAddress } from "./spanAddress.ts"

/**
 * The address of the database, and how many connections are made.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** `postgres://user:password@host:port/database`; with several the store works on the primary. */
  readonly url: string | Redacted.Redacted<string> | ReadonlyArray<string | Redacted.Redacted<string>>
  /** The password, in place of the one of each `url`. */
  readonly password?: string | Redacted.Redacted<string> | undefined
  /** Most connections at a time; 10 if not given. One is enough for the puts of a process, others serve its reads. */
  readonly maxConnections?: number | undefined
  /** How long to wait for a connection; 5 seconds if not given. */
  readonly connectTimeout?: Duration.DurationInput | undefined
  /** With several addresses, how long to wait for a primary after it was lost; 30 seconds if not given. */
  readonly failoverTimeout?: Duration.DurationInput | undefined
}

/**
 * The options of `layerConfig`: the secrets are `Redacted`.
 *
 * @since 0.1.0
 * @category models
 */
export interface ConfigOptions extends Omit<Options, "url" | "password">, SqlStore.Options {
  /** See `Options.url`. */
  readonly url: Redacted.Redacted<string> | ReadonlyArray<Redacted.Redacted<string>>
  /** See `Options.password`. */
  readonly password?: Redacted.Redacted<string> | undefined
}

/** A secret, which a program may give as plain text. */
type Secret = string | Redacted.Redacted<string>

const textOf = (secret: Secret): string => typeof secret === "string" ? secret : Redacted.value(secret)

/** The address with the password of the options. The parser of `pg` prefers the parameter to the part before the `@`. */
const addressOf = (url: Secret, password: Secret | undefined): string => {
  const address = textOf(url)
  if (password === undefined) return address
  return `${address}${address.includes("?") ? "&" : "?"}password=${encodeURIComponent(textOf(password))}`
}

type Opened = Effect.Effect<Reach, SqlError, Scope.Scope | Reactivity.Reactivity>

/** Opens a connection pool and a `SqlClient` over it for one server. */
const at = (options: Options & AnswerOptions, url: Secret): Opened =>
  Effect.flatMap(
    PoolDriver.make({
      url: addressOf(url, options.password),
      maxConnections: options.maxConnections ?? 10,
      connectTimeout: options.connectTimeout ?? defaultConnectTimeout
    }),
    (pool) =>
      Effect.map(PgClient.fromPool({ acquire: Effect.succeed(pool) }), (client) => ({
        client,
        driver: PoolDriver.driver(pool, answerTimeoutOf(options))
      }))
  )

const defaultConnectTimeout: Duration.DurationInput = "5 seconds"

const isOne = (url: Options["url"]): url is Secret => !Array.isArray(url)

const open = (
  options: Options & AnswerOptions
): Effect.Effect<Reach, StoreFailure, Scope.Scope | Reactivity.Reactivity> => {
  const { url } = options
  return Effect.mapError(
    isOne(url) ? at(options, url) : following(url.map((one): Server => at(options, one)), {
      connectTimeout: options.connectTimeout ?? defaultConnectTimeout,
      failoverTimeout: options.failoverTimeout ?? "30 seconds"
    }),
    failureOf
  )
}

/**
 * A client of the database.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: Options
): Effect.Effect<SqlClient.SqlClient, StoreFailure, Scope.Scope | Reactivity.Reactivity> =>
  Effect.map(open(options), ({ client }) => client)

/**
 * A client of the database, for other tables in it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerClient = (options: Options): Layer.Layer<SqlClient.SqlClient, StoreFailure> =>
  Layer.provide(Layer.scoped(SqlClient.SqlClient, make(options)), Reactivity.layer)

/**
 * A store in the database. Its tables are made in the first schema of the user's search path.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerStore = (options: Options & SqlStore.Options): Layer.Layer<NamespaceStore, StoreFailure> =>
  Layer.provide(
    Layer.scoped(
      NamespaceStore,
      Effect.flatMap(open(options), ({ client, driver }) =>
        Effect.as(
          Effect.zipRight(
            // The tables are made through a client; after that only the store uses the connections.
            Effect.provideService(outsideTransaction(prepare), SqlClient.SqlClient, client),
            checkIsolation(driver, options, options.maxConnections)
          ),
          RowStore.make({
            ...SqlDatabase.make(postgres, driver),
            address: spanAddress([options.url].flat().map(textOf))
          }, options)
        ))
    ),
    Reactivity.layer
  )

/**
 * An emulated repository whose namespaces are kept in the database: `Wmi.layer(Postgres.layer({ url }))` in place of
 * `Wmi.layerMemory`. It is not part of `Wmi`, so that other programs do not bundle it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options: Options & SqlStore.Options
): Layer.Layer<EmulatedRepository.Services, StoreFailure> =>
  Layer.provide(EmulatedRepository.layer, layerStore(options))

/** An address that the parser of `pg` reads: the scheme, the host and the percent signs are checked. */
const isAddress = (secret: unknown): boolean => {
  const text = Redacted.isRedacted(secret) ? Redacted.value(secret) : secret
  if (typeof text !== "string" || !/^(?:postgres(?:ql)?|socket):\S+$/.test(text)) return false
  try {
    const { hostname, password, pathname, username } = new URL(text.replace("@/", "@host/"))
    return [hostname, password, pathname, username].every((part) => decodeURIComponent(part) !== undefined)
  } catch {
    return false
  }
}

const isAddresses: Check = (value) => {
  const addresses: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  return addresses.length > 0 && addresses.every(isAddress)
    ? undefined
    : "postgres://user:password@host:port/database, or a list of such addresses"
}

const checks: Checks<ConfigOptions> = {
  url: isAddresses,
  password: isSecret,
  maxConnections: isWhole(1),
  connectTimeout: isDuration,
  failoverTimeout: isDuration,
  ...storeChecks
}

/**
 * The layer of {@link layer} with options that come from `Config`; the address and the password are `Redacted`. An option that makes no
 * sense, such as a negative number of connections, is a `ConfigError` that names the option, before a connection is opened. No error
 * and no log shows a secret.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Config, ConfigProvider, Effect, Layer } from "effect"
 * import { Wmi } from "effect-wmi"
 * import * as Postgres from "effect-wmi/postgres"
 *
 * const repository = Postgres.layerConfig({
 *   url: Config.redacted("DATABASE_URL"),
 *   maxConnections: Config.integer("DATABASE_CONNECTIONS").pipe(Config.withDefault(10))
 * })
 * const environment = Layer.setConfigProvider(ConfigProvider.fromMap(
 *   new Map([["DATABASE_URL", "postgres://wmi:secret@db/wmi"], ["DATABASE_CONNECTIONS", "-1"]])
 * ))
 * const program = Effect.provide(Wmi.namespaces, Wmi.layer(repository).pipe(Layer.provide(environment)))
 * const error = await Effect.runPromise(Effect.flip(program))
 * assert.match(String(error), /maxConnections: -1 given, expected a whole number of at least 1/)
 * ```
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = (
  config: Config.Config.Wrap<ConfigOptions>
): Layer.Layer<EmulatedRepository.Services, StoreFailure | ConfigError> =>
  Layer.unwrapEffect(Effect.map(checked(config, checks), layer))
