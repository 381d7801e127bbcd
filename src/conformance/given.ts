/** Reads `given`: the objects of the namespace, the caller, the server and the handlers. Objects are stored without the rules of a put. */
import { freezeObject } from "../model/immutable.ts"
import { normalized } from "../engine/classes/normalizedDefinition.ts"
import * as Snapshot from "../engine/state/Snapshot.ts"
import * as Instance from "../model/Instance.ts"
import * as Rights from "../model/Rights.ts"
import type { WbemObject } from "../model/WbemObject.ts"
import type { Caller } from "../protocol/PutRequest.ts"
import { classFields, classObject, namespace, typeIn, values } from "./objects.ts"
import { type Provider, providers } from "./providers.ts"
import { fields, hresult, type Json, list, text, truth, words } from "./vocabulary.ts"

const rightNames: Readonly<Record<string, Rights.RightName>> = {
  enable: "Enable",
  remoteEnable: "RemoteEnable",
  partialWrite: "PartialWrite",
  fullWrite: "FullWrite",
  providerWrite: "ProviderWrite"
}

/** The names of the sink events (PA-20 to PA-27). */
export const eventNames: ReadonlyArray<string> = ["OnObjectPut", "OnCompleted", "OnProgress", "OnObjectReady"]

/**
 * All entries of a snapshot, for comparison.
 *
 * @since 0.1.0
 * @category models
 */
export type Entries = ReturnType<typeof Snapshot.entries>

/** A deep copy of the entries of a snapshot. */
export const copyOfEntries = (snapshot: Snapshot.Snapshot): Entries => structuredClone(Snapshot.entries(snapshot))

/**
 * The state in which a case begins.
 *
 * @since 0.1.0
 * @category models
 */
export interface Setup {
  /** The state as a snapshot. */
  readonly snapshot: Snapshot.Snapshot
  /** The objects of the snapshot, in the order of creation: parents first, then instances. */
  readonly objects: ReadonlyArray<WbemObject>
  /** A copy of all entries of the snapshot, for the comparison afterwards. */
  readonly before: Entries
  /** The caller of every call of the case. */
  readonly caller: Caller
  /** Whether the service is stopping, and the number that every call fails with, if there is one. */
  readonly server: { readonly shuttingDown: boolean; readonly fault: number | undefined }
  /** The events whose handlers throw, and those whose handlers cancel the call. */
  readonly sink: { readonly throwsOn: ReadonlyArray<string>; readonly cancelsOn: ReadonlyArray<string> }
  /** The providers that are registered for dynamic classes. */
  readonly providers: ReadonlyArray<Provider>
}

/** A snapshot that is built object by object. */
interface Built {
  readonly snapshot: Snapshot.Snapshot
  readonly objects: ReadonlyArray<WbemObject>
}

/** Adds an object, which `read` reads with the snapshot before it. */
const adding = (read: (written: Json, at: Snapshot.Snapshot) => WbemObject) =>
(
  { objects, snapshot }: Built,
  written: Json
): Built => {
  const object = read(written, snapshot)
  return { snapshot: Snapshot.withObjects(snapshot, namespace, [object]), objects: [...objects, object] }
}

const withInstance = adding((written, at) => {
  const { class: name, props } = fields(written, "given.instances", ["class", "props"])
  const className = text(name, "given.instances")
  return Instance.make(className, values(className, props, typeIn(at)))
})

const withClass = adding((written, at) => {
  const definition = freezeObject(classObject(fields(written, "given.classes", classFields), typeIn(at)))
  const { superclass } = definition
  // No rule is checked, but the class is normalised as every stored class: added flavours (qualifiers 2), redeclared defaults (CX-5).
  return normalized(
    definition,
    undefined,
    superclass === undefined ? undefined : Snapshot.resolvedClass(at, namespace, superclass)
  )
})

const known = ["classes", "instances", "access", "server", "providers", "sink", "note"]

export const setup = (written: Json | undefined): Setup => {
  const given = fields(written ?? {}, "given", known)
  const classes = list(given["classes"], "given.classes")
    .reduce(withClass, { snapshot: Snapshot.empty({ namespaces: [namespace] }), objects: [] })
  const { objects, snapshot } = list(given["instances"], "given.instances").reduce(withInstance, classes)
  const server = fields(given["server"] ?? {}, "given.server", ["shuttingDown", "remoteCaller", "fault"])
  const sink = fields(given["sink"] ?? {}, "given.sink", ["throwsOn", "cancelsOn"])
  return {
    snapshot,
    objects,
    before: copyOfEntries(snapshot),
    caller: {
      name: "the caller",
      remote: truth(server["remoteCaller"], "given.server.remoteCaller"),
      rights: given["access"] === undefined
        ? Rights.all
        : Rights.of(...words(given["access"], "given.access", Object.keys(rightNames)).map((word) => rightNames[word]!))
    },
    server: {
      shuttingDown: truth(server["shuttingDown"], "given.server.shuttingDown"),
      fault: server["fault"] === undefined ? undefined : hresult(server["fault"], "given.server.fault")
    },
    sink: {
      throwsOn: words(sink["throwsOn"], "given.sink.throwsOn", eventNames),
      cancelsOn: words(sink["cancelsOn"], "given.sink.cancelsOn", eventNames)
    },
    providers: providers(given["providers"], typeIn(snapshot))
  }
}
