/**
 * The providers of a Windows computer in a dry run. They decide puts and deletions of dynamic instances, so a dry run lists the calls and
 * accepts them.
 *
 * @internal
 */
import * as Either from "effect/Either"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type { Registry } from "../../emulator/providers/providerRegistry.ts"
import { notRegistered } from "../../emulator/providers/providerRegistry.ts"
import * as PutReport from "../../protocol/PutReport.ts"

/** A call that a provider would get. */
export interface PlannedCall {
  readonly change: "create" | "update" | "delete"
  readonly path: string
  readonly provider: string
}

/** Providers that accept every call and add it to `calls`. `exists` says whether the computer has an instance. */
export const plannedProviders = (
  calls: Array<PlannedCall>,
  exists: (path: ObjectPath.ObjectPath) => boolean
): Registry => ({
  put: ({ delegate, report }) => {
    const change = exists(report.path) ? "update" : "create"
    calls.push({ change, path: ObjectPath.format(report.path), provider: delegate[0]!.provider })
    return Either.right(PutReport.make(report.path, change === "update" ? "Updated" : "Created", { deleted: 0 }))
  },
  delete: ({ delegate, path }) => {
    calls.push({ change: "delete", path: ObjectPath.format(path), provider: delegate[0]!.provider })
    return Either.right(path)
  },
  get: (provided) => Either.left(notRegistered(provided))
})
