/** What spans show of the address of a PostgreSQL database. */
import { assert, it } from "vitest"
import { spanAddress } from "../../src/storage/postgres/spanAddress.ts"

const secret = "postgres://wmi:hunter2@db.example:6432/assets?sslmode=require&password=hunter2"

it.each<readonly [string, Parameters<typeof spanAddress>[0], ReturnType<typeof spanAddress>]>([
  [
    "host, port and database, without user, password and parameters",
    [secret],
    { "db.namespace": "assets", "server.address": "db.example", "server.port": 6432 }
  ],
  ["without the default port", ["postgres://db:5432/a%20b"], { "db.namespace": "a b", "server.address": "db" }],
  ["without a database", ["postgresql://u@[::1]"], { "server.address": "::1" }],
  ["of several servers, the database", ["postgres://a/wmi", "postgres://b/wmi"], { "db.namespace": "wmi" }],
  ["of several databases, nothing", ["postgres://a/one", "postgres://b/two"], {}],
  ["of a list of one, its server", ["postgres://a/wmi"], { "db.namespace": "wmi", "server.address": "a" }],
  ["of a socket, nothing", ["socket:/run/postgresql?db=wmi"], {}],
  ["of an address that is none, nothing", ["postgres://wmi:hunter2@/wmi:x"], {}],
  ["of bad percent signs, nothing", ["postgres://db/%zz"], {}]
])("%s", (_, url, expected) => {
  assert.deepStrictEqual(spanAddress(url), expected)
})
