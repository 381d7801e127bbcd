/**
 * SQL statements as a program: plain code that yields statements and receives their rows, whichever driver runs them.
 *
 * @internal
 */

/** A row as it comes. */
export type Row = Readonly<Record<string, unknown>>

/**
 * The statements of a piece of work, each answered with its rows: plain code, run at once by a driver that answers at once, and as
 * an effect by one that does not. A statement that fails throws {@link StatementFailed} there.
 */
export type Statements<A> = Generator<
  readonly [sql: string, parameters?: ReadonlyArray<unknown>],
  A,
  ReadonlyArray<Row>
>

/** A driver that answers at once refused a statement. */
export class StatementFailed {
  readonly _tag = "StatementFailed"
  readonly cause: unknown
  constructor(cause: unknown) {
    this.cause = cause
  }
}
