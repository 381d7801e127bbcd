/**
 * Where `effect-wmi put` works: a state in memory, a store that may begin as a world, or a Windows computer. A dry run works on a copy.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import type { Services } from "../../emulator/EmulatedRepository.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import * as Wmi from "../../Wmi.ts"
import { isStore, snapshotOf, stages } from "../place/storeFile.ts"
import { isHost, targetOf, type TargetOptions, type TargetServices, worldOf } from "../place/target.ts"
import { BadInput } from "../terminal/output.ts"

/** The layer of an emulator. */
export type EmulatorLayer = Layer.Layer<Stages | Services, { readonly message: string }>

/** The layer of any target. */
export type StagesLayer = Layer.Layer<TargetServices, { readonly message: string }>

/** An emulated target. */
export interface EmulatedPlace {
  readonly kind: "memory" | "store"
  /** In a sentence: `h.db`. */
  readonly label: string
  readonly computer: undefined
  /** Where classes are read before the put; `undefined` if there are none yet. */
  readonly classes: StagesLayer | undefined
  /** The target itself. A new store begins as the world of `--world`. */
  readonly layer: EmulatorLayer
  /** The state from which a dry run starts. */
  readonly state: () => Promise<Snapshot.Snapshot>
  /** A second run takes no `--world`, because the store exists after the first one. */
  readonly beginsAsWorld: boolean
}

/** A Windows computer. */
export interface WindowsPlace {
  readonly kind: "windows"
  readonly label: string
  /** The name that `--host` gives. */
  readonly computer: string | undefined
  readonly layer: StagesLayer
}

/** A target of the command. */
export type Place = EmulatedPlace | WindowsPlace

/** A store that does not exist is made when the layer is built, with a world in it if one is given. */
const storePlace = async (file: string, world: string | undefined): Promise<EmulatedPlace> => {
  const exists = isStore(file)
  if (world === undefined) {
    const layer = await stages(file)
    return {
      kind: "store",
      label: file,
      computer: undefined,
      classes: exists ? layer : undefined,
      layer,
      state: exists ? () => snapshotOf(file) : () => Promise.resolve(Snapshot.empty()),
      beginsAsWorld: false
    }
  }
  if (exists) {
    throw new BadInput({
      file,
      message: `the store exists, so it cannot begin as the world ${world}`,
      hint: "leave out --world, or name a new file"
    })
  }
  const state = await worldOf(world)
  return {
    kind: "store",
    label: file,
    computer: undefined,
    classes: Wmi.layerMemoryFrom(state),
    layer: Layer.tap(
      await stages(file),
      (context) => Effect.uninterruptible(Effect.provide(Wmi.restore(state), context))
    ), // whole or not at all
    state: () => Promise.resolve(state),
    beginsAsWorld: true
  }
}

/** The target of the options. */
export const placeOf = async (options: TargetOptions): Promise<Place> => {
  const { store, world } = options
  if (isHost(options)) {
    const { computer, label, layer } = await targetOf({ ...options, probe: true }) // refuses --store and --world beside a computer
    return { kind: "windows", label, computer, layer }
  }
  if (store !== undefined) return storePlace(store, world)
  const state = world === undefined ? Snapshot.empty() : await worldOf(world)
  return {
    kind: "memory",
    label: world === undefined ? "memory" : `the world ${world}`,
    computer: undefined,
    classes: world === undefined ? undefined : Wmi.layerMemoryFrom(state),
    layer: Wmi.layerMemoryFrom(state),
    state: () => Promise.resolve(state),
    beginsAsWorld: false
  }
}
