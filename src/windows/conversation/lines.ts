/**
 * Lines of the conversation with a PowerShell host: JSON in ASCII out, and frames found among whatever else stands on its
 * output. Pure; what a frame says is in `hostReply`.
 *
 * @internal
 */

const beyondTilde = /[\u007f-\uffff]/g

const escaped = (unit: string): string => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")

/** JSON with every character above `~` as an escape, so that no code page of any computer on the way can change it. */
export const json = (value: unknown): string => JSON.stringify(value).replace(beyondTilde, escaped)

const surrogate = /\p{Surrogate}/u

/** Whether a text has no half of a surrogate pair in it. The host's JSON reader refuses such a half. */
export const isWellFormed = (text: string): boolean => !surrogate.test(text)

/** What the splitter finds. */
export interface Listener {
  /** The JSON of a frame. */
  readonly frame: (json: string) => void
  /** A line that is no frame: a banner, a warning, an echo. */
  readonly noise: (line: string) => void
  /** A frame longer than any the host sends. */
  readonly tooLong: () => void
}

/** How much of an overlong line that is no frame is kept. */
const kept = 1024

/**
 * Cuts text into lines and finds the frames: a line that holds `EWMI1 <nonce> ` is one from there on, because an escape
 * sequence of a terminal may be glued in front of it. A line that never ends costs no more memory than the longest frame.
 */
export class LineSplitter {
  readonly mark: string
  readonly longest: number
  readonly listener: Listener
  private held: Array<string> = []
  private length = 0
  private skipping = false

  constructor(nonce: string, longest: number, listener: Listener) {
    this.mark = `EWMI1 ${nonce} `
    this.longest = longest
    this.listener = listener
  }

  push(text: string): void {
    let start = 0
    for (;;) {
      const end = text.indexOf("\n", start)
      if (end < 0) break
      this.line(text.slice(start, end))
      start = end + 1
    }
    const rest = text.slice(start)
    if (rest === "" || this.skipping) return
    this.held.push(rest)
    this.length += rest.length
    if (this.length > this.longest) {
      this.overlong(this.taken())
      this.skipping = true
    }
  }

  /** The output has ended: half a line is no frame. */
  end(): void {
    const rest = this.taken()
    if (rest !== "" && !this.skipping) this.listener.noise(rest.slice(0, kept))
  }

  private taken(): string {
    const all = this.held.join("")
    this.held = []
    this.length = 0
    return all
  }

  private overlong(line: string): void {
    if (line.includes(this.mark)) this.listener.tooLong()
    else this.listener.noise(line.slice(0, kept))
  }

  private line(last: string): void {
    if (this.skipping) {
      this.skipping = false
      return
    }
    const line = this.length === 0 ? last : this.taken() + last
    if (line.length > this.longest) return this.overlong(line)
    const at = line.indexOf(this.mark)
    if (at >= 0) this.listener.frame(line.slice(at + this.mark.length))
    else if (line.trim() !== "") this.listener.noise(line.trimEnd())
  }
}

/** The last lines of a stream, for a person: so many of them and no more characters than that. */
export class Tail {
  readonly lines: number
  readonly characters: number
  private held: Array<string> = []

  constructor(lines: number, characters: number) {
    this.lines = lines
    this.characters = characters
  }

  push(line: string): void {
    this.held.push(line.length > this.characters ? line.slice(-this.characters) : line)
    if (this.held.length > this.lines) this.held.shift()
  }

  /** All of it as one text. */
  text(): string {
    return this.held.join("\n").slice(-this.characters)
  }
}
