/**
 * `--repository powershell`: the cases through the client, the wire, PowerShell's own engine and the host script, decided by an
 * emulated namespace behind the loop (`test/windows/loopServer.ts`), which holds what the case begins with.
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

const nobody: World = { runPromiseExit: () => Promise.reject(new Error("no case runs")) }

const extendedStatus = "__ExtendedStatus"

const callsOf = (when: JsonObject): ReadonlyArray<JsonObject> =>
  Array.isArray(when["steps"]) ? when["steps"].filter(isObject) : [when]

/** Whether a case looks at a field somewhere in what it expects. */
const looksAt = (expected: Json | undefined, name: string): boolean =>
  typeof expected === "object" && expected !== null
  && (name in expected || Object.values(expected).some((one) => looksAt(one, name)))

/** What somebody else's Windows tells nobody: the host puts and waits, and hears how it ended. */
const skipReason: CaseRepository["skipReason"] = ({ providers }, when, then) => {
  const calls = callsOf(when)
  const wantsProgress = calls.some(({ flags }) => typeof flags === "number" && (flags & PutFlags.SendStatus) !== 0)
  if (wantsProgress && providers.some(({ progress }) => progress.length > 0)) {
    return "a host hears no progress of a provider"
  }
  if ("deleted" in then) return "a host does not tell how many objects a put deleted"
  if (calls.some(({ holdAt }) => holdAt === "inProvider")) return "nobody can hold a provider over there"
  if (wantsProgress && looksAt(then["providerSaw"], "flags")) return "a host passes no wish for progress on"
  if (providers.some(({ errorObject }) => errorObject !== undefined && errorObject.className !== extendedStatus)) {
    return "a host hears the values of an error object and not its class"
  }
  return providers.some(({ returns }) => returns !== undefined && returns !== 0 && !HResult.isFailure(returns))
    ? "a host hears no success code of a provider"
    : undefined
}

/** Who may do everything shares a connection; whoever may not, or calls from elsewhere, is met by one of his own. */
const isAnybody = ({ caller }: Setup): boolean => !caller.remote && caller.rights === Rights.all

/** One server and one host for the cases, each with a world of its own behind them. */
export const powershell = async (): Promise<CaseRepository> => {
  const engine = await lookForEngine()
  if ("missing" in engine) throw new Error(`there is no PowerShell engine: ${engine.missing}`)
  const scope = Effect.runSync(Scope.make())
  const server = await Effect.runPromise(Scope.extend(serve(nobody), scope))
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
          // The classes of the case before are there no more: a class that is put elsewhere makes the client forget what it knows.
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
        // What is seen of the namespace afterwards, and what it publishes, is the emulator's; every call is the host's.
        return Layer.succeedContext(Context.add(emulated, Repository, Context.get(asked, Repository)))
      })),
    skipReason,
    timeoutMillis: 60_000, // a case may start a host of its own
    close: () => Effect.runPromise(Scope.close(scope, Exit.void))
  }
}
