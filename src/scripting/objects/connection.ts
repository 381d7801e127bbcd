/**
 * What an object of a script needs of the services object it came from; `SWbemServicesEx` is one.
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

/** What a script can be wrong about that no type of it says. */
export type Given<A> = A | null | undefined

/** A context: the set of a script, or what the library takes. */
export type Context = Given<SWbemNamedValueSet | NamedValueSet.Input>

/** A sink, seen from here: what the pipeline tells. `SWbemSink` is one. */
export interface ScriptSink {
  readonly sink: PutSink
}

/** The namespace of an object; `A` is the object of a script. */
export interface Connection<A extends { readonly path_: SWbemObjectPath }> {
  readonly server: string
  readonly namespace: string
  readonly locale: string
  readonly security_: SWbemSecurity
  put(object: WbemObject, iFlags: number, context: Context): Promise<SWbemObjectPath>
  putAsync(
    sink: Given<ScriptSink>,
    object: WbemObject,
    iFlags: number,
    context: Context,
    asyncContext: object | null
  ): Promise<void>
  delete(strObjectPath: string, iFlags: number, context: Context): Promise<void>
  /** The object as the namespace has it now, without anything around it. */
  read(strObjectPath: string): Promise<WbemObject>
  instancesOf(strClass: string, iFlags: number, context: Context): Promise<SWbemObjectSet<A>>
  subclassesOf(strSuperclass: string, iFlags: number, context: Context): Promise<SWbemObjectSet<A>>
}
