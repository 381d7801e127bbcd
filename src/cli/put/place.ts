/**
 * Where `effect-wmi put` works: a state in memory, a store that may begin as a world, or a Windows computer. A dry run works on a copy.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Snapshot from "../../engine/state/Snapshot.ts"
import * as Wmi from "../../Wmi.ts"
import { isStore, snapshotOf, stages } from "../place/storeFile.ts"
import {
  checkPlaceOptions,
  type EmulatorLayer,
  isHost,
  type Target,
  type TargetLayer,
  targetOf,
  type TargetOptions,
  worldOf
} from "../place/target.ts"
import { BadInput } from "../terminal/output.ts"

/** An emulated target. */
interface EmulatedPlace extends Target {
  readonly kind: "memory" | "store"
  /** Where classes are read before the put; `undefined` if there are none yet. */
  readonly classes: TargetLayer | undefined
  /** The target with plans and snapshots. A new store begins as the world of `--world`. */
  readonly emulated: EmulatorLayer
  /** The state from which a dry run starts. */
  readonly state: () => Promise<Snapshot.Snapshot>
  /** A second run takes no `--world`, because the store exists after the first one. */
  readonly beginsAsWorld: boolean
}

/** A Windows computer. */
interface WindowsPlace extends Target {
  readonly kind: "windows"
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
      emulated: layer,
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
  // The state is written whole or not at all.
  const layer = Layer.tap(
    await stages(file),
    (context) => Effect.uninterruptible(Effect.provide(Wmi.restore(state), context))
  )
  return {
    kind: "store",
    label: file,
    computer: undefined,
    classes: Wmi.layerMemoryFrom(state),
    layer,
    emulated: layer,
    state: () => Promise.resolve(state),
    beginsAsWorld: true
  }
}

/** The target of the options. */
export const placeOf = async (options: TargetOptions): Promise<Place> => {
  checkPlaceOptions(options)
  const { store, world } = options
  if (isHost(options)) {
    return { ...await targetOf({ ...options, probe: true }), kind: "windows" } // refuses --store and --world beside a computer
  }
  if (store !== undefined) return storePlace(store, world)
  const state = world === undefined ? Snapshot.empty() : await worldOf(world)
  const layer = Wmi.layerMemoryFrom(state)
  return {
    kind: "memory",
    label: world === undefined ? "memory" : `the world ${world}`,
    computer: undefined,
    classes: world === undefined ? undefined : layer,
    layer,
    emulated: layer,
    state: () => Promise.resolve(state),
    beginsAsWorld: false
  }
}
