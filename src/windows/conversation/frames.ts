/**
 * What a host says: frames decoded and bounded. The far computer is trusted to decide puts, not to be well-behaved, so a frame
 * that is none of these shapes is a fault of the host and not of a put.
 *
 * @internal
 */

/** The kinds of failure a host tells apart. */
export type FailureKind = "wmi" | "windows" | "dispatch" | "host"

/** Why a request failed, as the host says it. Messages are for people and never looked into. */
export interface Failure {
  readonly kind: FailureKind
  /** Unsigned; `undefined` for kind `host`. */
  readonly hresult: number | undefined
  readonly code: string | undefined
  readonly message: string
  readonly where: Readonly<Record<string, string>>
  /** The fields of `SWbemLastError`. */
  readonly status: Readonly<Record<string, string>> | undefined
}

/** The answer to one item of a `putMany`, and to one put. */
export type ItemResult =
  | { readonly ok: true; readonly path: string; readonly was: boolean | undefined }
  | { readonly ok: false; readonly error: Failure }

/** A value as it travels: integers and reals are decimal text. */
export type WireValue = string | boolean | ObjectOut

/** A property of an object that was read. */
export interface PropertyOut {
  readonly name: string
  readonly cim: number
  readonly isArray: boolean
  readonly value: WireValue | ReadonlyArray<WireValue> | null
}

/** An object that was read. */
export interface ObjectOut {
  readonly path: string
  readonly genus: number
  readonly className: string
  readonly properties: ReadonlyArray<PropertyOut>
}

/** An object that was read as MOF. */
export interface MofOut {
  readonly mof: string
}

/** What a host says of itself. */
export interface Hello {
  readonly t: "hello"
  readonly protocol: number
  readonly edition: string
  readonly version: string
  readonly bits: number
  readonly apartment: string
  readonly engines: ReadonlyArray<string>
}

/** A frame. The payload of a result is decoded by whoever asked. */
export type Frame =
  | Hello
  | { readonly t: "start"; readonly id: number }
  | { readonly t: "items"; readonly id: number; readonly from: number; readonly r: ReadonlyArray<ItemResult> }
  | { readonly t: "rows"; readonly id: number; readonly from: number; readonly r: ReadonlyArray<ObjectOut | MofOut> }
  | { readonly t: "res"; readonly id: number; readonly ok: true; readonly result: Fields }
  | { readonly t: "res"; readonly id: number; readonly ok: false; readonly error: Failure }
  | { readonly t: "pong"; readonly id: number }
  | { readonly t: "bye" }

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>

/** Thrown inside this file and caught in its entrances: the frame is none. */
class Bad extends Error {}

const bad = (what: string): never => {
  throw new Bad(what)
}

/** Most characters of a text for people. */
const longestMessage = 4096
/** Most entries of one frame; the host sends 32 items or 64 rows. */
const mostEntries = 1024
/** How deep objects may be embedded. */
export const deepest = 16

const fields = (u: unknown, what: string): Fields =>
  typeof u === "object" && u !== null && !Array.isArray(u) ? u as Fields : bad(`${what} is no object`)

const text = (from: Fields, key: string): string => {
  const value = Object.hasOwn(from, key) ? from[key] : undefined
  return typeof value === "string" ? value : bad(`${key} is no text`)
}

const optionalText = (from: Fields, key: string): string | undefined =>
  Object.hasOwn(from, key) && from[key] !== null ? text(from, key) : undefined

const whole = (from: Fields, key: string): number => {
  const value = Object.hasOwn(from, key) ? from[key] : undefined
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : bad(`${key} is no number`)
}

const list = (from: Fields, key: string, most: number): ReadonlyArray<unknown> => {
  const value = Object.hasOwn(from, key) ? from[key] : undefined
  if (!Array.isArray(value)) return bad(`${key} is no list`)
  return value.length <= most ? value : bad(`${key} has ${value.length} entries`)
}

const texts = (u: unknown): Readonly<Record<string, string>> => {
  const found: Record<string, string> = Object.create(null)
  if (typeof u !== "object" || u === null) return found
  for (const [key, value] of Object.entries(u).slice(0, 32)) {
    if (typeof value === "string") found[key] = value.slice(0, longestMessage)
    else if (typeof value === "number") found[key] = String(value)
  }
  return found
}

const kinds: ReadonlySet<string> = new Set(["wmi", "windows", "dispatch", "host"])
const number = /^[0-9A-Fa-f]{8}$/

const failure = (u: unknown): Failure => {
  const from = fields(u, "error")
  const kind = text(from, "kind")
  if (!kinds.has(kind)) bad(`unknown kind of failure ${kind.slice(0, 40)}`)
  const hresult = optionalText(from, "hresult")
  if (kind !== "host" && (hresult === undefined || !number.test(hresult))) bad("a failure without its number")
  return {
    kind: kind as FailureKind,
    hresult: hresult === undefined || !number.test(hresult) ? undefined : parseInt(hresult, 16),
    code: optionalText(from, "code")?.slice(0, 64),
    message: (optionalText(from, "message") ?? "").slice(0, longestMessage),
    where: texts(from["where"]),
    status: from["status"] === undefined || from["status"] === null ? undefined : texts(from["status"])
  }
}

const put = (from: Fields): ItemResult => {
  const was = from["was"]
  return { ok: true, path: text(from, "path"), was: typeof was === "boolean" ? was : undefined }
}

const item = (u: unknown): ItemResult => {
  const from = fields(u, "item")
  if (from["ok"] === true) return put(from)
  return from["ok"] === false ? { ok: false, error: failure(from["error"]) } : bad("an item that is neither")
}

const value = (u: unknown, depth: number): WireValue =>
  typeof u === "string" || typeof u === "boolean" ? u : object(u, depth + 1)

const property = (u: unknown, depth: number): PropertyOut => {
  const from = fields(u, "property")
  const v = from["v"]
  return {
    name: text(from, "n"),
    cim: whole(from, "t"),
    isArray: from["a"] === true,
    value: v === null ? null : Array.isArray(v) ? v.map((one) => value(one, depth)) : value(v, depth)
  }
}

const object = (u: unknown, depth: number): ObjectOut => {
  if (depth > deepest) bad("objects embedded too deep")
  const from = fields(u, "object")
  return {
    path: optionalText(from, "path") ?? "",
    genus: whole(from, "genus"),
    className: text(from, "class"),
    properties: list(from, "props", 65_536).map((one) => property(one, depth))
  }
}

const read = (u: unknown): ObjectOut | MofOut => {
  const from = fields(u, "object")
  return typeof from["mof"] === "string" ? { mof: from["mof"] } : object(u, 0)
}

const hello = (from: Fields): Hello => ({
  t: "hello",
  protocol: whole(from, "protocol"),
  edition: text(from, "edition"),
  version: text(from, "version"),
  bits: whole(from, "bits"),
  apartment: optionalText(from, "apartment") ?? "",
  engines: list(from, "engines", 64).map((engine) =>
    typeof engine === "string" ? engine : bad("an engine without a name")
  )
})

const readers: Readonly<Record<Frame["t"], (from: Fields) => Frame>> = {
  hello,
  start: (from) => ({ t: "start", id: whole(from, "id") }),
  items: (from) => ({
    t: "items",
    id: whole(from, "id"),
    from: whole(from, "from"),
    r: list(from, "r", mostEntries).map(item)
  }),
  rows: (from) => ({
    t: "rows",
    id: whole(from, "id"),
    from: whole(from, "from"),
    r: list(from, "r", mostEntries).map(read)
  }),
  res: (from) =>
    from["ok"] === true
      ? { t: "res", id: whole(from, "id"), ok: true, result: fields(from["result"], "result") }
      : from["ok"] === false
      ? { t: "res", id: whole(from, "id"), ok: false, error: failure(from["error"]) }
      : bad("a result that is neither"),
  pong: (from) => ({ t: "pong", id: whole(from, "id") }),
  bye: () => ({ t: "bye" })
}

/** A decoded thing, or in one line why it is none. */
export type Decoded<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly fault: string }

const decoding = <A>(decode: () => A): Decoded<A> => {
  try {
    return { ok: true, value: decode() }
  } catch (thrown) {
    if (thrown instanceof Bad) return { ok: false, fault: thrown.message }
    // Not JSON, or nested so deep that the reader gave up: the host's doing as well.
    if (thrown instanceof SyntaxError || thrown instanceof RangeError) return { ok: false, fault: "it is no JSON" }
    throw thrown
  }
}

/** A frame beside the fields it was read from, which a recorder wants. */
export interface Read {
  readonly frame: Frame
  readonly fields: Fields
}

/** Reads a frame. Fields that this version does not know are ignored. `clean` sees the fields first. */
export const frame = (json: string, clean: (fields: Fields) => Fields = (from) => from): Decoded<Read> =>
  decoding(() => {
    const from = clean(fields(JSON.parse(json), "frame"))
    const t = text(from, "t")
    return Object.hasOwn(readers, t)
      ? { frame: readers[t as Frame["t"]](from), fields: from }
      : bad(`unknown frame ${t.slice(0, 40)}`)
  })

/** The result of a put. */
export const putResult = (result: Fields): Decoded<ItemResult & { readonly ok: true }> =>
  decoding(() => put(result) as ItemResult & { readonly ok: true })

/** The result of a `get`. */
export const objectResult = (result: Fields): Decoded<ObjectOut | MofOut> => decoding(() => read(result))

/** The number of the connection that was made. */
export const connectResult = (result: Fields): Decoded<number> => decoding(() => whole(result, "c"))
