/**
 * `--repository powershell`: runs the cases through the client, the protocol, PowerShell's engine and the host script. An emulated
 * namespace behind the loop server (`test/windows/loopServer.ts`) begins with the state of the case and makes the decisions.
 */
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Rights from "../../src/model/Rights.ts"
import * as CallContext from "../../src/pipeline/CallContext.ts"
import * as FlagDecoder from "../../src/pipeline/FlagDecoder.ts"
import * as PutAsync from "../../src/pipeline/PutAsync.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as PutValidator from "../../src/pipeline/PutValidator.ts"
import { Repository } from "../../src/pipeline/Repository.ts"
import * as HResult from "../../src/protocol/HResult.ts"
import * as PutFlags from "../../src/protocol/PutFlags.ts"
import * as PutRequest from "../../src/protocol/PutRequest.ts"
import * as EmulatedRepository from "../../src/emulator/EmulatedRepository.ts"
import { InstanceProviders } from "../../src/emulator/providers/InstanceProvider.ts"
import * as MemoryStore from "../../src/emulator/MemoryStore.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"
import * as Wmi from "../../src/Wmi.ts"
import { lookForEngine } from "../windows/engine.ts"
import { type Needs, serve, type World } from "../windows/loopServer.ts"
import type { Setup } from "../../src/conformance/given.ts"
import { namespace } from "../../src/conformance/objects.ts"
import { type CaseRepository, probeLayer } from "../../src/conformance/caseRepository.ts"
import { isObject, type Json, type JsonObject } from "../../src/conformance/vocabulary.ts"

const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)

const unusedWorld: World = { runPromiseExit: () => Promise.reject(new Error("no case runs")) }

const extendedStatus = "__ExtendedStatus"

const callsOf = (when: JsonObject): ReadonlyArray<JsonObject> =>
  Array.isArray(when["steps"]) ? when["steps"].filter(isObject) : [when]

/** Whether an expectation contains a field at any depth. */
const looksAt = (expected: Json | undefined, name: string): boolean =>
  typeof expected === "object" && expected !== null
  && (name in expected || Object.values(expected).some((one) => looksAt(one, name)))

/** Why a case cannot run: the host puts, waits and reports the outcome, and nothing else can be observed. */
const skipReason: CaseRepository["skipReason"] = ({ providers }, when, then) => {
  const calls = callsOf(when)
  const wantsProgress = calls.some(({ flags }) => typeof flags === "number" && (flags & PutFlags.SendStatus) !== 0)
  if (wantsProgress && providers.some(({ progress }) => progress.length > 0)) {
    return "a host hears no progress of a provider"
  }
  if ("deleted" in then) return "a host does not tell how many objects a put deleted"
  if (calls.some(({ holdAt }) => holdAt === "inProvider")) return "a call cannot be held in a provider of the host"
  if (wantsProgress && looksAt(then["providerSaw"], "flags")) return "a host passes no wish for progress on"
  if (providers.some(({ errorObject }) => errorObject !== undefined && errorObject.className !== extendedStatus)) {
    return "a host hears the values of an error object and not its class"
  }
  return providers.some(({ returns }) => returns !== undefined && returns !== 0 && !HResult.isFailure(returns))
    ? "a host hears no success code of a provider"
    : undefined
}

/** Callers with all rights share a connection. A caller with fewer rights, or a remote one, has a connection of its own. */
const isAnybody = ({ caller }: Setup): boolean => !caller.remote && caller.rights === Rights.all

/** One server and one host for all cases, with a new emulated namespace for each. */
export const powershell = async (): Promise<CaseRepository> => {
  const engine = await lookForEngine()
  if ("missing" in engine) throw new Error(`there is no PowerShell engine: ${engine.missing}`)
  const scope = Effect.runSync(Scope.make())
  const server = await Effect.runPromise(Scope.extend(serve(unusedWorld), scope))
  const hosts = Layer.provide(
    PowerShellRepository.layer({ powershell: engine.command, prelude: server.prelude }),
    executor
  )
  const shared = await Effect.runPromise(Scope.extend(Layer.build(hosts), scope))
  return {
    layer: (setup, providers) =>
      Layer.unwrapScoped(Effect.gen(function* () {
        const emulated = yield* Layer.build(
          Layer.provideMerge(probeLayer, EmulatedRepository.layer).pipe(
            Layer.provide(MemoryStore.layerFrom(setup.snapshot)),
            Layer.provide(Layer.succeed(InstanceProviders, providers))
          )
        )
        const stages = yield* Layer.build(Layer.mergeAll(FlagDecoder.layer, PutValidator.layer, PutSink.layerSilent))
        const world = Context.merge(emulated, stages).pipe(
          Context.add(CallContext.Caller, setup.caller),
          Context.add(CallContext.Server, "TESTSRV"),
          Context.add(CallContext.DefaultNamespace, namespace)
        )
        const answering = (at: Context.Context<Needs>): World => ({
          runPromiseExit: (effect) => Effect.runPromiseExit(Effect.provide(effect, at))
        })
        const asked = isAnybody(setup) ? shared : yield* Layer.build(Layer.orDie(hosts))
        if (asked === shared) {
          // The classes of the last case are gone: putting a class in another namespace makes the client drop its cache.
          const empty = Wmi.layerMemoryFrom(Snapshot.empty({ namespaces: [namespace] }))
          const elsewhere = Context.merge(world, yield* Layer.build(empty))
          server.use(answering(elsewhere))
          yield* Effect.orDie(
            Effect.provide(
              PutAsync.put(PutRequest.make(ClassDefinition.make("Between"))),
              Context.merge(elsewhere, shared)
            )
          )
        }
        server.use(answering(world))
        // The state and the events come from the emulator; every call goes to the host.
        return Layer.succeedContext(Context.add(emulated, Repository, Context.get(asked, Repository)))
      })),
    skipReason,
    timeoutMillis: 60_000, // a case may start a host of its own
    close: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
