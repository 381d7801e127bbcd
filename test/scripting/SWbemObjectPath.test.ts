/** Paths, named values and security settings of scripts. */
import { assert, describe, it } from "vitest"
import { SWbemNamedValueSet } from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import { SWbemObjectPath } from "../../src/scripting/objects/SWbemObjectPath.ts"
import { SWbemPrivilegeSet, SWbemSecurity } from "../../src/scripting/objects/SWbemSecurity.ts"
import * as NamedValueSet from "../../src/model/NamedValueSet.ts"
import type * as HResult from "../../src/protocol/HResult.ts"
import { err } from "./scripts.ts"

const full = '\\\\S\\root\\cimv2:Demo_Disk.Id="C:"'

describe("SWbemObjectPath", () => {
  it("a missing part is empty", () => {
    const p = new SWbemObjectPath()
    assert.deepStrictEqual(
      [p.path, p.relPath, p.server, p.namespace, p.parentNamespace, p.class, p.locale, p.authority, p.displayName],
      ["", "", "", "", "", "", "", "", "winmgmts:"]
    )
    assert.deepStrictEqual([p.isClass, p.isSingleton, p.keys.count], [false, false, 0])
  })

  it("a path is parsed into its parts", () => {
    const p = new SWbemObjectPath("//S/root/cimv2:Demo_Disk='C:'")
    assert.deepStrictEqual(
      [p.path, p.relPath, p.server, p.namespace, p.parentNamespace, p.class],
      ['\\\\S\\root\\cimv2:Demo_Disk="C:"', 'Demo_Disk="C:"', "S", "root\\cimv2", "root", "Demo_Disk"]
    )
    assert.deepStrictEqual(Array.from(p.keys, ({ name, value }) => [name, value]), [["", "C:"]])
    assert.strictEqual(String(p), p.path)
  })

  const steps: ReadonlyArray<readonly [what: string, step: (p: SWbemObjectPath) => void, path: string]> = [
    ["server", (p) => p.server = "T", full.replace("S", "T")],
    ["no server", (p) => p.server = "", full.replace("S", ".")],
    ["namespace", (p) => p.namespace = "root/default/x", full.replace("cimv2", "default\\x")],
    ["a single namespace", (p) => p.namespace = "root", full.replace("\\cimv2", "")],
    ["no namespace", (p) => p.namespace = "", "\\\\S"],
    ["class, and the keys stay", (p) => p.class = "Other", full.replace("Demo_Disk", "Other")],
    ["relative path", (p) => p.relPath = "A.B=1,C=TRUE", "\\\\S\\root\\cimv2:A.B=1,C=TRUE"],
    ["path", (p) => p.path = "A=@", "A=@"],
    ["a key without case", (p) => p.keys.add("ID", "D:"), full.replace("C:", "D:")],
    ["a key through its item", (p) => p.keys.item("id").value = 'a"b', full.replace("C:", 'a\\"b')],
    ["a 64-bit key", (p) => p.keys.add("Id", 2 ** 40), full.replace("C:", "1099511627776")],
    ["a negative key", (p) => p.keys.add("Id", -1), "\\\\S\\root\\cimv2:Demo_Disk.Id=-1"],
    ["one more key", (p) => p.keys.add("N", false), `${full},N=FALSE`],
    ["no key: a class", (p) => p.keys.remove("Id"), "\\\\S\\root\\cimv2:Demo_Disk"],
    ["no keys", (p) => p.keys.deleteAll(), "\\\\S\\root\\cimv2:Demo_Disk"],
    ["as a class", (p) => p.setAsClass(), "\\\\S\\root\\cimv2:Demo_Disk"],
    ["as a singleton", (p) => p.setAsSingleton(), "\\\\S\\root\\cimv2:Demo_Disk=@"],
    ["a key of a singleton", (p) => {
      p.setAsSingleton()
      p.keys.add("Id", "C:")
    }, full],
    ["display name", (p) => p.displayName = "winmgmts:[locale=ms_407]!root", "root"]
  ]
  for (const [what, step, path] of steps) {
    it(`writing: ${what}`, () => {
      const p = new SWbemObjectPath(full)
      step(p)
      assert.strictEqual(p.path, path)
      assert.strictEqual(p.isClass, /Demo_Disk$|^root$/.test(path))
    })
  }

  it("writing the path keeps locale, authority and security; writing the display name replaces them", () => {
    const p = new SWbemObjectPath(full)
    p.locale = "ms_409"
    p.authority = "kerberos:d\\s"
    p.security_.privileges.add(19)
    p.path = "root\\cimv2:A"
    assert.strictEqual(
      p.displayName,
      "winmgmts:{authority=kerberos:d\\s,(Debug)}[locale=ms_409]!\\\\.\\root\\cimv2:A"
    )
    p.displayName = "winmgmts:{impersonate}!root/x:A"
    assert.deepStrictEqual([p.locale, p.authority, p.security_.privileges.count], ["", "", 0])
    assert.strictEqual(p.displayName, "winmgmts:{impersonationLevel=impersonate}!\\\\.\\root\\x:A")
  })

  const refused: ReadonlyArray<readonly [string, HResult.Status, (p: SWbemObjectPath) => void]> = [
    ["an invalid path", "InvalidObjectPath", (p) => p.path = "A.B"],
    ["a namespace in a relative path", "InvalidObjectPath", (p) => p.relPath = "root:A"],
    ["an empty relative path", "InvalidObjectPath", (p) => p.relPath = ""],
    ["an invalid namespace", "InvalidObjectPath", (p) => p.namespace = "root:A"],
    ["an invalid server", "InvalidObjectPath", (p) => p.server = "a b"],
    ["an invalid display name", "InvalidObjectPath", (p) => p.displayName = "ldap:"],
    ["other keys at once", "NotSupported", (p) => p.keys = undefined as never],
    ["a fraction as a key", "InvalidParameter", (p) => p.keys.add("Id", 1.5)],
    ["a list as a key", "InvalidParameter", (p) => p.keys.add("Id", [1])],
    ["NULL as a key", "InvalidParameter", (p) => p.keys.add("Id", null)]
  ]
  for (const [what, status, step] of refused) {
    it(`${what}: ${status}, and the path stays`, async () => {
      const p = new SWbemObjectPath(full)
      await err(status, () => step(p))
      assert.strictEqual(p.path, full)
    })
  }

  it("a path without a class cannot become that of a class or a singleton", async () => {
    await err("Failed", () => new SWbemObjectPath("\\\\S\\root").setAsClass())
    await err("Failed", () => new SWbemObjectPath().setAsSingleton())
    await err("InvalidObjectPath", () => new SWbemObjectPath("a.b"))
  })
})

describe("SWbemNamedValueSet", () => {
  const make = (): SWbemNamedValueSet => {
    const set = new SWbemNamedValueSet()
    set.add("One", 1)
    set.add("Two", [1, 2])
    return set
  }
  const list = (set: SWbemNamedValueSet): unknown => Array.from(set, ({ name, value }) => [name, value])

  it("names compare without case, and a known name keeps its position (PA-60)", () => {
    const set = make()
    const one = set.add("ONE", "uno")
    assert.deepStrictEqual(list(set), [["One", "uno"], ["Two", [1, 2]]])
    one.value = "eins"
    assert.strictEqual(set.item("one").value, "eins")
    assert.strictEqual(String(set.item("one")), "eins")
    set.remove("one")
    assert.strictEqual(set.count, 1)
    set.deleteAll()
    assert.strictEqual(set.count, 0)
  })

  it("a clone and the library's set are independent copies", () => {
    const set = make()
    const copy = set.clone()
    const taken = set.toNamedValueSet()
    ;(set.item("Two").value as Array<number>)[0] = 9
    set.add("Three", true)
    assert.deepStrictEqual(list(copy), [["One", 1], ["Two", [1, 2]]])
    assert.isTrue(NamedValueSet.isNamedValueSet(taken))
    assert.deepStrictEqual(taken.entries.map((entry) => [...entry]), [["One", 1], ["Two", [1, 2]]])
  })

  it("refuses unknown names, a missing value and reserved flags", async () => {
    const set = make()
    const gone = set.item("One")
    set.remove("One")
    await err("NotFound", () => set.item("One"))
    await err("NotFound", () => set.remove("One"))
    await err("NotFound", () => gone.value)
    await err("InvalidParameter", () => set.add("X", undefined as never))
    await err("InvalidParameter", () => set.add(1 as never, 1))
    await err("InvalidParameter", () => set.add("X", 1, 1))
    await err("InvalidParameter", () => set.item("Two", 1))
    await err("InvalidParameter", () => set.remove("Two", 1))
    await err("InvalidParameter", () => set.deleteAll(1))
    assert.strictEqual(set.count, 1)
  })
})

describe("retained elements of an SWbemNamedValueSet", () => {
  const remove: ReadonlyArray<readonly [string, (set: SWbemNamedValueSet) => void]> = [
    ["Remove", (set) => set.remove("name")],
    ["DeleteAll", (set) => set.deleteAll()]
  ]
  for (const [member, call] of remove) {
    it(`writing an element after ${member} appends it again`, () => {
      const set = new SWbemNamedValueSet()
      const kept = set.add("Name", 11)
      set.add("other", 1)
      call(set)
      kept.value = 20
      const list = Array.from(set, ({ name, value }) => [name, value])
      assert.deepStrictEqual(list.at(-1), ["Name", 20])
      assert.strictEqual(kept.value, 20)
    })
  }

  it("a name ends at the first NUL", () => {
    const set = new SWbemNamedValueSet()
    set.add("name\0rest", 1)
    set.add("NAME", 2)
    assert.deepStrictEqual([set.count, set.item("name\0other").name, set.item("name").value], [1, "name", 2])
    set.remove("name\0")
    assert.strictEqual(set.count, 0)
  })
})

describe("SWbemSecurity", () => {
  it("every privilege has a number and a name, and appears in the display name", () => {
    const set = new SWbemPrivilegeSet()
    for (let i = 1; i <= 27; i++) set.add(i)
    assert.strictEqual(set.count, 27)
    assert.strictEqual(set.item(2).name, "SeAssignPrimaryTokenPrivilege")
    assert.strictEqual(set.item(27).name, "SeManageVolumePrivilege")
    for (const { identifier, name } of set) {
      assert.strictEqual(set.addAsString(name.toUpperCase()).identifier, identifier)
    }
  })

  it("refuses unknown levels and privileges", async () => {
    const security = new SWbemSecurity()
    assert.deepStrictEqual([security.impersonationLevel, security.authenticationLevel], [3, 0])
    await err("InvalidParameter", () => security.impersonationLevel = 0)
    await err("InvalidParameter", () => security.authenticationLevel = 7)
    await err("NotFound", () => security.privileges.item(1))
    await err("NotFound", () => security.privileges.remove(1))
    await err("Failed", () => security.privileges.add(28))
    security.privileges.add(1)
    security.privileges.remove(1)
    assert.strictEqual(security.privileges.count, 0)
  })
})
