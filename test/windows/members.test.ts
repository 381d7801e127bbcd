/**
 * T4: the types and members of System.Management that the managed engine uses, checked against the metadata of the Windows build in
 * the engine's package, which cannot run here.
 */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import * as CimType from "../../src/model/CimType.ts"
import * as script from "../../src/windows/conversation/script.ts"
import { findLauncher } from "./engine.ts"
import { withEngine } from "./sharedHost.ts"

interface Proof {
  readonly assembly: string
  readonly problems: ReadonlyArray<string>
  readonly members: ReadonlyArray<string>
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly hidden: Readonly<Record<string, string>>
}

/** The build for Windows among the runtimes of the launcher. */
const assemblyIn = async (folder: string): Promise<string> => {
  const lib = join(folder, "runtimes", "win", "lib")
  for (const framework of await readdir(lib)) {
    const path = join(lib, framework, "System.Management.dll")
    if (existsSync(path)) return path
  }
  throw new Error(`no System.Management.dll below ${lib}`)
}

const prove = async (scriptText: string): Promise<Proof> => {
  const launcher = await findLauncher()
  if ("missing" in launcher) throw new Error(launcher.missing)
  const folder = await mkdtemp(join(tmpdir(), "ewmi-members-"))
  try {
    const path = join(folder, "host.ps1")
    await writeFile(path, scriptText)
    const { stdout } = await promisify(execFile)(launcher.command, [
      "--members",
      path,
      await assemblyIn(launcher.folder)
    ])
    return JSON.parse(stdout) as Proof
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

withEngine("T4: System.Management has the members that the script uses", () => {
  let whole: Promise<Proof> | undefined
  const proven = (): Promise<Proof> => whole ??= prove(script.script())

  it("every type, constructor, member and argument", async () => {
    const proof = await proven()
    expect(proof.problems).toEqual([])
    expect(proof.assembly).toMatch(/^System\.Management, Version=\d+/)
    expect(proof.members.length).toBeGreaterThan(50)
    expect(proof.members).toEqual(expect.arrayContaining([
      "ManagementClass(ManagementScope scope, ManagementPath path, ObjectGetOptions options)",
      "ManagementClass.Put(PutOptions options) : ManagementPath",
      "PropertyDataCollection.Add(String propertyName, CimType propertyType, Boolean isArray)",
      "QualifierDataCollection.Add(String qualifierName, Object qualifierValue, Boolean isAmended, "
      + "Boolean propagatesToInstance, Boolean propagatesToSubclass, Boolean isOverridable)",
      "MethodDataCollection.Add(String methodName, ManagementBaseObject inParameters, ManagementBaseObject outParameters)",
      "ConnectionOptions.Password : String, set",
      "ManagementException.ErrorCode : ManagementStatus"
    ]))
    expect(proof.hidden).toEqual({ "PutOptions.Flags": "ManagementOptions Int32 not public" })
  })

  it("the numbers of its enumerations are those of the messages", async () => {
    const { enums } = await proven()
    const named = new Map(Object.entries(enums["CimType"]!).map(([name, code]) => [name.toLowerCase(), code]))
    for (const { name, number } of CimType.table) expect(named.get(name)).toBe(number)
    expect(enums["ImpersonationLevel"]).toMatchObject({ Impersonate: 3 })
    expect(enums["AuthenticationLevel"]).toMatchObject({ PacketPrivacy: 6 })
  })

  it("a mistake is found: another name, another order, one argument less, a variable that is not listed", async () => {
    const changes: ReadonlyArray<readonly [string, string]> = [
      ["$writing.UseAmendedQualifiers", "$writing.UseAmended"],
      ["$methods.Add($name, $ins, $outs)", "$methods.Add($name, $ins)"],
      ["[System.Management.CimType]$type, [bool]$array)", "[System.Management.CimType]$type, [string]$array)"],
      ["[System.Management.PutType]::CreateOnly", "[System.Management.PutType]::Create"],
      ["$qualifiers = $property.Qualifiers", "$others = $property.Qualifiers"],
      ["::new([string]$First, $Second)", "::new($Second, [string]$First)"],
      ["GetProperty('Flags'", "GetProperty('Bits'"],
      ["$connection = New-ManagedConnection $at", "$options = New-ManagedConnection $at"]
    ]
    const scriptText = script.script()
    for (const [from, to] of changes) {
      expect(scriptText).toContain(from)
      expect((await prove(scriptText.replace(from, to))).problems, to).not.toEqual([])
    }
  })
})
