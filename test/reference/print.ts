/** Sequences and outcomes for a person to read. */
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as Rights from "../../src/model/Rights.ts"
import { classText, instanceText } from "./dump.ts"
import type { Outcome, Step } from "./outcome.ts"
import { textOf } from "./values.ts"

export const stepText = (step: Step): string => {
  const { flags, namespace, who } = step
  const what = step._tag === "Delete"
    ? `delete ${ObjectPath.format(step.path)}`
    : `put ${step.object._tag === "Class" ? classText(step.object) : instanceText(step.object)}`
  return [
    what,
    `flags ${Number.isInteger(flags) ? `0x${(flags >>> 0).toString(16)}` : flags}`,
    `into ${namespace}`,
    ...step._tag === "Put" && step.context !== undefined ? [`context ${textOf(step.context)}`] : [],
    ...who.rights === Rights.all && !who.remote
      ? []
      : [`rights 0x${who.rights.toString(16)}${who.remote ? " remote" : ""}`],
    ...who.locale === "ms_409" ? [] : [`locale ${who.locale}`]
  ].join(", ")
}

export const outcomeText = (outcome: Outcome): string => {
  switch (outcome._tag) {
    case "Raised":
    case "Delivered":
      return `${outcome._tag} ${outcome.status} (${outcome.rule}${
        outcome.subject === undefined ? "" : `, ${outcome.subject}`
      })`
    case "Stored":
      return `${outcome.disposition} ${outcome.path}${
        outcome.deleted === 0 || outcome.deleted === undefined ? "" : `, ${outcome.deleted} deleted`
      }`
    case "Deleted":
      return `Deleted ${outcome.path}`
  }
}
