/**
 * `npm run world-agreement -- FOLDER`: compares the classes of the world with those of a real computer, which are in the folder as files
 * of MOF (also gzipped) or of JSON, and prints every difference with its reason. Exits with 1 if a difference has none.
 *
 * `--write` replaces `computerFacts.json` by the facts of that computer about the classes of the world.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as CimName from "../../src/model/CimName.ts"
import type { ClassDefinition } from "../../src/model/WbemObject.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import { agreement, type ClassFacts, type Facts, type FactsFile, factsOf, fromFile, toFile } from "./agreement.ts"

const fail = (message: string): never => {
  console.error(`world-agreement: ${message}`)
  process.exit(2)
}

/** The facts of the classes in a MOF text. */
const factsOfMof = (file: string, text: string): Facts => {
  const result = Mof.parse(text)
  const [error] = result.errors
  if (error !== undefined) fail(`${file}: ${error.message}`)
  const classes = new Map<string, Array<ClassDefinition>>()
  for (const operation of Mof.operations(result)) {
    if (operation._tag !== "Put" || operation.request.object._tag !== "Class") continue
    const namespace = operation.request.namespace ?? Snapshot.defaultNamespace
    classes.set(namespace, [...classes.get(namespace) ?? [], operation.request.object])
  }
  let computer = Snapshot.empty({ namespaces: [...classes.keys()] })
  for (const [namespace, all] of classes) computer = Snapshot.withObjects(computer, namespace, all)
  return factsOf(computer)
}

/** The result of reading; a failure ends the program with a sentence. */
const reading = <A>(what: string, work: () => A): A => {
  try {
    return work()
  } catch (error) {
    return fail(`${what} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const read = (folder: string): Facts => {
  const files = reading(folder, () => readdirSync(folder)).filter((file) => /\.(?:mof|mof\.gz|json)$/.test(file)).sort()
  if (files.length === 0) fail(`${folder} has no file that ends in .mof, .mof.gz or .json`)
  const facts = new Map<string, Map<string, ClassFacts>>()
  for (const file of files) {
    const one = reading(file, () => {
      const bytes = readFileSync(join(folder, file))
      return file.endsWith(".json")
        ? fromFile(JSON.parse(bytes.toString()) as FactsFile)
        : factsOfMof(file, Mof.decode(file.endsWith(".gz") ? gunzipSync(bytes) : bytes).text)
    })
    for (const [namespace, classes] of one) facts.set(namespace, new Map([...facts.get(namespace) ?? [], ...classes]))
  }
  return facts
}

/** The part of the facts that the world has classes for. */
const ofWorld = (facts: Facts, world: Facts): Facts =>
  new Map(
    Array.from(facts, ([namespace, classes]) => {
      const own = Array.from(world.get(namespace)?.keys() ?? [], CimName.fold)
      return [namespace, new Map([...classes].filter(([name]) => own.includes(CimName.fold(name))))] as const
    }).filter(([, classes]) => classes.size > 0)
  )

const [folder, ...rest] = process.argv.slice(2).filter((argument) => argument !== "--write")
if (folder === undefined || rest.length > 0) {
  fail("give the folder with the classes of a computer: npm run world-agreement -- FOLDER [--write]")
} else {
  const world = factsOf(Worlds.windows())
  const computer = read(folder)
  if (process.argv.includes("--write")) {
    const target = fileURLToPath(new URL("computerFacts.json", import.meta.url))
    writeFileSync(target, JSON.stringify(toFile(ofWorld(computer, world)), null, 2) + "\n")
  }
  const { absent, compared, differences, unused } = agreement(world, computer)
  for (const { className, computer, member, namespace, reason, world } of differences) {
    const sides = `here ${world ?? "absent"}, there ${computer ?? "absent"}`
    console.log(`${namespace}:${className} ${member}: ${sides} | ${reason ?? "NO REASON"}`)
  }
  const unexplained = differences.filter(({ reason }) => reason === undefined)
  const classes = new Set(differences.map(({ className }) => className)).size
  console.log(`${compared} classes of the world are on the computer; ${compared - classes} of them are the same`)
  console.log(`${differences.length} differences, ${unexplained.length} of them without a reason`)
  console.log(`${absent.length} classes of the world are not on the computer: ${absent.join(" ")}`)
  for (const row of unused) console.log(`no difference has this reason: ${row}`)
  if (unexplained.length > 0) process.exitCode = 1
}
