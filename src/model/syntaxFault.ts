/** Reports a syntax error of the path and moniker grammars at its position. @internal */
import * as Either from "effect/Either"

/** A fault of a text. `position` counts UTF-16 units from 0. */
interface Fault {
  readonly _tag: "PathFault"
  readonly input: string
  readonly position: number
  readonly reason: string
}

/** Thrown by a scanner and caught in {@link scanOrFault}. */
export class SyntaxFault {
  readonly position: number
  readonly reason: string
  constructor(position: number, reason: string) {
    this.position = position
    this.reason = reason
  }
}

/** The result of a scanner of `text`, or the fault that it threw. */
export const scanOrFault = <A>(text: string, scan: () => A): Either.Either<A, Fault> => {
  try {
    return Either.right(scan())
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    const position = Math.min(fault.position, text.length)
    return Either.left({ _tag: "PathFault", input: text, position, reason: fault.reason })
  }
}
