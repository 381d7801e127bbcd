/**
 * What spans show of the addresses of a store. The user, the password and the parameters of an address are never in it.
 *
 * @internal
 */
import * as Redacted from "effect/Redacted"
import type { SpanAddress } from "../rowDatabase.ts"

type Secret = string | Redacted.Redacted<string>

/** The port that OpenTelemetry's conventions leave out. */
const defaultPort = 5432

/** The parts of one address; none of an address that is no URL with a host. */
const partsOf = (secret: Secret): SpanAddress => {
  try {
    const { hostname, pathname, port } = new URL(typeof secret === "string" ? secret : Redacted.value(secret))
    if (hostname === "") return {}
    const database = decodeURIComponent(pathname.slice(1))
    return {
      ...(database === "" ? {} : { "db.namespace": database }),
      "server.address": decodeURIComponent(hostname.replace(/^\[(.*)\]$/, "$1")),
      ...(port === "" || Number(port) === defaultPort ? {} : { "server.port": Number(port) })
    }
  } catch { // The driver refuses the address, with an error of its own.
    return {}
  }
}

/** The database, if all addresses have one; the server, if there is one address. */
export const spanAddress = (url: Secret | ReadonlyArray<Secret>): SpanAddress => {
  const [first = {}, ...others] = [url].flat().map(partsOf)
  if (others.length === 0) return first
  const database = first["db.namespace"]
  return database !== undefined && others.every((other) => other["db.namespace"] === database)
    ? { "db.namespace": database }
    : {}
}
