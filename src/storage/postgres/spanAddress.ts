/**
 * What spans show of the addresses of a store. The user, the password and the parameters of an address are never in it.
 *
 * @internal
 */
import type { SpanAddress } from "../rowDatabase.ts"

/** The port that OpenTelemetry's conventions leave out. */
const defaultPort = 5432

/** The parts of one address; none of an address that is no URL with a host. */
const partsOf = (url: string): SpanAddress => {
  try {
    const { hostname, pathname, port } = new URL(url)
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
export const spanAddress = (urls: ReadonlyArray<string>): SpanAddress => {
  const [first = {}, ...others] = urls.map(partsOf)
  if (others.length === 0) return first
  const database = first["db.namespace"]
  return database !== undefined && others.every((other) => other["db.namespace"] === database)
    ? { "db.namespace": database }
    : {}
}
