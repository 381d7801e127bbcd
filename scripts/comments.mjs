// Divides a text of TypeScript into code and comments, for the scripts that count them.
import { readdirSync } from "node:fs"

/** The files of a folder and of those below it, sorted. */
export const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`
    return entry.isDirectory() ? filesBelow(file) : [file]
  }).sort()

const beforeRegExp = /(?:[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|do|else|yield|await))\s*$/

const endOfRegExp = (text, start) => {
  let inClass = false
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === "[") inClass = true
    else if (text[at] === "]") inClass = false
    else if (text[at] === "/" && !inClass) return at + 1
  }
  return undefined
}

const endOfString = (text, start) => {
  let at = start + 1
  while (at < text.length && text[at] !== text[start] && text[at] !== "\n") at += text[at] === "\\" ? 2 : 1
  return at + 1
}

/** Pieces `{ kind: "code" | "string" | "comment", start, end }` that together are the text. */
export const pieces = (text) => {
  const result = []
  let start = 0
  const push = (kind, from, to) => {
    if (from > start) result.push({ kind: "code", start, end: from })
    result.push({ kind, start: from, end: to })
    start = to
  }
  const braces = [] // for each `${` of a template that is open, the depth of the braces in it
  const template = (from) => {
    let at = from
    while (at < text.length) {
      if (text[at] === "\\") at += 2
      else if (text[at] === "`") return at + 1
      else if (text.startsWith("${", at)) {
        braces.push(0)
        return at + 2
      } else at++
    }
    return at
  }
  for (let at = 0; at < text.length;) {
    const c = text[at]
    if (text.startsWith("//", at)) {
      const end = text.indexOf("\n", at)
      push("comment", at, end === -1 ? text.length : end)
      at = start
    } else if (text.startsWith("/*", at)) {
      push("comment", at, text.indexOf("*/", at + 2) + 2)
      at = start
    } else if (c === '"' || c === "'") {
      push("string", at, endOfString(text, at))
      at = start
    } else if (c === "`") {
      push("string", at, template(at + 1))
      at = start
    } else if (c === "/" && beforeRegExp.test(text.slice(Math.max(0, at - 20), at))) {
      at = endOfRegExp(text, at) ?? at + 1
    } else if (c === "{" && braces.length > 0) {
      braces[braces.length - 1]++
      at++
    } else if (c === "}" && braces.length > 0) {
      if (braces.at(-1) === 0) {
        braces.pop()
        push("string", at, template(at + 1))
        at = start
      } else {
        braces[braces.length - 1]--
        at++
      }
    } else at++
  }
  if (start < text.length) result.push({ kind: "code", start, end: text.length })
  return result
}

/** The text with spaces in place of the pieces of other kinds; line breaks stay. */
export const only = (text, ...kinds) =>
  pieces(text).map(({ end, kind, start }) => {
    const piece = text.slice(start, end)
    return kinds.includes(kind) ? piece : piece.replace(/[^\n]/g, " ")
  }).join("")

/** The comments with the number of their first and last line. Line comments that follow one another are one comment. */
export const comments = (text) => {
  const result = []
  let line = 1
  let alone = true
  for (const { end, kind, start } of pieces(text)) {
    const piece = text.slice(start, end)
    const last = line + piece.split("\n").length - 1
    if (kind === "comment") {
      const before = result.at(-1)
      const lineStart = text.lastIndexOf("\n", start - 1) + 1
      const ownLine = /^\s*$/.test(text.slice(lineStart, start))
      if (
        before !== undefined && alone && ownLine && before.ownLine && piece.startsWith("//")
        && before.text.startsWith("//")
        && before.last === line - 1
      ) {
        before.text += `\n${piece}`
        before.last = last
      } else result.push({ text: piece, first: line, last, ownLine })
      alone = true
    } else if (/\S/.test(piece)) alone = false
    line = last
  }
  return result
}
