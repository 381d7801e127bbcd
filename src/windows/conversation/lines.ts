/**
 * The lines exchanged with a PowerShell host. A line to the host is JSON in ASCII. The output of the host holds frames among other
 * lines, such as banners; the splitter separates them. Pure code; `frames.ts` decodes the frames.
 *
 * @internal
 */

const notPrintableAscii = /[\u007f-\uffff]/g

const escaped = (unit: string): string => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0")

/** JSON with every character above `~` escaped, so that the code page of a computer in between cannot change it. */
export const json = (value: unknown): string => JSON.stringify(value).replace(notPrintableAscii, escaped)

const surrogate = /\p{Surrogate}/u

/** Whether a text has no lone surrogate. The host's JSON reader refuses lone surrogates. */
export const isWellFormed = (text: string): boolean => !surrogate.test(text)

/** Receives what the splitter finds. */
export interface LineListener {
  /** The JSON of a frame. */
  readonly frame: (json: string) => void
  /** A line that is not a frame: a banner, a warning, an echo. */
  readonly noise: (line: string) => void
  /** A frame longer than the limit. */
  readonly tooLong: () => void
}

/** How many characters of an overlong line that is not a frame are kept. */
const maxNoiseLength = 1024

/**
 * Splits text into lines and finds the frames. A frame begins at `EWMI1 <nonce> ` anywhere in a line, because a terminal escape
 * sequence may precede it. A line that never ends takes no more memory than the longest frame.
 */
export class LineSplitter {
  readonly frameMarker: string
  readonly maxFrameLength: number
  readonly listener: LineListener
  private buffered: Array<string> = []
  private bufferedLength = 0
  private skipping = false

  constructor(nonce: string, maxFrameLength: number, listener: LineListener) {
    this.frameMarker = `EWMI1 ${nonce} `
    this.maxFrameLength = maxFrameLength
    this.listener = listener
  }

  push(text: string): void {
    let start = 0
    for (;;) {
      const end = text.indexOf("\n", start)
      if (end < 0) break
      this.endLine(text.slice(start, end))
      start = end + 1
    }
    const rest = text.slice(start)
    if (rest === "" || this.skipping) return
    this.buffered.push(rest)
    this.bufferedLength += rest.length
    if (this.bufferedLength > this.maxFrameLength) {
      this.reportOverlong(this.takeBuffered())
      this.skipping = true
    }
  }

  /** The output has ended: a line without its end is noise. */
  end(): void {
    const rest = this.takeBuffered()
    if (rest !== "" && !this.skipping) this.listener.noise(rest.slice(0, maxNoiseLength))
  }

  private takeBuffered(): string {
    const text = this.buffered.join("")
    this.buffered = []
    this.bufferedLength = 0
    return text
  }

  private reportOverlong(line: string): void {
    if (line.includes(this.frameMarker)) this.listener.tooLong()
    else this.listener.noise(line.slice(0, maxNoiseLength))
  }

  private endLine(last: string): void {
    if (this.skipping) {
      this.skipping = false
      return
    }
    const line = this.bufferedLength === 0 ? last : this.takeBuffered() + last
    if (line.length > this.maxFrameLength) return this.reportOverlong(line)
    const start = line.indexOf(this.frameMarker)
    if (start >= 0) this.listener.frame(line.slice(start + this.frameMarker.length))
    else if (line.trim() !== "") this.listener.noise(line.trimEnd())
  }
}

/** The last lines of a stream, for a message to a person: at most `maxLines` lines and `maxCharacters` characters. */
export class LastLines {
  readonly maxLines: number
  readonly maxCharacters: number
  private kept: Array<string> = []

  constructor(maxLines: number, maxCharacters: number) {
    this.maxLines = maxLines
    this.maxCharacters = maxCharacters
  }

  push(line: string): void {
    this.kept.push(line.length > this.maxCharacters ? line.slice(-this.maxCharacters) : line)
    if (this.kept.length > this.maxLines) this.kept.shift()
  }

  /** The lines as one text. */
  text(): string {
    return this.kept.join("\n").slice(-this.maxCharacters)
  }
}
