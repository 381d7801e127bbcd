/**
 * Untrusted text in a line that a person reads: on a terminal, in a log, in a message. Control characters, also those from U+0080 to
 * U+009F, move the cursor or start a sequence; bidirectional marks and line separators change what a reader sees. All of them are
 * written as `\uXXXX`.
 *
 * @internal
 */

/**
 * C0, DEL and C1; the bidirectional marks, embeddings, overrides and isolates; line and paragraph separators; characters without
 * width; half of a surrogate pair.
 */
const unsafe = /* @__PURE__ */ new RegExp(
  "[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]"
    + "|[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]"
    + "|\\udb40[\\udc00-\\udc7f]",
  "g"
)

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`

const escaped = (match: string): string =>
  short[match] ?? Array.from({ length: match.length }, (_, i) => unit(match[i]!)).join("")

/** The text on one line, with escapes for the characters that a terminal acts on. */
export const escapeControl = (text: string): string => /[^ -~]/.test(text) ? text.replace(unsafe, escaped) : text

/** A JSON text with the same content, with JSON escapes for these characters. */
export const escapeControlJson = (json: string): string =>
  json.replace(unsafe, (match) => Array.from({ length: match.length }, (_, i) => unit(match[i]!)).join(""))
