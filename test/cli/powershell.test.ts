/**
 * What `Get-CimInstance … | ConvertTo-Json` and `Get-WmiObject … | ConvertTo-Json` print, as input. The files of `powershell/` have the layouts
 * of Windows PowerShell 5.1 and of PowerShell 7; the computers in them do not exist.
 */
import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Stream from "effect/Stream"
import { assert, describe, it } from "vitest"
import { KnownClasses, operations, type OperationsOptions, type StoredClasses } from "../../src/cli/input/input.ts"
import { dateTimeOf } from "../../src/cli/input/json/dateTimes.ts"
import type { Diagnostic } from "../../src/cli/terminal/output.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as CimName from "../../src/model/CimName.ts"
import * as Mof from "../../src/mof/Mof.ts"
import * as BulkPut from "../../src/pipeline/BulkPut.ts"
import type { PutRequest } from "../../src/protocol/PutRequest.ts"
import * as Wmi from "../../src/Wmi.ts"
import * as Worlds from "../../src/worlds/Worlds.ts"
import { encoded } from "./encodings.ts"

const world = Worlds.windows()
const stored: StoredClasses = new Map([[
  "root\\cimv2",
  new Map(Snapshot.classes(world, "root\\cimv2").map((one) => [CimName.fold(one.name), one]))
]])

const fixture = (name: string): string => readFileSync(new URL(`powershell/${name}.json`, import.meta.url), "utf8")

const read = (
  content: string,
  options: Partial<OperationsOptions> & { readonly unknown?: boolean; readonly mof?: string; readonly flags?: number } =
    {}
) => {
  const known = new KnownClasses(options.unknown === true ? undefined : stored)
  const defaults = { namespace: "root\\elsewhere", classFlags: 0, instanceFlags: options.flags ?? 2 }
  if (options.mof !== undefined) {
    known.add([...Mof.operations(Mof.parse(options.mof, { namespace: "root\\elsewhere" }))])
  }
  const bytes = encoded(content, "utf-16le-bom")
  return operations("in.json", bytes, defaults, known, { include: false, includePath: [], ...options })
}

const requestsOf = (result: ReturnType<typeof read>): ReadonlyArray<PutRequest> => {
  assert(Either.isRight(result), Either.isLeft(result) ? JSON.stringify(result.left) : "")
  return result.right.map((operation) => {
    assert(operation._tag === "Put")
    return operation.request
  })
}

/** The class, the namespace and the values of each instance. */
const instances = (...given: Parameters<typeof read>) =>
  requestsOf(read(...given)).map(({ namespace, object }) => {
    assert(object._tag === "Instance")
    return { namespace, class: object.className, values: { ...object.values } }
  })

const faults = (...given: Parameters<typeof read>): ReadonlyArray<string> => {
  const result = read(...given)
  assert(Either.isLeft(result), "no fault was found")
  return (result.left as ReadonlyArray<Diagnostic>).map((one) => `${one.line}:${one.column}: ${one.message}`)
}

const hints = (...given: Parameters<typeof read>): ReadonlyArray<string | undefined> => {
  const result = read(...given)
  assert(Either.isLeft(result))
  return (result.left as ReadonlyArray<Diagnostic>).map(({ hint }) => hint)
}

const drive = (name: string, size: bigint | number, free: bigint | number) => ({
  Status: null,
  Availability: null,
  InstallDate: null,
  DeviceID: name,
  Caption: name,
  Description: "Local Fixed Disk",
  FreeSpace: free,
  Size: size,
  FileSystem: "NTFS",
  DriveType: 3,
  VolumeName: "Daten & Übriges",
  VolumeSerialNumber: name === "C:" ? "5AC3F21B" : "0E31AA07",
  Compressed: false,
  PowerManagementCapabilities: null
})

const system = {
  Name: "Microsoft Windows 11 Pro|C:\\Windows|\\Device\\Harddisk0\\Partition3",
  Caption: "Microsoft Windows 11 Pro",
  CurrentTimeZone: 60,
  FreePhysicalMemory: 8140288,
  CSName: "WS-0417",
  CreationClassName: "Win32_OperatingSystem",
  CSCreationClassName: "Win32_ComputerSystem",
  MUILanguages: ["de-DE"],
  Primary: true,
  ServicePackMajorVersion: 0
}

describe("the objects that PowerShell prints", () => {
  it("Get-CimInstance in 5.1: the class and the namespace of the object, and nothing of the computer", () => {
    assert.deepStrictEqual(instances(fixture("disks-5.1")), [
      { namespace: "root\\cimv2", class: "Win32_LogicalDisk", values: drive("C:", 511101108224, 9007199254740993n) },
      { namespace: "root\\cimv2", class: "Win32_LogicalDisk", values: drive("D:", 18446744073709551615n, 0) }
    ])
    assert.deepStrictEqual(requestsOf(read(fixture("disks-5.1"))).map(({ flags }) => flags), [2, 2])
  })

  it("timestamps of 5.1 are in UTC, those of 7 have their offset", () => {
    assert.deepStrictEqual(instances(fixture("system-5.1"))[0]!.values, {
      ...system,
      InstallDate: "20231114221320.000000+000",
      LastBootUpTime: "20261130060211.500000+000"
    })
    assert.deepStrictEqual(instances(fixture("system-7"))[0]!.values, {
      ...system,
      InstallDate: "20231114231320.000000+060",
      LastBootUpTime: "20261130070211.500000+060"
    })
  })

  it("the types of the object itself serve where the class is not known", () => {
    for (const name of ["system-5.1", "system-7"]) {
      assert.deepStrictEqual(instances(fixture(name), { unknown: true }), instances(fixture(name)))
    }
  })

  it("members of PowerShell's own type data are dropped by a list", () => {
    const [process] = instances(fixture("process-5.1"))
    assert.deepStrictEqual(Object.keys(process!.values), [
      "ProcessId",
      "Handle",
      "Name",
      "CreationDate",
      "ExecutablePath",
      "HandleCount",
      "VirtualSize",
      "WorkingSetSize",
      "OSName",
      "OSCreationClassName",
      "CSName",
      "CSCreationClassName",
      "CreationClassName",
      "KernelModeTime"
    ])
    assert.strictEqual(process!.values["CreationDate"], "20261130060320.123000+000")
  })

  it("any other member that the object does not list is an error", () => {
    const content = fixture("process-5.1").replace('"WS":', '"Owner":')
    assert.deepStrictEqual(faults(content), [
      "19:15: Owner: Owner is no property of the object: CimInstanceProperties does not have it, so PowerShell added it"
    ])
    assert.deepStrictEqual(hints(content), ["leave it out: Select-Object * -ExcludeProperty Owner"])
  })

  it("references are paths", () => {
    assert.deepStrictEqual(instances(fixture("association-7"))[0]!.values, {
      Antecedent: '\\\\.\\root\\cimv2:Win32_DiskPartition.DeviceID="Disk #0, Partition #2"',
      Dependent: '\\\\.\\root\\cimv2:Win32_LogicalDisk.DeviceID="C:"',
      StartingAddress: 123731968,
      EndingAddress: 511225077759
    })
  })

  it("Get-WmiObject: system properties and members of .NET are dropped, a property of such a name is kept", () => {
    const [fix, share] = instances(fixture("wmi-5.1"))
    assert.deepStrictEqual(fix, {
      namespace: "root\\cimv2",
      class: "Win32_QuickFixEngineering",
      values: {
        Caption: "http://support.microsoft.com/?kbid=5031358",
        CSName: "SRV-02",
        Description: "Security Update",
        FixComments: "",
        HotFixID: "KB5031358",
        InstallDate: null,
        InstalledBy: "NT AUTHORITY\\SYSTEM",
        InstalledOn: "10/11/2023",
        Name: null,
        ServicePackInEffect: "",
        Status: null
      }
    })
    assert.strictEqual(share!.values["Path"], "D:\\Daten")
    assert.strictEqual(share!.values["InstallDate"], "20231114231320.000000+060")
    assert.deepStrictEqual([share!.values["Caption"], share!.values["Description"]], ["Team's files", "<Übergabe>"])
  })

  it("objects of Select-Object have the class of the option, and the namespace of the command line", () => {
    assert.deepStrictEqual(instances(fixture("selected-7"), { class: "Win32_LogicalDisk" }), [
      {
        namespace: "root\\elsewhere",
        class: "Win32_LogicalDisk",
        values: { DeviceID: "C:", Size: 511101108224, FreeSpace: 9007199254740993n }
      },
      {
        namespace: "root\\elsewhere",
        class: "Win32_LogicalDisk",
        values: { DeviceID: "D:", Size: 18446744073709551615n, FreeSpace: 0 }
      }
    ])
    // The class of an object comes before the option.
    assert.strictEqual(instances(fixture("disks-5.1"), { class: "Other" })[0]!.class, "Win32_LogicalDisk")
  })

  it("a world takes all of them", async () => {
    const names = ["disks-5.1", "system-5.1", "system-7", "process-5.1", "association-7", "wmi-5.1"]
    const requests = names.flatMap((name) => requestsOf(read(fixture(name), { flags: 0 })))
    const outcomes = await Effect.runPromise(
      Effect.provide(Stream.runCollect(BulkPut.run({})(Stream.fromIterable(requests))), Wmi.layerMemoryFrom(world))
    )
    assert.deepStrictEqual(
      [...outcomes].map((one) => one._tag === "Committed" ? one._tag : one.error.message),
      requests.map(() => "Committed")
    )
  })
})

const classes =
  "class Part { uint32 N; }; class Demo { [key] string Id; Part One; Part Many[]; string Words[]; datetime At; datetime For; char16 Letter; real64 R; uint32 Small; Demo ref To; };"

const demo = (members: object) =>
  JSON.stringify({ Id: "1", ...members, CimClass: "root/elsewhere:Demo", CimInstanceProperties: "…" })

describe("values by the types of the class", () => {
  const part = { N: 7, CimClass: "root/elsewhere:Part", CimInstanceProperties: "N = 7", CimSystemProperties: "…" }
  const rows: ReadonlyArray<readonly [name: string, printed: unknown, expected: unknown]> = [
    ["Words", { value: ["a", "b"], Count: 2 }, ["a", "b"]],
    ["Words", [], []],
    ["Words", null, null],
    ["At", { value: "/Date(0)/", DisplayHint: 2, DateTime: "Thursday" }, "19700101000000.000000+000"],
    ["At", "20231114231320.000000+060", "20231114231320.000000+060"],
    ["For", { Ticks: 36000000000, Days: 0, Hours: 1, TotalDays: 0.04 }, "00000000010000.000000:000"],
    ["For", "1.02:03:04.5", "00000001020304.500000:000"],
    ["Letter", "A", 65],
    ["R", 3, 3],
    ["Id", "/Date(0)/", "/Date(0)/"],
    ["Id", "System.String[]", "System.String[]"],
    ["To", '\\\\.\\root\\elsewhere:Demo.Id="2"', '\\\\.\\root\\elsewhere:Demo.Id="2"'],
    ["To", { Id: "2", At: null, R: 5, CimClass: "root/elsewhere:Demo" }, '\\\\.\\root\\elsewhere:Demo.Id="2"']
  ]
  for (const [name, printed, expected] of rows) {
    it(`${name}: ${JSON.stringify(printed)}`, () => {
      const [object] = instances(demo({ [name]: printed }), { mof: classes })
      assert.deepStrictEqual(object!.values[name], expected)
    })
  }

  it("embedded objects have the class that they have, or else that of the property", () => {
    const [object] = requestsOf(read(demo({ One: part, Many: [part, { N: 8 }] }), { mof: classes })).map((one) =>
      one.object
    )
    assert(object?._tag === "Instance")
    const { Many, One } = object.values as Record<string, unknown>
    const shape = (u: unknown): unknown => ({
      class: (u as { className: string }).className,
      ...(u as { values: object }).values
    })
    assert.deepStrictEqual(shape(One), { class: "Part", N: 7 })
    assert.deepStrictEqual((Many as ReadonlyArray<unknown>).map(shape), [{ class: "Part", N: 7 }, {
      class: "Part",
      N: 8
    }])
  })

  const wrong: ReadonlyArray<readonly [name: string, printed: unknown, message: string]> = [
    [
      "One",
      "Microsoft.Management.Infrastructure.CimInstance",
      "ConvertTo-Json cut the value and printed a text in its place"
    ],
    ["Many", "Part Part", "the value is one text and the property is object[]: ConvertTo-Json cut it"],
    ["Words", "a b", "the value is one text and the property is string[]: ConvertTo-Json cut it"],
    ["To", 'Demo (Id = "2")', "ConvertTo-Json cut the value and printed a text in its place"],
    ["To", { CimClass: "root/elsewhere:Demo" }, "the reference to Demo has no key"],
    ["Small", { a: 1 }, "the value is an object and the property is uint32"],
    ["Extra", { a: 1 }, "the embedded object has no class"],
    ["Extra", "System.Collections.Hashtable", "ConvertTo-Json cut the value and printed a text in its place"]
  ]
  for (const [name, printed, message] of wrong) {
    it(`${name}: ${JSON.stringify(printed)} is an error`, () =>
      assert.deepStrictEqual(faults(demo({ [name]: printed }), { mof: classes }), [
        `1:${14 + name.length}: ${name}: ${message}`
      ]))
  }

  it("the hint of a cut value is the depth", () => {
    assert.deepStrictEqual(faults(fixture("cut-7")), [
      "2:17: Antecedent: ConvertTo-Json cut the value and printed a text in its place",
      "3:16: Dependent: ConvertTo-Json cut the value and printed a text in its place"
    ])
    for (const hint of hints(fixture("cut-7"))) assert.include(hint, "ConvertTo-Json -Depth 4")
  })

  it("objects without a class, and classes", () => {
    assert.deepStrictEqual(faults(fixture("selected-7")), [
      "2:3: the object has no class: it is no request, and has none of CimSystemProperties, CimClass and __CLASS",
      "7:3: the object has no class: it is no request, and has none of CimSystemProperties, CimClass and __CLASS"
    ])
    assert.include(hints(fixture("selected-7"))[0], "--class NAME")
    const definition = '{"CimClassName": "A", "CimClassProperties": [], "CimSystemProperties": {"ClassName": "A"}}'
    assert.include(faults(definition)[0], "the object is a class")
    assert.include(faults('{"__GENUS": 1, "__CLASS": "A"}')[0], "the object is a class")
  })
})

describe("dates", () => {
  it("timestamps of 5.1 are those of their milliseconds", () =>
    FastCheck.assert(
      FastCheck.property(
        FastCheck.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }),
        (date) => {
          const digits = date.toISOString().replace(/\D/g, "")
          const expected = `${digits.slice(0, 14)}.${digits.slice(14)}000+000`
          assert.strictEqual(dateTimeOf(`/Date(${date.getTime()})/`), expected)
          assert.strictEqual(dateTimeOf(date.toISOString()), expected)
        }
      )
    ))

  const rows: ReadonlyArray<readonly [written: unknown, expected: string | undefined]> = [
    ["2024-01-10T08:15:30.1234567-05:30", "20240110081530.123456-330"],
    ["2024-01-10T08:15:30", "20240110081530.000000+***"],
    ["/Date(-62135596800000)/", "00010101000000.000000+000"],
    ["00:00:30", "00000000000030.000000:000"],
    [{ Ticks: 9999999999n, TotalDays: 1 }, "00000000001639.999999:000"],
    [{ Ticks: -1, TotalDays: 0 }, undefined],
    [{ Ticks: 1, Other: 0 }, undefined],
    ["yesterday", undefined],
    [7, undefined]
  ]
  for (const [written, expected] of rows) {
    it(
      typeof written === "string" ? written : `an object: ${expected}`,
      () => assert.strictEqual(dateTimeOf(written as string), expected)
    )
  }
})
