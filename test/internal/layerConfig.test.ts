/** The `layerConfig` of each store and host: options from a config provider, refused options, secrets. */
import * as CommandExecutor from "@effect/platform/CommandExecutor"
import * as SqlClient from "@effect/sql/SqlClient"
import * as Cause from "effect/Cause"
import * as Config from "effect/Config"
import type { ConfigError } from "effect/ConfigError"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import type * as Redacted from "effect/Redacted"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { assert, describe, it } from "vitest"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as VersionedStore from "../../src/storage/kv/VersionedStore.ts"
import * as Postgres from "../../src/storage/postgres/Postgres.ts"
import * as SqlStore from "../../src/storage/sql/SqlStore.ts"
import * as DurableObject from "../../src/storage/sqlite/DurableObject.ts"
import * as Sqlite from "../../src/storage/sqlite/Sqlite.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"

const secret = "hunter2-correct-horse"

const environment = (values: Readonly<Record<string, string>>): Layer.Layer<never> =>
  Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries(values))))

/** The failure of a layer as it is built, and everything that an application may print of it. */
const failure = async <E>(
  layer: Layer.Layer<never, E>,
  values: Readonly<Record<string, string>>
): Promise<{ readonly error: E; readonly printed: string }> => {
  const logged: Array<unknown> = []
  const logger = Logger.replace(Logger.defaultLogger, Logger.make((entry) => logged.push(entry)))
  const exit = await Layer.build(layer as Layer.Layer<unknown, E>).pipe(
    Effect.scoped,
    Effect.tapErrorCause((cause) => Effect.logError("the layer failed", cause)),
    Effect.provide(Layer.mergeAll(environment(values), logger, Logger.minimumLogLevel(LogLevel.All))),
    Effect.runPromiseExit
  )
  assert.isTrue(Exit.isFailure(exit), "the layer was built")
  const { cause } = exit as Exit.Failure<unknown, E>
  const error = Cause.squash(cause) as E
  const printed = [
    String(error),
    JSON.stringify(error),
    Cause.pretty(cause),
    inspect(exit, { depth: 20, showHidden: true }),
    inspect(logged, { depth: 20 })
  ].join("\n")
  return { error, printed }
}

const refused = async <E>(
  layer: Layer.Layer<never, E | ConfigError>,
  values: Readonly<Record<string, string>>
): Promise<string> => {
  const { error, printed } = await failure(layer, values)
  assert.strictEqual((error as ConfigError)._op, "InvalidData", printed)
  assert.notInclude(printed, secret)
  return String(error)
}

const storage: VersionedStore.VersionedStorage = {
  rows: (keys) => Effect.succeed(keys.map(() => undefined)),
  range: () => Effect.succeed([]),
  commit: () => Effect.succeed(true)
}
const objectStorage: DurableObject.Storage = {
  sql: { exec: () => ({ toArray: () => [] }) },
  transactionSync: (closure) => closure()
}
const executor = Layer.succeed(
  CommandExecutor.CommandExecutor,
  CommandExecutor.makeExecutor(() => Effect.die("no process is started"))
)
const noClient = Layer.succeed(SqlClient.SqlClient, {} as SqlClient.SqlClient)
const url = Config.redacted("URL")
const file = Config.succeed(":memory:")

const sqlite = (config: Partial<Config.Config.Wrap<Sqlite.Options & SqlStore.Options>>) =>
  Sqlite.layerConfig({ filename: file, ...config } as Config.Config.Wrap<Sqlite.Options & SqlStore.Options>)
const postgres = (config: Partial<Config.Config.Wrap<Postgres.ConfigOptions>>) =>
  Postgres.layerConfig({ url, ...config } as Config.Config.Wrap<Postgres.ConfigOptions>)
const windows = (config: Config.Config.Wrap<PowerShellRepository.ConfigOptions>) =>
  Layer.provide(PowerShellRepository.layerConfig(config), executor)

/** A layer whose value `X` makes no sense, that value, and what the error says of it. */
type Case = readonly [name: string, layer: Layer.Layer<never, unknown>, value: string, says: string]

const number = Config.number("X")
const text = Config.string("X")
const duration = Config.duration("X")
const cases: ReadonlyArray<Case> = [
  ["Sqlite, empty file name", sqlite({ filename: text }), "", 'filename: "" given, expected a text that is not empty'],
  [
    "Sqlite, unknown mode",
    sqlite({ synchronous: text as never }),
    "OFF",
    'synchronous: "OFF" given, expected one of FULL, NORMAL'
  ],
  ["Sqlite, negative duration", sqlite({ busyTimeout: duration }), "-5 seconds", "busyTimeout: "],
  [
    "Sqlite, zero attempts",
    sqlite({ maxAttempts: number }),
    "0",
    "maxAttempts: 0 given, expected a whole number of at least 1"
  ],
  ["Sqlite, part of a write", sqlite({ maxGroupCommit: number }), "1.5", "maxGroupCommit: 1.5 given"],
  [
    "SqlStore, negative attempts",
    Layer.provide(SqlStore.layerConfig({ maxAttempts: number }), noClient),
    "-1",
    "maxAttempts: -1 given"
  ],
  [
    "Postgres, negative pool",
    postgres({ maxConnections: number }),
    "-3",
    "maxConnections: -3 given, expected a whole number of at least 1"
  ],
  ["Postgres, empty password", postgres({ password: Config.redacted("X") }), "", "password: <redacted> given"],
  ["Postgres, no wait for a connection", postgres({ connectTimeout: duration }), "0 seconds", "connectTimeout: "],
  [
    "Postgres, another database",
    postgres({ url: Config.redacted("X") }),
    `mysql://u:${secret}@h/d`,
    "url: <redacted> given"
  ],
  [
    "Postgres, a port that is a word",
    postgres({ url: Config.redacted("X") }),
    `postgres://u:${secret}@h:x/d`,
    "url: <redacted>"
  ],
  [
    "Postgres, a percent sign",
    postgres({ url: Config.redacted("X") }),
    `postgres://u:%zz${secret}@h/d`,
    "url: <redacted>"
  ],
  [
    "Postgres, one address of several",
    postgres({ url: Config.array(Config.redacted(), "X") }),
    `postgres://u:${secret}@h/d,${secret}`,
    "url: a list given"
  ],
  ["Windows, empty server", windows({ connect: { server: text } }), "", 'connect.server: "" given'],
  [
    "Windows, empty password",
    windows({ connect: { password: Config.redacted("X") } }),
    "",
    "connect.password: <redacted>"
  ],
  [
    "Windows, a level of 5",
    windows({ connect: { impersonation: number as never } }),
    "5",
    "connect.impersonation: 5 given, expected a whole number from 1 to 4"
  ],
  ["Windows, no hosts", windows({ hosts: { max: number } }), "0", "hosts.max: 0 given"],
  ["Windows, a bootstrap that does not exist", windows({ bootstrap: text as never }), "base64", "bootstrap: "],
  ["Windows, a retry that does not exist", windows({ retryUnknown: text as never }), "always", "retryUnknown: "],
  ["Windows, a negative timeout", windows({ timeouts: { request: duration } }), "-1 seconds", "timeouts.request: "],
  [
    "DurableObject, negative attempts",
    DurableObject.layerConfig(objectStorage, { maxAttempts: number }),
    "-1",
    "maxAttempts: -1"
  ],
  [
    "a key-value store, negative attempts",
    VersionedStore.layerConfig(storage, { maxAttempts: number }),
    "-1",
    "maxAttempts: -1"
  ]
]

describe("an option from a config that makes no sense is refused when the layer is built", () => {
  for (const [name, layer, value, says] of cases) {
    it(name, async () => {
      const message = await refused(layer, { X: value, URL: `postgres://wmi:${secret}@db/wmi` })
      assert.include(message, says)
      // The error of a `Config.redacted` has no key; then the member stands there.
      assert.include(
        message,
        says.startsWith("url:") || says.includes("<redacted>") ? ` at ${says.split(":")[0]}: ` : " at X: "
      )
    })
  }

  it("an option that does not exist", async () => {
    const wrong = { filename: file, fileName: text } as Config.Config.Wrap<Sqlite.Options>
    assert.include(await refused(Sqlite.layerConfig(wrong), { X: "a" }), "fileName: there is no such option")
    const group = { connect: { passwrd: Config.redacted("X") } } as Config.Config.Wrap<
      PowerShellRepository.ConfigOptions
    >
    assert.include(await refused(windows(group), { X: secret }), "connect.passwrd: there is no such option")
  })

  it("a plain value in the place of a Config", async () => {
    const plain = { filename: ":memory:" } as unknown as Config.Config.Wrap<Sqlite.Options>
    assert.include(await refused(Sqlite.layerConfig(plain), {}), "filename: it is no Config")
  })

  it("an option of one Config of all options", async () => {
    const all = Config.all({ filename: Config.string("FILE"), maxAttempts: Config.integer("ATTEMPTS") })
    assert.include(await refused(Sqlite.layerConfig(all), { FILE: "a.db", ATTEMPTS: "0" }), "maxAttempts: 0 given")
  })

  it("an option that the provider does not have is MissingData with the key", async () => {
    const { error } = await failure(sqlite({ filename: Config.string("WMI_FILE") }), {})
    assert.include(String(error), "WMI_FILE")
    assert.strictEqual((error as ConfigError)._op, "MissingData")
  })
})

describe("options from a config", () => {
  it("open a file, with a default for an option that the provider does not have", async () => {
    const folder = mkdtempSync(join(tmpdir(), "effect-wmi-config-"))
    const layer = Sqlite.layerConfig({
      filename: Config.string("FILE"),
      synchronous: Config.literal("FULL", "NORMAL")("SYNCHRONOUS").pipe(Config.withDefault("FULL")),
      busyTimeout: Config.duration("BUSY"),
      maxAttempts: Config.integer("ATTEMPTS").pipe(Config.withDefault(undefined))
    })
    const values = environment({ FILE: join(folder, "wmi.db"), BUSY: "2 seconds" })
    const run = <A, E>(program: Effect.Effect<A, E, PutAsync.Stages>) =>
      Effect.runPromise(Effect.provide(program, Layer.provide(Wmi.layer(layer), values)))
    const Disk = PutRequest.make(ClassDefinition.make("Demo_Disk", { Id: Property.key("string") }))
    try {
      assert.strictEqual((await run(PutAsync.put(Disk))).disposition, "Created")
      assert.strictEqual((await run(PutAsync.put(Disk))).disposition, "Unchanged")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it("build the layers of a key-value store and of a Windows host", async () => {
    const run = <E>(layer: Layer.Layer<never, E>) =>
      Effect.runPromise(
        Effect.scoped(Layer.build(Layer.provide(layer, environment({ N: "3", USER: "ops", PW: secret }))))
      )
    await run(VersionedStore.layerConfig(storage, { maxAttempts: Config.integer("N") }))
    await run(VersionedStore.layer(storage))
    await run(windows({
      prefix: Config.succeed(["ssh", "ops@win01"]),
      bootstrap: Config.succeed({ file: "C:\\host.ps1" }),
      connect: { server: Config.succeed("win02"), user: Config.string("USER"), password: Config.redacted("PW") },
      timeouts: { request: Config.succeed("5 seconds") },
      hosts: { max: Config.integer("N") },
      started: Config.succeed(() => {})
    }))
  })
})

describe("a secret", () => {
  const closedPort = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { readonly port: number }
        server.close(() => resolve(port))
      })
    })

  it("of a database that cannot be reached is in no error, log or printed value", async () => {
    const port = await closedPort()
    const inUrl = await failure(postgres({}), { URL: `postgres://wmi:${secret}@127.0.0.1:${port}/wmi` })
    const apart = await failure(postgres({ password: Config.redacted("PW") }), {
      URL: `postgres://wmi@127.0.0.1:${port}/wmi`,
      PW: secret
    })
    const plain = await failure(Postgres.layer({ url: `postgres://wmi:${secret}@127.0.0.1:${port}/wmi` }), {})
    const misspelt = await failure(Postgres.layer({ url: `postgres://wmi:${secret}@127.0.0.1:port/wmi` }), {})
    for (const { error, printed } of [inUrl, apart, plain, misspelt]) {
      assert.strictEqual((error as { readonly _tag: string })._tag, "StoreFailure", printed)
      assert.notInclude(printed, secret)
    }
  })

  it("of its own option takes the place of the password in the address", async () => {
    const passwords: Array<string> = []
    // The first messages of a PostgreSQL server that wants a password in clear text.
    const server = createServer((socket) => {
      socket.on("error", () => {})
      socket.once("data", () => {
        socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]))
        socket.once("data", (answer) => {
          passwords.push(answer.subarray(5, -1).toString())
          socket.destroy()
        })
      })
    })
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { readonly port: number }).port))
    })
    try {
      await failure(postgres({ password: Config.redacted("PW") }), {
        URL: `postgres://wmi:old@127.0.0.1:${port}/wmi`,
        PW: "new & +1/%41"
      })
    } finally {
      server.close()
    }
    assert.deepStrictEqual(passwords, ["new & +1/%41"])
  })

  it("of Windows credentials without a server is in no error, log or printed value", async () => {
    const { error, printed } = await failure(
      windows({ connect: { user: Config.succeed("ops"), password: Config.redacted("PW") } }),
      { PW: secret }
    )
    assert.strictEqual((error as { readonly _tag: string })._tag, "WbemLocalCredentials")
    assert.notInclude(printed, secret)
  })

  it("must be Redacted in a config, and may be plain text in an option", () => {
    // @ts-expect-error the address of a database is a secret
    void Postgres.layerConfig({ url: Config.string("URL") })
    // @ts-expect-error a password is a secret
    void PowerShellRepository.layerConfig({ connect: { password: Config.string("PW") } })
    const one: Postgres.Options = { url: "postgres://u:p@h/d" }
    const several: Postgres.Options = { url: ["postgres://u:p@h/d", null as unknown as Redacted.Redacted<string>] }
    assert.isDefined([one, several])
  })
})
