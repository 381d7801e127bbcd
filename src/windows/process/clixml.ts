/**
 * Extracts the readable text of CLIXML. Windows PowerShell 5.1 that was started with `-EncodedCommand` writes its error stream as a line
 * `#< CLIXML` and one XML document. The text is for display only, so this is not an XML reader: it takes the `<S S="Error">` elements and unescapes them.
 *
 * @internal
 */

/** The line before the XML document. */
const marker = "#< CLIXML"

/** Whether a text contains CLIXML. */
export const isClixml = (text: string): boolean => text.includes(marker)

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }

const entity = /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/g

const codePoint = (n: number): string => n <= 0x10ffff ? String.fromCodePoint(n) : "\ufffd"

const decoded = (text: string): string =>
  text
    .replace(entity, (_, hex: string | undefined, decimal: string | undefined, name: string | undefined) =>
      name !== undefined ? entities[name]! : codePoint(hex !== undefined ? parseInt(hex, 16) : Number(decimal)))
    // An underscore that could begin an escape sequence is escaped itself, as `_x005F_`.
    .replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) =>
      String.fromCharCode(parseInt(hex, 16)))

const errorText = /<S S="Error">([\s\S]*?)<\/S>/g

/** The text before the CLIXML, and the error text in it. Progress records and other streams are left out. */
export const text = (output: string): string => {
  const start = output.indexOf(marker)
  if (start < 0) return output
  const errors = [...output.slice(start).matchAll(errorText)].map(([, inner]) => decoded(inner!)).join("")
  return (output.slice(0, start) + errors).replace(/\r\n?/g, "\n").trimEnd()
}
