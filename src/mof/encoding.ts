/**
 * Decodes the bytes of a MOF file (`mof` 1): UTF-16 with a byte order mark, else UTF-8 with a mark, else UTF-16 without
 * a mark, else valid UTF-8, else Windows-1252.
 *
 * @since 0.1.0
 */

/**
 * The encodings of MOF files.
 *
 * @since 0.1.0
 * @category models
 */
export type Encoding = "utf-8" | "utf-8-bom" | "utf-16le" | "utf-16be" | "windows-1252"

/** Windows-1252 from 0x80 to 0x9F. The five undefined bytes stay control characters. */
const high = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f"
  + "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178"

/** The longest string in UTF-16 units: V8's limit, the smallest of the supported runtimes. */
export const longestText = 0x1fffffe8

const windows1252 = (bytes: Uint8Array): string => {
  const parts: Array<string> = []
  for (let from = 0; from < bytes.length; from += 8192) {
    const units = Array.from(
      bytes.subarray(from, from + 8192),
      (byte) => byte >= 0x80 && byte < 0xa0 ? high.charCodeAt(byte - 0x80) : byte
    )
    parts.push(String.fromCharCode(...units))
  }
  return parts.join("")
}

/** The text of UTF-16 bytes without a mark. @internal */
export const utf16 = (bytes: Uint8Array, little: boolean): string => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Array<string> = []
  const units: Array<number> = []
  // An odd last byte is half a character. It is read as U+FFFD, whose position the parser reports.
  for (let at = 0; at < bytes.length; at += 2) {
    units.push(at + 1 < bytes.length ? view.getUint16(at, little) : 0xfffd)
    if (units.length === 8192) {
      parts.push(String.fromCharCode(...units))
      units.length = 0
    }
  }
  return parts.join("") + String.fromCharCode(...units)
}

/** The UTF-16 encoding of the bytes, by the mark or the first character; `undefined` for other encodings. @internal */
export const utf16Form = (
  bytes: Uint8Array
): { readonly encoding: "utf-16le" | "utf-16be"; readonly mark: 0 | 2 } | undefined => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: "utf-16le", mark: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: "utf-16be", mark: 2 }
  // 8-bit MOF holds no zero byte, and MOF begins with a character below U+0100. So a zero in the first two bytes means
  // UTF-16.
  if (bytes.length > 1 && bytes[0] !== 0 && bytes[1] === 0) return { encoding: "utf-16le", mark: 0 }
  if (bytes.length > 1 && bytes[0] === 0 && bytes[1] !== 0) return { encoding: "utf-16be", mark: 0 }
  return undefined
}

/** The number of UTF-16 units of UTF-8 bytes, valid or not. */
const unitsOf = (bytes: Uint8Array): number => {
  let units = 0
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte < 0x80 || byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1
  }
  return units
}

const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The text of a file without its mark; `undefined` when it would exceed the longest JavaScript string. This is checked
 * before decoding.
 *
 * @since 0.1.0
 * @category constructors
 */
export const decode = (bytes: Uint8Array): { readonly text: string; readonly encoding: Encoding } | undefined => {
  const wide = utf16Form(bytes)
  if (wide !== undefined) {
    if (bytes.length / 2 > longestText) return undefined
    return { text: utf16(bytes.subarray(wide.mark), wide.encoding === "utf-16le"), encoding: wide.encoding }
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const rest = marked ? bytes.subarray(3) : bytes
  if (rest.length > longestText && unitsOf(rest) > longestText) return undefined
  const text = decodeUtf8(rest)
  if (text !== undefined) return { text, encoding: marked ? "utf-8-bom" : "utf-8" }
  return rest.length > longestText ? undefined : { text: windows1252(rest), encoding: "windows-1252" }
}
