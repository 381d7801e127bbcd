/**
 * Where a command works: an emulated namespace in memory, which starts empty or as a world, a store in a SQLite file, or a Windows
 * computer. The verbs run the same program over each of them.
 *
 * @internal
 */
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import { type Command, Option } from "commander"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import type { LocalCredentials } from "../../protocol/WbemError.ts"
import type * as PowerShellRepository from "../../windows/PowerShellRepository.ts"
import * as Wmi from "../../Wmi.ts"
import { BadInput } from "../terminal/output.ts"
import { stages } from "./storeFile.ts"

/** The options of a Windows computer. */
export interface HostOptions {
  /** The computer that WMI connects to; `.` is the one where PowerShell runs. */
  readonly host?: string | undefined
  /** The command that starts PowerShell on another computer, as one text. */
  readonly prefix?: string | undefined
  readonly powershell?: string | undefined
  readonly bootstrap?: "auto" | "plain" | "encoded" | undefined
  /** The script is on that computer already, as this file. */
  readonly hostFile?: string | undefined
  readonly user?: string | undefined
}

/** The options that choose a target. At most one of `store`, `world` and a Windows computer. */
export interface TargetOptions extends HostOptions {
  readonly store?: string | undefined
  readonly world?: string | undefined
}

/** A target. */
export interface Target {
  readonly kind: "memory" | "store" | "windows"
  /** For messages: `wmi.db`, `the world windows`, `the computer win01`. */
  readonly label: string
  readonly layer: Layer.Layer<Stages, StoreFailure | LocalCredentials>
}

/** Splits a text into words as a shell does, with quotes and without expansion. */
export const words = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!)

/** Whether the options name a Windows computer. */
export const isHost = ({ host, prefix }: HostOptions): boolean => host !== undefined || prefix !== undefined

/** The options of the repository. The password comes from the environment, because other users can read a command line. */
export const repositoryOptions = (given: HostOptions): PowerShellRepository.Options => {
  const password = process.env["EFFECT_WMI_PASSWORD"]
  return {
    ...(given.prefix === undefined ? {} : { prefix: words(given.prefix) }),
    ...(given.powershell === undefined ? {} : { powershell: given.powershell }),
    bootstrap: given.hostFile === undefined ? given.bootstrap ?? "auto" : { file: given.hostFile },
    connect: {
      ...(given.host === undefined || given.host === "." ? {} : { server: given.host }),
      ...(given.user === undefined ? {} : { user: given.user }),
      ...(password === undefined ? {} : { password: Redacted.make(password) })
    }
  }
}

/** Adds the options of a Windows computer. */
export const withHost = (command: Command): Command =>
  command
    .option("--host <name>", "a Windows computer that WMI connects to; . is this one")
    .option(
      "--prefix <words>",
      'what carries the command to another computer, such as "ssh -T -o BatchMode=yes ops@win01"'
    )
    .option("--powershell <command>", "which PowerShell")
    .addOption(new Option("--bootstrap <form>", "how the script gets there").choices(["auto", "plain", "encoded"]))
    .option("--host-file <path>", "the script is there already, as this file")
    .option("--user <name>", "as whom; EFFECT_WMI_PASSWORD holds the password")

/** Adds the options that choose a target. */
export const withTarget = (command: Command): Command =>
  withHost(
    command
      .option("--store <file>", "a SQLite file")
      .option("--world <name>", "an emulated computer in memory, such as windows")
  )

/** The target of the options. The modules of a store, a world and of PowerShell are loaded only where they are needed. */
export const targetOf = async (options: TargetOptions): Promise<Target> => {
  const { host, store, world } = options
  const chosen = [
    store === undefined ? "" : "--store",
    world === undefined ? "" : "--world",
    isHost(options) ? "--host" : ""
  ]
    .filter((name) => name !== "")
  if (chosen.length > 1) {
    throw new BadInput({
      name: "UsageError",
      message: `${chosen.join(" and ")} name different places`,
      hint: "give one of them"
    })
  }
  if (store !== undefined) return { kind: "store", label: store, layer: await stages(store) }
  if (world !== undefined) {
    const Worlds = await import("../../worlds/Worlds.ts")
    const named = Worlds.named(world)
    if (Either.isLeft(named)) throw new BadInput(named.left.message)
    return { kind: "memory", label: `the world ${world}`, layer: Wmi.layerMemoryFrom(named.right) }
  }
  if (!isHost(options)) return { kind: "memory", label: "an empty namespace in memory", layer: Wmi.layerMemory }
  const { layer } = await import("../../windows/PowerShellRepository.ts")
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  return {
    kind: "windows",
    label: host === undefined || host === "." ? "the computer" : `the computer ${host}`,
    layer: Layer.provide(Wmi.layer(layer(repositoryOptions(options))), executor)
  }
}
