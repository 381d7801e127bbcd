/**
 * The report of a put that succeeded.
 *
 * @since 0.1.0
 * @module
 */
import type * as Equal from "effect/Equal"
import * as Inspectable from "effect/Inspectable"
import type * as Pipeable from "effect/Pipeable"
import { hasProperty } from "effect/Predicate"
import { content, Value } from "../model/effectValue.ts"
import * as ObjectPath from "../model/ObjectPath.ts"
import type { OnPrototype } from "../model/WbemObject.ts"

/**
 * Marks reports.
 *
 * @since 0.1.0
 * @category symbols
 */
export const TypeId: unique symbol = /* @__PURE__ */ Symbol.for("effect-wmi/PutReport")

/**
 * The effect of a put on the stored object. `Stored` is the report of a host that does not say which of the three it was.
 *
 * @since 0.1.0
 * @category models
 */
export type Disposition = "Created" | "Updated" | "Unchanged" | "Stored"

/**
 * The report of a put. It is a value of Effect; two reports are equal if all their members are.
 *
 * @since 0.1.0
 * @category models
 */
export interface PutReport extends OnPrototype, Equal.Equal, Inspectable.Inspectable, Pipeable.Pipeable {
  /** Marks reports. */
  readonly [TypeId]: typeof TypeId
  /** The path in the event `ObjectPut` (PA-70). */
  readonly path: ObjectPath.ObjectPath
  /** The effect of the put on the stored object. */
  readonly disposition: Disposition
  /** 0, or a provider's own success code (PA-22). Unsigned. */
  readonly hresult: number
  /**
   * The number of stored objects that the put deleted (PA-83): the instances that a force update removed (U-4), or the instance of another
   * class that had the same identity (ID-4). `undefined` when a host or a provider executed the put, which does not report it.
   */
  readonly deleted: number | undefined
  /** The paths of the deleted objects; absent when none was deleted. */
  readonly removed?: ReadonlyArray<ObjectPath.ObjectPath> | undefined
}

class ReportValue extends Value implements PutReport {
  declare readonly path: ObjectPath.ObjectPath
  declare readonly disposition: Disposition
  declare readonly hresult: number
  declare readonly deleted: number | undefined
  declare readonly removed?: ReadonlyArray<ObjectPath.ObjectPath> | undefined

  constructor(path: ObjectPath.ObjectPath, disposition: Disposition, hresult: number, deleted: number | undefined) {
    super()
    this.path = path
    this.disposition = disposition
    this.hresult = hresult
    this.deleted = deleted
  }

  get [TypeId](): typeof TypeId {
    return TypeId
  }
  override [content](): string {
    const { deleted, disposition, hresult, path, removed = [] } = this
    const paths = [path, ...removed].map((one) => ObjectPath.key(one))
    return JSON.stringify(["PutReport", disposition, hresult, deleted, paths])
  }
  override toJSON(): unknown {
    const { deleted, disposition, hresult, path, removed } = this
    return {
      _id: "PutReport",
      path: ObjectPath.format(path),
      disposition,
      hresult,
      deleted,
      ...(removed === undefined ? {} : { removed: removed.map((one) => ObjectPath.format(one)) })
    }
  }
  override [Inspectable.NodeInspectSymbol](): unknown {
    return this.toJSON()
  }
}

/**
 * A report, as a repository gives it. `hresult` is 0 by default. `deleted` is the number of `removed` paths, and `undefined` (unknown)
 * without them.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { Equal } from "effect"
 * import { ObjectPath, PutReport } from "effect-wmi"
 *
 * const path = ObjectPath.make({ className: "Demo_Disk", keys: [{ name: "Id", value: "C:" }] })
 * const report = PutReport.make(path, "Created", { deleted: 0 })
 *
 * assert.equal(`${report.path}`, 'Demo_Disk.Id="C:"')
 * assert.ok(Equal.equals(report, PutReport.make(path, "Created", { deleted: 0 })))
 * ```
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  path: ObjectPath.ObjectPath,
  disposition: Disposition,
  options?: {
    readonly hresult?: number | undefined
    readonly deleted?: number | undefined
    readonly removed?: ReadonlyArray<ObjectPath.ObjectPath> | undefined
  }
): PutReport => {
  const removed = options?.removed
  const report: { -readonly [K in keyof ReportValue]: ReportValue[K] } = new ReportValue(
    path,
    disposition,
    options?.hresult ?? 0,
    options?.deleted ?? removed?.length
  )
  if (removed !== undefined) report.removed = removed
  return report
}

/**
 * Whether a value is a report.
 *
 * @since 0.1.0
 * @category guards
 */
export const isPutReport = (u: unknown): u is PutReport => hasProperty(u, TypeId)
