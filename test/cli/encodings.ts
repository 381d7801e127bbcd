/** Texts in the encodings that the command reads. */

/** The encodings; `-bom` has a byte order mark. */
export const encodings = ["utf-8", "utf-8-bom", "utf-16le", "utf-16le-bom", "utf-16be", "utf-16be-bom"] as const

/** The name of an encoding. */
export type EncodingName = typeof encodings[number]

/** The bytes of a text. UTF-16 without a mark is recognised for texts that begin with a character below U+0100. */
export const encoded = (text: string, encoding: EncodingName): Uint8Array<ArrayBuffer> => {
  const marked = encoding.endsWith("-bom") ? `\ufeff${text}` : text
  if (encoding.startsWith("utf-8")) return new TextEncoder().encode(marked)
  const bytes = new Uint8Array(2 * marked.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < marked.length; i++) view.setUint16(2 * i, marked.charCodeAt(i), encoding.startsWith("utf-16le"))
  return bytes
}
