/**
 * Recordings of what was said between this library and a PowerShell host: lines of JSON, secrets replaced.
 *
 * @since 0.1.0
 */

/**
 * One frame: its direction, when it was said, and its fields.
 *
 * @since 0.1.0
 * @category models
 */
export interface Entry {
  /** `>` to the host, `<` from it. */
  readonly d: ">" | "<"
  /** Milliseconds since the host was started. */
  readonly ms: number
  readonly f: Readonly<Record<string, unknown>>
}
