/**
 * Decodes the frames that a host sends and bounds their size. The remote computer is trusted to decide puts but not to keep to the
 * protocol: a frame that has none of these shapes is a protocol violation of the host, not a failed put.
 *
 * @internal
 */

/** The kinds of failure that a host distinguishes. */
export type FailureKind = "wmi" | "windows" | "dispatch" | "host"

/** Why a request failed, as the host reports it. `message` is for people; no code depends on its text. */
export interface Failure {
  readonly kind: FailureKind
  /** The unsigned HRESULT; `undefined` for the kind `host`. */
  readonly hresult: number | undefined
  /** The host's own code, such as `BadValue`; set for the kind `host`. */
  readonly code: string | undefined
  readonly message: string
  /** Which member or class the failure is about, such as `{ property: "Size" }`. */
  readonly where: Readonly<Record<string, string>>
  /** The fields of `SWbemLastError`. */
  readonly status: Readonly<Record<string, string>> | undefined
}

/** The result of one item of a `putMany`, or of a single put. `existed` is set only when the host probed for the object. */
export type ItemResult =
  | { readonly ok: true; readonly path: string; readonly existed: boolean | undefined }
  | { readonly ok: false; readonly error: Failure }

/** A value in a frame: integers and reals are decimal text. */
export type ReceivedValue = string | boolean | ReceivedObject

/** A property of an object that the host read. `cimType` is a number of `CIMTYPE_ENUMERATION`. */
export interface ReceivedProperty {
  readonly name: string
  readonly cimType: number
  readonly isArray: boolean
  readonly value: ReceivedValue | ReadonlyArray<ReceivedValue> | null
}

/** An object that the host read. `genus` is 1 for a class and 2 for an instance. */
export interface ReceivedObject {
  readonly path: string
  readonly genus: number
  readonly className: string
  readonly properties: ReadonlyArray<ReceivedProperty>
}

/** An object that the host read, as MOF text. */
export interface ReceivedMof {
  readonly mof: string
}

/** An object that the host read, in either form. */
export type Received = ReceivedObject | ReceivedMof

/** The host's first frame: its protocol, its PowerShell and its engines. */
export interface Hello {
  readonly t: "hello"
  readonly protocol: number
  readonly edition: string
  readonly version: string
  readonly bits: number
  readonly apartment: string
  readonly engines: ReadonlyArray<string>
}

/** A frame. The sender of the request decodes the payload of its result. */
export type Frame =
  | Hello
  | { readonly t: "start"; readonly id: number }
  | { readonly t: "items"; readonly id: number; readonly from: number; readonly r: ReadonlyArray<ItemResult> }
  | {
    readonly t: "rows"
    readonly id: number
    readonly from: number
    readonly r: ReadonlyArray<Received>
  }
  | { readonly t: "res"; readonly id: number; readonly ok: true; readonly result: Fields }
  | { readonly t: "res"; readonly id: number; readonly ok: false; readonly error: Failure }
  | { readonly t: "pong"; readonly id: number }
  | { readonly t: "bye" }

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>

/** Thrown and caught in this file: the JSON does not have the shape of a frame. */
class InvalidFrame extends Error {}

const invalid = (what: string): never => {
  throw new InvalidFrame(what)
}

/** The number of characters of a message that are kept. */
const maxMessageLength = 4096
/** The largest number of entries in one frame. The host sends 32 items or 64 rows. */
const maxFrameEntries = 1024
/** How deep objects may be embedded in each other. */
export const maxEmbeddingDepth = 16

const requireFields = (input: unknown, what: string): Fields =>
  typeof input === "object" && input !== null && !Array.isArray(input)
    ? input as Fields
    : invalid(`${what} is no object`)

const requireText = (source: Fields, key: string): string => {
  const value = Object.hasOwn(source, key) ? source[key] : undefined
  return typeof value === "string" ? value : invalid(`${key} is no text`)
}

const optionalText = (source: Fields, key: string): string | undefined =>
  Object.hasOwn(source, key) && source[key] !== null ? requireText(source, key) : undefined

const requireInteger = (source: Fields, key: string): number => {
  const value = Object.hasOwn(source, key) ? source[key] : undefined
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : invalid(`${key} is no number`)
}

const requireList = (source: Fields, key: string, maxEntries: number): ReadonlyArray<unknown> => {
  const value = Object.hasOwn(source, key) ? source[key] : undefined
  if (!Array.isArray(value)) return invalid(`${key} is no list`)
  return value.length <= maxEntries ? value : invalid(`${key} has ${value.length} entries`)
}

const textFields = (input: unknown): Readonly<Record<string, string>> => {
  const texts: Record<string, string> = Object.create(null)
  if (typeof input !== "object" || input === null) return texts
  for (const [key, value] of Object.entries(input).slice(0, 32)) {
    if (typeof value === "string") texts[key] = value.slice(0, maxMessageLength)
    else if (typeof value === "number") texts[key] = String(value)
  }
  return texts
}

const failureKinds: ReadonlySet<string> = new Set(["wmi", "windows", "dispatch", "host"])
const hresultText = /^[0-9A-Fa-f]{8}$/

const decodeFailure = (input: unknown): Failure => {
  const source = requireFields(input, "error")
  const kind = requireText(source, "kind")
  if (!failureKinds.has(kind)) invalid(`unknown kind of failure ${kind.slice(0, 40)}`)
  const hresult = optionalText(source, "hresult")
  if (kind !== "host" && (hresult === undefined || !hresultText.test(hresult))) invalid("a failure without its number")
  return {
    kind: kind as FailureKind,
    hresult: hresult === undefined || !hresultText.test(hresult) ? undefined : parseInt(hresult, 16),
    code: optionalText(source, "code")?.slice(0, 64),
    message: (optionalText(source, "message") ?? "").slice(0, maxMessageLength),
    where: textFields(source["where"]),
    status: source["status"] === undefined || source["status"] === null ? undefined : textFields(source["status"])
  }
}

const decodePut = (source: Fields): ItemResult => {
  const existed = source["was"]
  return { ok: true, path: requireText(source, "path"), existed: typeof existed === "boolean" ? existed : undefined }
}

const decodeItem = (input: unknown): ItemResult => {
  const source = requireFields(input, "item")
  if (source["ok"] === true) return decodePut(source)
  return source["ok"] === false
    ? { ok: false, error: decodeFailure(source["error"]) }
    : invalid("an item that is neither")
}

const decodeValue = (input: unknown, depth: number): ReceivedValue =>
  typeof input === "string" || typeof input === "boolean" ? input : decodeObject(input, depth + 1)

const decodeProperty = (input: unknown, depth: number): ReceivedProperty => {
  const source = requireFields(input, "property")
  const v = source["v"]
  return {
    name: requireText(source, "n"),
    cimType: requireInteger(source, "t"),
    isArray: source["a"] === true,
    value: v === null
      ? null
      : Array.isArray(v)
      ? v.map((element) => decodeValue(element, depth))
      : decodeValue(v, depth)
  }
}

const decodeObject = (input: unknown, depth: number): ReceivedObject => {
  if (depth > maxEmbeddingDepth) invalid("objects embedded too deep")
  const source = requireFields(input, "object")
  return {
    path: optionalText(source, "path") ?? "",
    genus: requireInteger(source, "genus"),
    className: requireText(source, "class"),
    properties: requireList(source, "props", 65_536).map((element) => decodeProperty(element, depth))
  }
}

const decodeObjectOrMof = (input: unknown): Received => {
  const source = requireFields(input, "object")
  return typeof source["mof"] === "string" ? { mof: source["mof"] } : decodeObject(input, 0)
}

const decodeHello = (source: Fields): Hello => ({
  t: "hello",
  protocol: requireInteger(source, "protocol"),
  edition: requireText(source, "edition"),
  version: requireText(source, "version"),
  bits: requireInteger(source, "bits"),
  apartment: optionalText(source, "apartment") ?? "",
  engines: requireList(source, "engines", 64).map((engine) =>
    typeof engine === "string" ? engine : invalid("an engine without a name")
  )
})

const frameDecoders: Readonly<Record<Frame["t"], (source: Fields) => Frame>> = {
  hello: decodeHello,
  start: (source) => ({ t: "start", id: requireInteger(source, "id") }),
  items: (source) => ({
    t: "items",
    id: requireInteger(source, "id"),
    from: requireInteger(source, "from"),
    r: requireList(source, "r", maxFrameEntries).map(decodeItem)
  }),
  rows: (source) => ({
    t: "rows",
    id: requireInteger(source, "id"),
    from: requireInteger(source, "from"),
    r: requireList(source, "r", maxFrameEntries).map(decodeObjectOrMof)
  }),
  res: (source) =>
    source["ok"] === true
      ? { t: "res", id: requireInteger(source, "id"), ok: true, result: requireFields(source["result"], "result") }
      : source["ok"] === false
      ? { t: "res", id: requireInteger(source, "id"), ok: false, error: decodeFailure(source["error"]) }
      : invalid("a result that is neither"),
  pong: (source) => ({ t: "pong", id: requireInteger(source, "id") }),
  bye: () => ({ t: "bye" })
}

/** A decoded value, or the reason in one line why it cannot be decoded. */
export type Decoded<A> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly reason: string }

const decodeOrReason = <A>(decode: () => A): Decoded<A> => {
  try {
    return { ok: true, value: decode() }
  } catch (thrown) {
    if (thrown instanceof InvalidFrame) return { ok: false, reason: thrown.message }
    // The text is not JSON, or is nested too deep for the JSON reader.
    if (thrown instanceof SyntaxError || thrown instanceof RangeError) return { ok: false, reason: "it is no JSON" }
    throw thrown
  }
}

/** A frame, and the fields that it was decoded from, for a recording. */
export interface DecodedFrame {
  readonly frame: Frame
  readonly fields: Fields
}

/** Decodes a frame. Unknown fields are ignored. `redact` is applied to the fields first, to remove secrets. */
export const decodeFrame = (
  json: string,
  redact: (fields: Fields) => Fields = (source) => source
): Decoded<DecodedFrame> =>
  decodeOrReason(() => {
    const source = redact(requireFields(JSON.parse(json), "frame"))
    const t = requireText(source, "t")
    return Object.hasOwn(frameDecoders, t)
      ? { frame: frameDecoders[t as Frame["t"]](source), fields: source }
      : invalid(`unknown frame ${t.slice(0, 40)}`)
  })

/** Decodes the result of a put. */
export const decodePutResult = (result: Fields): Decoded<ItemResult & { readonly ok: true }> =>
  decodeOrReason(() => decodePut(result) as ItemResult & { readonly ok: true })

/** Decodes the result of a `get`. */
export const decodeObjectResult = (result: Fields): Decoded<Received> => decodeOrReason(() => decodeObjectOrMof(result))

/** Decodes the result of a `connect`: the number of the connection. */
export const decodeConnectResult = (result: Fields): Decoded<number> =>
  decodeOrReason(() => requireInteger(result, "c"))
