/**
 * The part of a services object that its script objects use. `SWbemServicesEx` implements it.
 *
 * @internal
 */
import type * as NamedValueSet from "../../model/NamedValueSet.ts"
import type { WbemObject } from "../../model/WbemObject.ts"
import type { PutSink } from "../../pipeline/PutSink.ts"
import type { SWbemNamedValueSet } from "./SWbemNamedValueSet.ts"
import type { SWbemObjectPath } from "./SWbemObjectPath.ts"
import type { SWbemObjectSet } from "./SWbemObjectSet.ts"
import type { SWbemSecurity } from "./SWbemSecurity.ts"

/** An argument that JavaScript code may leave out or pass as `null`. */
export type Nullish<A> = A | null | undefined

/** The context of a call: a script's set, or a context of the library. */
export type CallContextInput = Nullish<SWbemNamedValueSet | NamedValueSet.Input>

/** A sink of a script with the pipeline's sink in it. `SWbemSink` implements it. */
export interface ScriptSink {
  readonly sink: PutSink
}

/** The connection of an object to its namespace; `A` is the type of script objects. */
export interface Connection<A extends { readonly path_: SWbemObjectPath }> {
  readonly server: string
  readonly namespace: string
  readonly locale: string
  readonly security_: SWbemSecurity
  put(object: WbemObject, iFlags: number, context: CallContextInput): Promise<SWbemObjectPath>
  putAsync(
    sink: Nullish<ScriptSink>,
    object: WbemObject,
    iFlags: number,
    context: CallContextInput,
    asyncContext: object | null
  ): Promise<void>
  delete(strObjectPath: string, iFlags: number, context: CallContextInput): Promise<void>
  /** Reads an object of the library from the namespace. */
  read(strObjectPath: string): Promise<WbemObject>
  instancesOf(strClass: string, iFlags: number, context: CallContextInput): Promise<SWbemObjectSet<A>>
  subclassesOf(strSuperclass: string, iFlags: number, context: CallContextInput): Promise<SWbemObjectSet<A>>
}
