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
import type { Services } from "../../emulator/EmulatedRepository.ts"
import type { StoreFailure } from "../../emulator/StoreFailure.ts"
import * as CimName from "../../model/CimName.ts"
import { isLocalServer } from "../../model/limits.ts"
import * as ObjectPath from "../../model/ObjectPath.ts"
import type * as Snapshot from "../../engine/state/Snapshot.ts"
import type { NamespaceReader } from "../../pipeline/NamespaceReader.ts"
import type { Stages } from "../../pipeline/PutAsync.ts"
import type { WbemError } from "../../protocol/WbemError.ts"
import type * as PowerShellRepository from "../../windows/PowerShellRepository.ts"
import * as Wmi from "../../Wmi.ts"
import { BadInput } from "../terminal/output.ts"
import { isStore, noSuchStore, stages } from "./storeFile.ts"

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
  /** Whether the computer looks for each object before the put of it, so that a report says `Created` or `Updated`. */
  readonly probe?: boolean | undefined
}

/** The options that choose a target. At most one of `store`, `world` and a Windows computer. */
export interface TargetOptions extends HostOptions {
  readonly store?: string | undefined
  readonly world?: string | undefined
}

/** What the reading verbs need of any target: the stages of a put, and lists of namespaces, classes and instances. */
export type TargetServices = Stages | NamespaceReader

/** The layer of an emulator. It also has plans and snapshots. */
export type EmulatorLayer = Layer.Layer<Stages | Services, StoreFailure | WbemError>

/** The layer of any target. It fails if the target cannot be opened. */
export type TargetLayer = Layer.Layer<TargetServices, StoreFailure | WbemError>

/** A target. */
export interface Target {
  readonly kind: "memory" | "store" | "windows"
  /** For messages: `wmi.db`, `the world windows`, `the computer win01`. */
  readonly label: string
  readonly layer: TargetLayer
  /** The layer with plans and snapshots; `undefined` for a Windows computer, which has neither. */
  readonly emulated: EmulatorLayer | undefined
  /** The name of the computer that `--host` names; `undefined` for an emulator and for the computer where PowerShell runs. */
  readonly computer: string | undefined
}

/** What the name of a computer in a path is compared with. */
interface ComputerOf extends Pick<Target, "computer"> {
  readonly kind: Target["kind"] | "files"
}

/** A command that works on files and on no target: a path with the name of another computer is an error. */
export const filesOnly: ComputerOf = { kind: "files", computer: undefined }

/**
 * Splits a text into words as a shell does, with quotes in any place of a word and without expansion: `-o Proxy="ssh -W h:22 jump"` are two
 * words. Throws `BadInput` for a quote that is not closed.
 */
export const words = (text: string): ReadonlyArray<string> => {
  const found = [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+|["']/g)].map(([word]) => word)
  if (found.some((word) => word === '"' || word === "'")) {
    throw new BadInput({ name: "UsageError", message: `a quotation mark is not closed: ${text}`, hint: "close it" })
  }
  return found.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? "")
  )
}

/** Whether the options name a Windows computer. */
export const isHost = ({ host, prefix }: HostOptions): boolean => host !== undefined || prefix !== undefined

/** The options that say how PowerShell starts, and not where. */
const startOptions = {
  powershell: "--powershell",
  bootstrap: "--bootstrap",
  hostFile: "--host-file",
  user: "--user"
} as const

/**
 * Throws `BadInput` for an option of a place without its text, as an unset variable of a shell leaves it, and for options of a Windows computer
 * without a computer. Neither may choose another place than the one that is meant.
 */
export const checkPlaceOptions = (options: TargetOptions): void => {
  for (const name of ["store", "world", "host", "prefix"] as const) {
    if (options[name]?.trim() !== "") continue
    const hint = name === "host" ? "give the name of a computer; . is this one" : "give it a text, or leave it out"
    throw new BadInput({ name: "UsageError", message: `--${name} is empty`, hint })
  }
  if (isHost(options)) return
  for (const [name, option] of Object.entries(startOptions)) {
    if (options[name as keyof typeof startOptions] === undefined) continue
    throw new BadInput({
      name: "UsageError",
      message: `${option} is for a Windows computer, and none is given`,
      hint: "give --host NAME or --prefix WORDS, or leave it out"
    })
  }
}

/** The options of the repository. The password comes from the environment, because other users can read a command line. */
export const repositoryOptions = (given: HostOptions): PowerShellRepository.Options => {
  const password = process.env["EFFECT_WMI_PASSWORD"]
  return {
    ...(given.prefix === undefined ? {} : { prefix: words(given.prefix) }),
    ...(given.powershell === undefined ? {} : { powershell: given.powershell }),
    ...(given.probe === true ? { probe: true } : {}),
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
    .option("--host <name>", "a Windows computer that WMI connects to; . is this computer")
    .option(
      "--prefix <words>",
      'the command that starts PowerShell on another computer, such as "ssh -T -o BatchMode=yes ops@win01"'
    )
    .option(
      "--powershell <command>",
      "the PowerShell to start, powershell.exe by default"
    )
    .addOption(
      new Option("--bootstrap <form>", "how PowerShell gets the script of the host").choices([
        "auto",
        "plain",
        "encoded"
      ])
    )
    .option("--host-file <path>", "the path of the script of the host, installed on that computer before")
    .option("--user <name>", "the user for another computer; EFFECT_WMI_PASSWORD has the password")

/** Adds the options that choose a target. */
export const withTarget = (command: Command): Command =>
  withHost(
    command
      .option("--store <file>", "a SQLite file")
      .option("--world <name>", "an emulated computer in memory, such as windows")
  )

/** The target of the options. The modules of a store, a world and of PowerShell are loaded only where they are needed. */
export const targetOf = async (options: TargetOptions): Promise<Target> => {
  checkPlaceOptions(options)
  const { host, prefix, store, world } = options
  const chosen = [
    store === undefined ? "" : "--store",
    world === undefined ? "" : "--world",
    isHost(options) ? (host === undefined ? "--prefix" : "--host") : ""
  ]
    .filter((name) => name !== "")
  if (chosen.length > 1) {
    throw new BadInput({
      name: "UsageError",
      message: `${chosen.join(" and ")} name different places`,
      hint: "give one of them"
    })
  }
  if (store !== undefined) {
    const layer = await stages(store)
    return { kind: "store", label: store, layer, emulated: layer, computer: undefined }
  }
  if (!isHost(options)) {
    const layer = world === undefined ? Wmi.layerMemory : Wmi.layerMemoryFrom(await worldOf(world))
    const label = world === undefined ? "memory" : `the world ${world}`
    return { kind: "memory", label, layer, emulated: layer, computer: undefined }
  }
  const { layer } = await import("../../windows/PowerShellRepository.ts")
  const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
  const computer = host === undefined || host === "." ? undefined : host
  return {
    kind: "windows",
    label: computer === undefined
      ? prefix === undefined ? "this computer" : "the computer of --prefix"
      : `the computer ${computer}`,
    layer: Layer.provide(Wmi.layer(layer(repositoryOptions(options))), executor),
    emulated: undefined,
    computer
  }
}

/** The state of a world. Throws `BadInput` if it does not exist. */
export const worldOf = async (name: string): Promise<Snapshot.Snapshot> => {
  const Worlds = await import("../../worlds/Worlds.ts")
  const named = Worlds.named(name)
  if (Either.isLeft(named)) throw new BadInput(named.left.message)
  return named.right
}

/** The target of a command that reads. Throws `BadInput` if the options name none, and if the store does not exist. */
export const existingTarget = async (options: TargetOptions): Promise<Target> => {
  checkPlaceOptions(options)
  const { store, world } = options
  if (store === undefined && world === undefined && !isHost(options)) {
    throw new BadInput({
      name: "UsageError",
      message: "there is no place to work",
      hint: "give --store FILE, --world NAME, --host NAME or --prefix WORDS"
    })
  }
  if (store !== undefined && !isStore(store)) throw noSuchStore(store)
  return await targetOf(options)
}

/** Throws `BadInput` if a path or namespace names a computer that is not the one of the target. */
const checkServer = (server: string | undefined, text: string, what: string, target: ComputerOf): void => {
  if (isLocalServer(server) || (target.computer !== undefined && CimName.equals(server!, target.computer))) return
  const hint = target.computer === undefined
    ? target.kind === "windows" || target.kind === "files"
      ? "leave it out"
      : `give --host ${server} to work there, or leave it out`
    : `--host is ${target.computer}; give one of the two`
  throw new BadInput({ message: `${what}: ${text} names the computer ${server}`, name: "UsageError", hint })
}

/** What to do about a path that cannot be read. */
const pathHint = (text: string): string =>
  text.includes("*")
    ? "a path takes no pattern; 'effect-wmi classes PATTERN' lists classes"
    : /=[^"'\s]*[^"'\d\s.+-]/.test(text) && !/["']/.test(text)
    ? `text keys stand in quotation marks: ${text.replace(/=(.*)$/s, '="$1"')}`
    : "'effect-wmi explain --path' shows how a path is read"

const parsedPath = (text: string, what: string, options?: ObjectPath.ParseOptions): ObjectPath.ObjectPath => {
  const parsed = ObjectPath.parse(text, options)
  if (Either.isRight(parsed)) return parsed.right
  throw new BadInput({
    message: `${what}: ${parsed.left.reason} at position ${parsed.left.position} of ${text}`,
    name: "InvalidObjectPath",
    hint: pathHint(text)
  })
}

/**
 * The namespace in a text such as `root\corp`, `root/corp` or `\\.\root\corp`. Throws `BadInput` for a text that is no namespace, and for the
 * name of a computer that is not that of the target. `what` is the option or argument in messages.
 */
export const namespaceOf = (text: string, target: ComputerOf, what: string = "--namespace"): string => {
  const { className, namespace, server } = parsedPath(text, what, { singleIdentAsNamespace: true })
  if (namespace === undefined || className !== undefined) {
    throw new BadInput({ message: `${what}: ${text} is no namespace`, hint: "a namespace is written as root\\cimv2" })
  }
  checkServer(server, text, what, target)
  return namespace
}

/** An object path without a server, and its namespace: that of the path, else the default. Throws as {@link namespaceOf} does. */
export const pathOf = (
  text: string,
  target: Target,
  defaultNamespace: string
): { readonly path: ObjectPath.ObjectPath; readonly namespace: string } => {
  const path = parsedPath(text, "path")
  checkServer(path.server, text, "path", target)
  if (path.className === undefined) {
    const [, parent, name] = /^(.+)\\([^\\]+)$/.exec(path.namespace ?? "") ?? []
    throw new BadInput({
      message: `path: ${text} names no class and no instance`,
      hint: name === undefined
        ? 'a path is Class, Class.Key="value" or root\\namespace:Class'
        : `the object of this namespace is ${parent}:__NAMESPACE.Name="${name}"; --namespace chooses where to look`
    })
  }
  const namespace = path.namespace ?? defaultNamespace
  return { path: ObjectPath.make({ ...path, server: undefined, namespace }), namespace }
}
