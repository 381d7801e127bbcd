/**
 * Constants of MOF text and their conversion to values of a declared type (`mof` 4, `object-model` 1.1). The conversion
 * is automation coercion, so `s = 23` fits a string and `"True"` fits a boolean.
 *
 * @internal
 */
import * as CimDateTime from "../model/CimDateTime.ts"
import { row, type TypeRef } from "../model/CimType.ts"
import type { CimValue, Instance } from "../model/WbemObject.ts"
import type { Constant, InstanceDraft } from "./drafts.ts"
import type { CodeName } from "./errors.ts"

/** Builds an embedded instance. */
export type Embedded = (draft: InstanceDraft) => Instance

/** Rounds half to even, as automation does. */
const rounded = (value: number): number => {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

const numeric = (constant: Constant): bigint | number | undefined => {
  switch (constant._tag) {
    case "Integer":
    case "Real":
      return constant.value
    case "Char":
      return BigInt(constant.value)
    case "Boolean":
      return constant.value ? -1n : 0n
    case "String": {
      const text = constant.value.trim()
      if (text.length > 64 || !decimal.test(text)) return undefined
      return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, "")) : Number(text)
    }
    default:
      return undefined
  }
}

const textOf = (constant: Constant): string | undefined => {
  switch (constant._tag) {
    case "String":
      return constant.value
    case "Integer":
    case "Real":
      return String(constant.value)
    case "Boolean":
      return constant.value ? "True" : "False"
    case "Char":
      return String.fromCharCode(constant.value)
    default:
      return undefined
  }
}

const integerOf = (constant: Constant, min: bigint, max: bigint): bigint | CodeName => {
  const value = numeric(constant)
  if (value === undefined) return "TypeMismatch"
  if (typeof value === "number" && !Number.isFinite(value)) return "OutOfRange"
  const whole = typeof value === "bigint" ? value : BigInt(rounded(value))
  return whole >= min && whole <= max ? whole : "OutOfRange"
}

const isCode = (u: bigint | CodeName): u is CodeName => typeof u === "string"

/** Converts a constant to a value of a scalar type, or returns the code of the error. */
export const scalar = (
  constant: Constant,
  type: TypeRef["type"],
  embedded: Embedded
): { readonly value: CimValue } | { readonly wrong: CodeName } => {
  if (constant._tag === "Null") return { value: null }
  if (constant._tag === "Array") return { wrong: "UnexpectedArray" }
  const declared = row(type)!
  switch (declared.form) {
    case "integer":
    case "bigint": {
      const whole = integerOf(constant, BigInt(declared.min!), BigInt(declared.max!))
      return isCode(whole) ? { wrong: whole } : { value: declared.form === "bigint" ? whole : Number(whole) }
    }
    case "char16": {
      if (constant._tag === "String") {
        return constant.value.length === 1 ? { value: constant.value.charCodeAt(0) } : { wrong: "TypeMismatch" }
      }
      const unit = integerOf(constant, 0n, 0xffffn)
      return isCode(unit) ? { wrong: unit } : { value: Number(unit) }
    }
    case "real": {
      const value = numeric(constant)
      if (value === undefined) return { wrong: "TypeMismatch" }
      const real = type === "real32" ? Math.fround(Number(value)) : Number(value)
      return Number.isFinite(real) ? { value: real } : { wrong: "OutOfRange" }
    }
    case "boolean": {
      if (constant._tag === "Boolean") return { value: constant.value }
      if (constant._tag === "String") {
        const word = constant.value.trim().toLowerCase()
        if (word === "true" || word === "false") return { value: word === "true" }
      }
      const value = numeric(constant)
      return value === undefined ? { wrong: "TypeMismatch" } : { value: Number(value) !== 0 }
    }
    case "string": {
      const text = textOf(constant)
      return text === undefined
        ? { wrong: constant._tag === "Alias" ? "UnexpectedAlias" : "TypeMismatch" }
        : { value: text }
    }
    case "datetime": {
      const text = constant._tag === "String" ? constant.value : undefined
      return text !== undefined && (CimDateTime.isCimDateTime(text) || CimDateTime.isInterval(text))
        ? { value: text }
        : { wrong: "TypeMismatch" }
    }
    case "reference":
      return constant._tag === "String" ? { value: constant.value } : { wrong: "TypeMismatch" }
    case "object":
      return constant._tag === "Object"
        ? { value: embedded(constant.draft) }
        : { wrong: constant._tag === "Alias" ? "UnexpectedAlias" : "TypeMismatch" }
  }
}

/**
 * The value of a constant of unknown type, as written; `undefined` for an alias. Integers that a number cannot
 * represent exactly are `bigint`.
 */
export const natural = (constant: Constant, embedded: Embedded): CimValue | undefined => {
  switch (constant._tag) {
    case "Null":
      return null
    case "Integer":
      return Number.isSafeInteger(Number(constant.value)) ? Number(constant.value) : constant.value
    case "Alias":
      return undefined
    case "Array": {
      const values: Array<boolean | number | bigint | string | Instance> = []
      for (const element of constant.elements) {
        const value = natural(element, embedded)
        if (value === undefined || value === null) return undefined
        values.push(value as never) // no array: MOF has no arrays of arrays
      }
      return values
    }
    case "Object":
      return embedded(constant.draft)
    default:
      return constant.value
  }
}
