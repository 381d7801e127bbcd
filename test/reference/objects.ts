/** The objects of the model: plain objects, which a put accepts. The library's own objects are such objects too. */
import type { CimValue, PlainClass, PlainInstance } from "../../src/model/WbemObject.ts"

export type ClassDefinition = PlainClass

export interface Instance extends PlainInstance {
  readonly values: Readonly<Record<string, CimValue>>
}

export type WbemObject = ClassDefinition | Instance
