/** Objects in place of their default members, and an SWbemObjectPath in place of a path. */
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemDateTime } from "../../src/scripting/objects/SWbemDateTime.ts"
import { SWbemNamedValueSet } from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import { SWbemObjectPath } from "../../src/scripting/objects/SWbemObjectPath.ts"
import type { SWbemServicesEx } from "../../src/scripting/connection/SWbemServicesEx.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import { err, script } from "./scripts.ts"

const Disk = ClassDefinition.make("Demo_Disk", {
  Id: Property.key("string"),
  Label: Property.make("string", { value: "none", qualifiers: { Units: "letters" } }),
  Made: Property.make("datetime"),
  Partner: Property.make("ref:Demo_Disk"),
  Partners: Property.make("ref:Demo_Disk[]")
})
const own = 'Demo_Disk.Id="C:"'
const path = `\\\\.\\ROOT\\cimv2:${own}`

const connected = (body: (services: SWbemServicesEx) => Promise<void>): () => Promise<void> =>
  script(
    async (wmi) => body(await wmi.connectServer()),
    Snapshot.of(Disk, Instance.make("Demo_Disk", { Id: "C:", Label: "system" }))
  )

describe("default members", () => {
  it(
    "a path, a date, a property, a qualifier and a named value can be assigned to properties",
    connected(async (services) => {
      const disk = await services.get(own)
      const item = (name: string): ReturnType<typeof disk.properties_.item> => disk.properties_.item(name)
      const other = (await services.get("Demo_Disk")).spawnInstance_()
      other.properties_.item("Id").value = item("Id") // other.Id = disk.Properties_("Id")
      other["Partner"] = disk.path_ // other.Partner = disk.Path_
      other.properties_.item("Partners").value = [disk.path_, await disk.put_()]
      const made = new SWbemDateTime()
      made.value = "20000120195632.000000-480"
      other["Made"] = made // NewObject.InterestingDate = dateTime
      assert.deepStrictEqual(
        Array.from(other.properties_, ({ name, value }) => [name, value]),
        [
          ["Id", "C:"],
          ["Label", "none"],
          ["Made", "20000120195632.000000-480"],
          ["Partner", path],
          ["Partners", [path, `\\\\.\\root\\cimv2:${own}`]] // the path of a put has the spelling of the connection
        ]
      )
      const set = new SWbemNamedValueSet()
      item("Label").value = set.add("label", 5)
      assert.strictEqual(item("Label").value, "5")
      item("Label").value = (await services.get("Demo_Disk")).properties_.item("Label").qualifiers_.item("Units")
      assert.strictEqual(item("Label").value, "letters")
      await err("TypeMismatch", () => item("Made").value = disk.path_)
      await err("TypeMismatch", () => item("Partners").value = disk.path_)
    })
  )

  it(
    "qualifiers, named values and keys of a path take the value of the time of assignment",
    connected(async (services) => {
      const disk = await services.get(own)
      const label = disk.properties_.item("Label")
      const set = new SWbemNamedValueSet()
      const named = set.add("label", label)
      set.add("paths", [disk.path_])
      disk.qualifiers_.add("Mine", label)
      disk.qualifiers_.item("Mine").value = [named] as never
      const made = new SWbemObjectPath("Demo_Disk")
      made.keys.add("Id", disk.properties_.item("Id"))
      label.value = "changed afterwards"
      assert.deepStrictEqual([set.item("label").value, set.item("paths").value], ["system", [path]])
      assert.deepStrictEqual(disk.qualifiers_.item("Mine").value, ["system"])
      assert.strictEqual(made.relPath, own)
      assert.deepStrictEqual(set.toNamedValueSet().entries, [["label", "system"], ["paths", [path]]])
    })
  )
})

describe("paths", () => {
  it(
    "Path_ is accepted as a path argument; the empty path of an instance is refused",
    connected(async (services) => {
      const disk = await services.get(own)
      assert.strictEqual((await services.get(disk.path_)).path_.path, path) // services.Get(disk.Path_)
      const unkeyed = (await services.get("Demo_Disk")).spawnInstance_()
      await err("InvalidObjectPath", () => services.get(unkeyed.path_))
      await err("InvalidObjectPath", () => services.delete(unkeyed.path_))
      await services.delete(await disk.put_()) // services.Delete objPath
      await err("NotFound", () => services.get(own))
    })
  )

  it(
    "a value that is no path is refused as a parameter; null counts as left out",
    connected(async (services) => {
      await err("InvalidParameter", () => services.get(5 as never))
      await err("InvalidParameter", () => services.delete(null as never))
      await err("InvalidParameter", () => services.delete(undefined as never))
      await err("InvalidParameter", () => services.instancesOf(null as never))
      await err("InvalidParameter", () => services.subclassesOf(5 as never))
      assert.strictEqual((await services.get(null)).path_.class, "")
      assert.isAbove((await services.subclassesOf(null)).count, 1)
    })
  )

  it(
    "ConnectServer treats null as left out and refuses values that are no text",
    script(async (wmi) => {
      const services = await wmi.connectServer(null, "root\\default", null, null, null, null) // ConnectServer($null, "root\default")
      assert.strictEqual(services.namespace, "root\\default")
      assert.strictEqual((await wmi.connectServer(".", null)).namespace, "root\\cimv2")
      await err("InvalidParameter", () => wmi.connectServer(5 as never))
      await err("InvalidParameter", () => wmi.connectServer(".", 5 as never))
      await err("InvalidParameter", () => wmi.getServices(undefined as never))
      await err("InvalidParameter", () => wmi.getObject(null as never))
    })
  )
})
