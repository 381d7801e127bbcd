/** `given` → a namespace, a caller, a server, handlers: stored without the rules of a put. */
import * as Snapshot from "../../src/engine/Snapshot.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Rights from "../../src/model/Rights.ts"
import type { Caller } from "../../src/protocol/PutRequest.ts"
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

/** The events of a sink (PA-20 to PA-27). */
export const eventNames: ReadonlyArray<string> = ["OnObjectPut", "OnCompleted", "OnProgress", "OnObjectReady"]

export interface Setup {
  readonly snapshot: Snapshot.Snapshot
  /** Everything in it, a copy of its own: what a call may not have touched is compared with this. */
  readonly before: ReturnType<typeof Snapshot.entries>
  readonly caller: Caller
  readonly server: { readonly shuttingDown: boolean; readonly fault: number | undefined }
  readonly sink: { readonly throwsOn: ReadonlyArray<string>; readonly cancelsOn: ReadonlyArray<string> }
  readonly providers: ReadonlyArray<Provider>
}

const withInstance = (snapshot: Snapshot.Snapshot, written: Json): Snapshot.Snapshot => {
  const { class: name, props } = fields(written, "given.instances", ["class", "props"])
  const className = text(name, "given.instances")
  const instance = Instance.make(className, values(className, props, typeIn(snapshot)))
  return Snapshot.withObjects(snapshot, namespace, [instance])
}

const withClass = (snapshot: Snapshot.Snapshot, written: Json): Snapshot.Snapshot => {
  const definition = classObject(fields(written, "given.classes", classFields), typeIn(snapshot))
  return Snapshot.withObjects(snapshot, namespace, [definition])
}

const known = ["classes", "instances", "access", "server", "providers", "sink", "note"]

export const setup = (written: Json | undefined): Setup => {
  const given = fields(written ?? {}, "given", known)
  const classes = list(given["classes"], "given.classes")
    .reduce(withClass, Snapshot.empty({ namespaces: [namespace] }))
  const snapshot = list(given["instances"], "given.instances").reduce(withInstance, classes)
  const server = fields(given["server"] ?? {}, "given.server", ["shuttingDown", "remoteCaller", "fault"])
  const sink = fields(given["sink"] ?? {}, "given.sink", ["throwsOn", "cancelsOn"])
  return {
    snapshot,
    before: structuredClone(Snapshot.entries(snapshot)),
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
