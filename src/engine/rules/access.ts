/**
 * Access to a namespace (`put-async` 10): the rights that its security descriptor grants to the caller, limited by the
 * caller's own rights.
 *
 * @since 0.1.0
 */
import { otherServer } from "../../model/limits.ts"
import { isPlainNamespace, namespaceServer } from "../../model/ObjectPath.ts"
import * as Qualifier from "../../model/Qualifier.ts"
import * as Rights from "../../model/Rights.ts"
import * as SecurityDescriptor from "../../model/SecurityDescriptor.ts"
import type { Instance } from "../../model/WbemObject.ts"
import type { Call, Caller } from "../../protocol/PutRequest.ts"
import { AccessDenied, InvalidNamespace, InvalidParameter } from "../../protocol/WbemError.ts"
import type { ClassFacts, InstanceFacts } from "../Facts.ts"
import type { ResolvedClass } from "../classes/ResolvedClass.ts"
import * as Snapshot from "../state/Snapshot.ts"
import { namespaceRoot, securityRoot } from "../state/namespaceTables.ts"
import type { PutRule } from "./PutRule.ts"

const descriptors: WeakMap<Instance, SecurityDescriptor.SecurityDescriptor> = /* @__PURE__ */ new WeakMap()

/**
 * The parsed descriptor of a stored instance, parsed once; `undefined` for NULL. A descriptor that cannot be parsed
 * grants nothing.
 */
const descriptorOf = (stored: Instance | undefined): SecurityDescriptor.SecurityDescriptor | undefined => {
  if ((stored?.values["SECURITY_DESCRIPTOR"] ?? null) === null || stored === undefined) return undefined
  let descriptor = descriptors.get(stored)
  if (descriptor === undefined) {
    descriptors.set(stored, descriptor = SecurityDescriptor.fromInstance(stored) ?? { entries: [], isProtected: true })
  }
  return descriptor
}

const rightsIn = (snapshot: Snapshot.Snapshot, namespace: string, caller: Caller): number => {
  const stored = Snapshot.descriptors(snapshot, namespace)
  const granted = stored && SecurityDescriptor.granted(stored.map(descriptorOf), [caller.name, ...caller.groups ?? []])
  return caller.rights & (granted ?? -1)
}

/**
 * The error of a caller who lacks a right in a namespace. It names the right.
 *
 * @since 0.1.0
 * @category combinators
 */
export const accessError = (
  snapshot: Snapshot.Snapshot,
  { caller }: Call,
  namespace: string,
  right: Rights.RightName,
  rule: string
): AccessDenied | undefined =>
  Rights.allows(rightsIn(snapshot, namespace, caller), right)
    ? undefined
    : new AccessDenied({ right, namespace, rule, detail: `${caller.name} lacks the right` })

/** A text that is no namespace, or one that lost a backslash in a string literal. */
const isMiswritten = (namespace: string): boolean => /^root\w/i.test(namespace) || !isPlainNamespace(namespace)

/**
 * The error for a namespace that does not exist. It shows how to create one, or how to write a name that was written in another way.
 *
 * @since 0.1.0
 * @category combinators
 */
export const namespaceNotFound = (namespace: string, rule?: string): InvalidNamespace =>
  new InvalidNamespace({
    namespace,
    rule,
    detail: namespaceServer(namespace) !== undefined
      ? otherServer
      : isMiswritten(namespace)
      ? 'in a program one is written "root\\\\cimv2"'
      : "a put of __NAMESPACE in the namespace above creates it, or start from a snapshot with it"
  })

/**
 * Rows 6 and 7 of the start phase (`put-async` 3): the namespace exists, and the caller has the right that every call
 * needs and the right that a remote call needs.
 *
 * @since 0.1.0
 * @category combinators
 */
export const admissionError = (
  snapshot: Snapshot.Snapshot,
  call: Call,
  namespace: string
): AccessDenied | InvalidNamespace | undefined =>
  Snapshot.namespaceName(snapshot, namespace) === undefined
    ? namespaceNotFound(namespace, "put-async 3.6")
    : accessError(snapshot, call, namespace, "Enable", "put-async 3.7")
      ?? (call.caller.remote ? accessError(snapshot, call, namespace, "RemoteEnable", "put-async 3.7") : undefined)

/** The right that writing or deleting an instance of a class needs. Full Write does not imply Provider Write (K-7). */
export const rightFor = (resolvedClass: ResolvedClass): Rights.RightName =>
  resolvedClass.root === securityRoot
    ? "WriteDac"
    : resolvedClass.isSystem
    ? "FullWrite"
    : resolvedClass.isDynamic
    ? "ProviderWrite"
    : "PartialWrite"

/**
 * The error of a caller who may not change or delete a class. This needs Full Write. When the descriptor of the
 * namespace is an instance of the class, and so would be deleted with it, the caller also needs the right to change the
 * descriptor.
 */
export const classAccessError = (
  snapshot: Snapshot.Snapshot,
  call: Call,
  namespace: string,
  resolvedClass: ResolvedClass | undefined,
  rule: string
): AccessDenied | undefined => {
  const violation = accessError(snapshot, call, namespace, "FullWrite", rule)
  if (violation !== undefined || resolvedClass?.root !== securityRoot) return violation
  const descriptor = Snapshot.row(snapshot, namespace, securityRoot, "@")
  return descriptor !== undefined && Snapshot.derivesFrom(snapshot, namespace, descriptor.className, resolvedClass.name)
    ? accessError(snapshot, call, namespace, "WriteDac", rule)
    : undefined
}

/** Row 1 of `class-update` 2. */
export const classWritable: PutRule<ClassFacts> = ({ put, snapshot, storedResolvedClass }) =>
  classAccessError(snapshot, put.call, put.namespace, storedResolvedClass, "class-update 2.1")

/**
 * Text that is split off is a class put in the namespace of the locale. If that namespace does not exist, the rights of
 * the parent namespace apply.
 */
export const amendmentWritable: PutRule<ClassFacts> = ({ amendment, localeNamespace, put, snapshot }) =>
  localeNamespace === undefined || amendment === undefined
    ? undefined
    : accessError(snapshot, put.call, localeNamespace, "FullWrite", "qualifiers 7.3")

/** Row 3 of `instance-put` 1. */
export const instanceWritable: PutRule<InstanceFacts> = ({ resolvedClass, put, snapshot }) =>
  accessError(snapshot, put.call, put.namespace, rightFor(resolvedClass!), "instance-put 1.3")

/**
 * The text of `NamespaceSecuritySDDL`, one string or several that are joined. It takes effect and is not stored
 * (`object-model` 11).
 */
export const securityOf = ({ qualifiers }: Instance): string | undefined => {
  const value = Qualifier.find(qualifiers, "NamespaceSecuritySDDL")?.value
  return value === undefined ? undefined : [value].flat().join("")
}

/**
 * Checked with row 12 of `instance-put` 1: a security descriptor is valid, whether it is put itself or with a
 * namespace. NULL removes the descriptor of the namespace, because its instance cannot be deleted (DL-13).
 */
export const descriptorValid: PutRule<InstanceFacts> = ({ instance, resolvedClass, result }) => {
  const { root } = resolvedClass!
  const bytes = root === securityRoot ? result["SECURITY_DESCRIPTOR"] ?? null : null
  const text = bytes !== null
    ? SecurityDescriptor.fromBytes(bytes)
    : root === namespaceRoot
    ? securityOf(instance)
    : undefined
  return text === undefined || SecurityDescriptor.parse(text) !== undefined
    ? undefined
    : new InvalidParameter({ parameter: "security descriptor", rule: "put-async 10", detail: text.slice(0, 80) })
}
