/**
 * Colour by meaning. A line of output is text and parts with a role; {@link render} makes one text of them. Foreign text is escaped here,
 * part by part, so that the sequences of the colours are the only ones in the output.
 *
 * @internal
 */
import { styleText } from "node:util"
import { escapeControl } from "../../model/escapeControl.ts"
import { settings, usesColor } from "./settings.ts"

/** The roles that have a colour. */
export type Role = "error" | "warning" | "hint" | "added" | "removed" | "changed" | "heading" | "quiet"

const formats = {
  error: ["red", "bold"],
  warning: ["yellow", "bold"],
  hint: ["cyan"],
  added: ["green"],
  removed: ["red"],
  changed: ["yellow"],
  heading: ["bold"],
  quiet: ["gray"]
} as const

/** A text with a role. */
interface Painted {
  readonly role: Role
  readonly text: string
}

/** A part of a line. */
export type Part = string | Painted

/** Gives a text a role. */
export const paint = (role: Role, text: string): Painted => ({ role, text })

/** One line without its end, with escapes for every control character, and with colour if it is wanted. */
export const render = (parts: ReadonlyArray<Part>, hasColor: boolean): string =>
  parts.map((part) => {
    if (typeof part === "string") return escapeControl(part)
    const text = escapeControl(part.text)
    return hasColor && text !== "" ? styleText([...formats[part.role]], text, { validateStream: false }) : text
  }).join("")

/** Whether standard output or standard error gets colour. */
export const hasColor = (stream: "stdout" | "stderr"): boolean =>
  usesColor(settings().color, process[stream], process.env)
