/**
 * Scripts from Microsoft's pages, ported line by line: the comment behind a line is the original statement. The tests assert what the
 * scripts print.
 *
 * Calls to the namespace get an `await`; `Set` and `Dim` are omitted; a default member (`Properties_("x")`, `WScript.Echo path`) is
 * written out; `CreateObject("WbemScripting.X")` is `new X`; `GetObject` is `getServices` or `getObject`.
 */
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemLastError } from "../../src/scripting/objects/SWbemLastError.ts"
import { SWbemDateTime } from "../../src/scripting/objects/SWbemDateTime.ts"
import { SWbemNamedValueSet } from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import { SWbemObjectPath } from "../../src/scripting/objects/SWbemObjectPath.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import { SWbemSink } from "../../src/scripting/connection/SWbemSink.ts"
import {
  wbemAuthenticationLevel,
  wbemChangeFlag,
  wbemCimType,
  wbemFlag,
  wbemPrivilege
} from "../../src/scripting/objects/WbemConstants.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Method from "../../src/model/Method.ts"
import * as Property from "../../src/model/Property.ts"
import { err, script } from "./scripts.ts"

const { wbemCimtypeDatetime, wbemCimtypeSint32, wbemCimtypeString } = wbemCimType
const { wbemChangeFlagCreateOrUpdate, wbemChangeFlagUpdateOnly } = wbemChangeFlag
const { wbemFlagReturnWhenComplete } = wbemFlag
const { wbemAuthenticationLevelDefault } = wbemAuthenticationLevel

const names = (object: SWbemObject): ReadonlyArray<string> => Array.from(object.properties_, (prop) => prop.name)

describe("creating", () => {
  it(
    "SWbemObject: a class with a key, then an instance of it",
    script(async (wmi) => {
      const objSWbemService = await wmi.getServices("Winmgmts:root\\default") // Set objSWbemService = GetObject("Winmgmts:root\default")
      const objClass = await objSWbemService.get() // Set objClass = objSWbemService.Get()
      objClass.path_.class = "NewClass" // objClass.Path_.Class = "NewClass"
      objClass.properties_.add("PropertyName", wbemCimtypeString) // objClass.Properties_.add "PropertyName", wbemCimtypeString
      objClass.properties_.item("PropertyName").qualifiers_.add("key", true) // objClass.Properties_("PropertyName").Qualifiers_.add "key", true
      const objClassPath = await objClass.put_() // Set objClassPath = objClass.Put_
      assert.strictEqual(objClassPath.path, "\\\\.\\root\\default:NewClass") // WScript.Echo objClassPath.Path

      const objNewInst = (await wmi.getObject("Winmgmts:root\\default:NewClass")) // Set objNewInst = GetObject("Winmgmts:root\default:NewClass")
        .spawnInstance_<{ PropertyName: string }>() //   .Spawninstance_
      objNewInst.PropertyName = "My Instance" // objNewInst.PropertyName = "My Instance"
      const objInstancePath = await objNewInst.put_() // Set objInstancePath = objNewInst.Put_
      assert.strictEqual(objInstancePath.path, '\\\\.\\root\\default:NewClass.PropertyName="My Instance"') // WScript.Echo objInstancePath.Path

      const stored = await objSWbemService.get<{ propertyname: string }>(objInstancePath.relPath)
      assert.strictEqual(stored.propertyname, "My Instance")
    })
  )

  it(
    "SWbemServices.Delete: deleting a class deletes its instances",
    script(async (wmi) => {
      const objSWbemService = await wmi.getServices("Winmgmts:root\\default") // Set objSWbemService = GetObject("Winmgmts:root\default")
      const objClass = await objSWbemService.get() // Set objClass = objSWbemService.Get()
      objClass.path_.class = "NewClass" // objClass.Path_.Class = "NewClass"
      objClass.properties_.add("iProperty", wbemCimtypeSint32) // objClass.Properties_.Add "iProperty", wbemCimtypeSint32
      objClass.properties_.item("iProperty").qualifiers_.add("key", true) // objClass.Properties_("iProperty").Qualifiers_.Add "key", TRUE
      await objClass.put_() // Set objClassPath = objClass.Put_
      const objNewInst = (await wmi.getObject("Winmgmts:root\\default:NewClass")) // Set objNewInst = GetObject( _
        .spawnInstance_<{ iProperty: number }>() //   "Winmgmts:root\default:NewClass").SpawnInstance_
      objNewInst.iProperty = 1000 // objNewInst.iProperty = 1000
      const objInstancePath = await objNewInst.put_() // Set objInstancePath = objNewInst.Put_
      assert.strictEqual(objInstancePath.path, "\\\\.\\root\\default:NewClass.iProperty=1000") // wscript.echo objInstancePath.Path
      await objSWbemService.delete("NewClass") // objSWbemService.Delete("NewClass")
      await err("NotFound", () => objSWbemService.get("NewClass"))
      await err("InvalidClass", () => objSWbemService.get("NewClass.iProperty=1000"))
    })
  )

  it(
    "SWbemObject.Delete_: the object deletes itself",
    script(async (wmi) => {
      const objSWbemService = await wmi.getServices("Winmgmts:root\\default") // Set objSWbemService = GetObject("Winmgmts:root\default")
      const objClass = await objSWbemService.get() // Set objClass = objSWbemService.Get()
      objClass.path_.class = "NewClass" // objClass.Path_.Class = "NewClass"
      objClass.properties_.add("PropertyName", wbemCimtypeString) // objClass.Properties_.add "PropertyName", wbemCimtypeString
      objClass.properties_.item("PropertyName").qualifiers_.add("key", true) // objClass.Properties_("PropertyName").Qualifiers_.Add "key", TRUE
      await objClass.put_() // Set objClassPath = objClass.Put_
      const objNewInst = (await wmi.getObject("Winmgmts:root\\default:NewClass")) // Set objNewInst = GetObject( _
        .spawnInstance_<{ PropertyName: string }>() //   "Winmgmts:root\default:NewClass").SpawnInstance_
      objNewInst.PropertyName = "My Instance" // objNewInst.PropertyName = "My Instance"
      await objNewInst.put_() // Set objInstancePath = objNewInst.Put_
      await objClass.delete_() // objClass.Delete_()
      await err("NotFound", () => objSWbemService.get("NewClass"))
    })
  )

  it(
    "Deleting an instance: a class without properties is put and deleted",
    script(async (wmi) => {
      const service = await wmi.getServices("winmgmts:{impersonationLevel=impersonate}") // Set service = GetObject("winmgmts:{impersonationLevel=impersonate}")
      const objwbemobject = await service.get("") // Set objwbemobject= service.get("")
      objwbemobject.path_.class = "MyNewClass" // objwbemobject.Path_.Class = "MyNewClass"
      await objwbemobject.put_() // objwbemobject.put_
      assert.strictEqual((await service.get("MyNewClass")).path_.path, "\\\\.\\ROOT\\cimv2:MyNewClass")
      await service.delete("MyNewClass") // service.delete  "MyNewClass"
      await err("NotFound", () => service.get("MyNewClass"))
    })
  )
})

describe("collections", () => {
  it(
    "SWbemPropertySet: removing an overridden value restores the default and reports it",
    script(async (wmi) => {
      const service = await wmi.getServices("Winmgmts:") // set service = GetObject("Winmgmts:")
      const emptyclass = await service.get() // set emptyclass = service.Get
      emptyclass.path_.class = "REMOVETEST00" // emptyclass.path_.class = "REMOVETEST00"
      const prop = emptyclass.properties_.add("p", 19) // set prop = emptyclass.properties_.add ("p", 19)
      prop.qualifiers_.add("key", true) // prop.qualifiers_.add "key", true
      emptyclass.properties_.add("q", 19).value = 12 // emptyclass.properties_.add ("q", 19).Value = 12
      await emptyclass.put_() // emptyclass.put_

      let instance = (await service.get("RemoveTest00")).spawnInstance_() // set instance = service.get ("RemoveTest00").spawninstance_
      instance.properties_.item("q").value = 24 // instance.properties_("q").Value = 24
      instance.properties_.item("p").value = 1 // instance.properties_("p").Value = 1
      await instance.put_() // instance.put_

      instance = await service.get("removetest00=1") // set instance = service.get ("removetest00=1")
      let property = instance.properties_.item("q") // set property = instance.properties_ ("q")
      assert.strictEqual(property.value, 24) // WScript.echo "Overridden value of property is [24]:", property.value
      await err("ResetToDefault", () => instance.properties_.remove("q")) // instance.properties_.remove "q"
      property = instance.properties_.item("q") // set property = instance.properties_ ("q")
      assert.strictEqual(property.value, 12) // WScript.echo "Value of property after removal is [12]:", property.value
    })
  )

  it(
    "Removing a single item from a collection",
    script(async (wmi) => {
      const objSWbemService = await wmi.getServices("winmgmts:root\\default") // Set objSWbemService = GetObject("winmgmts:root\default")
      const objClass = await objSWbemService.get() // Set objClass = objSWbemService.get()
      objClass.path_.class = "NewClass" // objClass.Path_.Class = "NewClass"
      for (let i = 1; i <= 3; i++) objClass.properties_.add(`Prop${i}`, wbemCimtypeString) // objClass.Properties_.Add "Prop" & i, WBEM_CIMTYPE_STRING
      assert.strictEqual(objClass.properties_.count, 3) // "Number of Properties = " & objClass.Properties_.Count
      assert.deepStrictEqual(names(objClass), ["Prop1", "Prop2", "Prop3"]) // Wscript.Echo prop.name
      objClass.properties_.remove("Prop2") // objClass.Properties_.Remove "Prop2"
      assert.deepStrictEqual(names(objClass), ["Prop1", "Prop3"])
      await objClass.put_() // objClass.Put_
      assert.deepStrictEqual(names(await objSWbemService.get("NewClass")), ["Prop1", "Prop3"])
    })
  )

  it(
    "Removing multiple items from a collection: a class is put, changed and put again",
    script(async (wmi) => {
      const objSWbemService = await wmi.getServices("winmgmts:root\\default") // set objSWbemService = GetObject("winmgmts:root\default")
      const objClass = await objSWbemService.get() // set objClass = ObjSWbemService.Get()
      objClass.path_.class = "NewClass" // objClass.Path_.Class = "NewClass"
      for (let i = 1; i <= 5; i++) objClass.properties_.add(`Prop${i}`, wbemCimtypeString) // objClass.Properties_.Add "Prop" & i, WBEM_CIMTYPE_STRING
      await objClass.put_() // objClass.Put_
      assert.strictEqual(objClass.properties_.count, 5)
      const all = names(objClass) // names(Ubound(names)-1) = oprop.name
      for (let i = 0; i < all.length; i++) { // For i = Lbound(names) to Ubound(names)-1
        if (i < 3) objClass.properties_.remove(all[i]!) // objClass.Properties_.Remove names(i)
      }
      await objClass.put_() // objClass.Put_
      assert.deepStrictEqual(names(objClass), ["Prop4", "Prop5"])
      assert.deepStrictEqual(names(await objSWbemService.get("NewClass")), ["Prop4", "Prop5"])
    })
  )

  it("SWbemNamedValueSet: an array as a value, element by element", () => {
    const context = new SWbemNamedValueSet() // Set Context = CreateObject("WbemScripting.SWbemNamedValueSet")
    const array = (): Array<number> => context.item("n1").value as Array<number>
    context.add("n1", [1, 2, 3]) // Context.Add "n1", Array (1, 2, 3)
    assert.deepStrictEqual(array(), [1, 2, 3]) // str = str & Context("n1")(x)
    const v = array() // v = Context("n1")
    assert.strictEqual(v[0], 1) // WScript.Echo "By indirection …:",v(0)
    assert.strictEqual(array()[0], 1) // WScript.Echo "By direct access …:", Context("n1")(0)
    array()[1] = 11 // Context("n1")(1) = 11
    assert.strictEqual(array()[1], 11) // WScript.Echo "After direct assignment …", Context("n1")(1)
    v[1] = 345 // v(1) = 345
    assert.strictEqual(array()[1], 345) // WScript.Echo "After indirect assignment …", Context("n1")(1)
    context.item("n1").value = [5, 34, 178871] // Context("n1") = Array (5, 34, 178871)
    assert.deepStrictEqual(array(), [5, 34, 178871]) // WScript.Echo "After direct array assignment …", Context("n1")(1)
  })

  it("SWbemObjectPath: built up, secured, and replaced by a display name", () => {
    const objectPath = new SWbemObjectPath() // Set ObjectPath = CreateObject("WbemScripting.SWbemObjectPath")
    objectPath.server = "dingle" // ObjectPath.Server = "dingle"
    objectPath.namespace = "root/default/something" // ObjectPath.Namespace = "root/default/something"
    objectPath.class = "ho" // ObjectPath.Class = "ho"
    objectPath.keys.add("fred1", 10) // ObjectPath.Keys.Add "fred1", 10
    objectPath.keys.add("fred2", -34) // ObjectPath.Keys.Add "fred2", -34
    objectPath.keys.add("fred3", 65234654) // ObjectPath.Keys.Add "fred3", 65234654
    objectPath.keys.add("fred4", "Wahaay") // ObjectPath.Keys.Add "fred4", "Wahaay"
    objectPath.keys.add("fred5", -786186777) // ObjectPath.Keys.Add "fred5", -786186777
    const path =
      '\\\\dingle\\root\\default\\something:ho.fred1=10,fred2=-34,fred3=65234654,fred4="Wahaay",fred5=-786186777'
    assert.strictEqual(objectPath.path, path) // WScript.Echo ObjectPath.Path
    assert.strictEqual(objectPath.displayName, `winmgmts:${path}`) // WScript.Echo ObjectPath.DisplayName

    objectPath.security_.impersonationLevel = 3 // ObjectPath.Security_.ImpersonationLevel = 3
    assert.strictEqual(objectPath.path, path)
    assert.strictEqual(objectPath.displayName, `winmgmts:{impersonationLevel=impersonate}!${path}`)

    objectPath.security_.authenticationLevel = 5 // ObjectPath.Security_.AuthenticationLevel = 5
    assert.strictEqual(
      objectPath.displayName,
      `winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktIntegrity}!${path}`
    )

    const { privileges } = objectPath.security_ // Set Privileges = ObjectPath.Security_.Privileges
    privileges.add(8) // Privileges.Add 8
    privileges.add(20, false) // Privileges.Add 20, false
    assert.strictEqual(
      objectPath.displayName,
      `winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktIntegrity,(TakeOwnership,!Audit)}!${path}`
    )

    objectPath.displayName =
      "winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktprivacy,(Debug,!IncreaseQuota, CreatePagefile ) }!//fred/root/blah" // ObjectPath.DisplayName = …
    assert.strictEqual(objectPath.path, "\\\\fred\\root\\blah") // WScript.Echo ObjectPath.Path
    assert.strictEqual(
      objectPath.displayName, // WScript.Echo ObjectPath.DisplayName
      "winmgmts:{impersonationLevel=impersonate,authenticationLevel=pktPrivacy,(!IncreaseQuota,CreatePagefile,Debug)}!\\\\fred\\root\\blah"
    )
  })

  it(
    "SWbemPrivilegeSet: adding by number and by name, and an unknown privilege",
    script(async (locator) => { // set locator = CreateObject("WbemScripting.SWbemLocator")
      const { wbemPrivilegeDebug, wbemPrivilegeSecurity } = wbemPrivilege
      const { privileges } = locator.security_
      privileges.add(wbemPrivilegeSecurity) // locator.Security_.Privileges.Add wbemPrivilegeSecurity
      assert.strictEqual(privileges.item(wbemPrivilegeSecurity).name, "SeSecurityPrivilege") // WScript.Echo Privilege.Name
      await err("Failed", () => privileges.add(6535)) // locator.Security_.Privileges.Add 6535
      privileges.add(wbemPrivilegeDebug) // locator.Security_.Privileges.Add wbemPrivilegeDebug
      privileges.item(wbemPrivilegeDebug).isEnabled = false // locator.Security_.Privileges(wbemPrivilegeDebug).IsEnabled = false
      const privilege = privileges.addAsString("SeChangeNotifyPrivilege") // Set Privilege = …AddAsString ("SeChangeNotifyPrivilege")
      assert.strictEqual(privilege.name, "SeChangeNotifyPrivilege") // WScript.Echo Privilege.Name
      await err("Failed", () => privileges.addAsString("SeChungeNotifyPrivilege")) // …AddAsString "SeChungeNotifyPrivilege"
      assert.deepStrictEqual(
        Array.from(privileges, (one) => [one.identifier, one.name, one.isEnabled]), // for each Privilege in locator.Security_.Privileges
        [[7, "SeSecurityPrivilege", true], [19, "SeDebugPrivilege", false], [22, "SeChangeNotifyPrivilege", true]]
      )
    })
  )
})

const PrinterPort = ClassDefinition.make("Win32_TCPIPPrinterPort", {
  Name: Property.key("string"),
  Protocol: Property.make("uint32"),
  HostAddress: Property.make("string"),
  PortNumber: Property.make("uint32"),
  SNMPEnabled: Property.make("boolean")
})

const Computer = ClassDefinition.make("ds_computer", {
  ds_cn: Property.key("string"),
  ds_displayname: Property.make("string"),
  ds_description: Property.make("string")
})
const directory = Snapshot.withObjects(
  Snapshot.empty({ namespaces: ["root\\directory", "root\\directory\\ldap"] }),
  "root\\directory\\ldap",
  [Computer, Instance.make("ds_computer", { ds_cn: "userName", ds_displayname: "old", ds_description: "kept" })]
)

describe("writing instances", () => {
  it(
    "SWbemPrivilegeSet.AddAsString: a printer port, its number as text",
    script(async (wmi) => {
      const objWMIService = await wmi.getServices("Winmgmts:") // Set objWMIService = GetObject("Winmgmts:")
      objWMIService.security_.privileges.addAsString("SeLoadDriverPrivilege", true) // objWMIService.Security_.Privileges.AddAsString "SeLoadDriverPrivilege", True
      const objNewPort = (await objWMIService.get("Win32_TCPIPPrinterPort")) // Set objNewPort = objWMIService.Get _
        .spawnInstance_<
          Record<"Name" | "HostAddress" | "PortNumber", string> & { Protocol: number; SNMPEnabled: boolean }
        >() //   ("Win32_TCPIPPrinterPort").SpawnInstance_
      objNewPort.Name = "IP_111.222.111.11" // objNewPort.Name = "IP_111.222.111.11"
      objNewPort.Protocol = 1 // objNewPort.Protocol = 1
      objNewPort.HostAddress = "111.222.111.11" // objNewPort.HostAddress = "111.222.111.11"
      objNewPort.PortNumber = "9999" // objNewPort.PortNumber = "9999"
      objNewPort.SNMPEnabled = false // objNewPort.SNMPEnabled = False
      await objNewPort.put_() // objNewPort.Put_
      const stored = await objWMIService.get('Win32_TCPIPPrinterPort="IP_111.222.111.11"')
      assert.strictEqual(stored.properties_.item("PortNumber").value, 9999)
      assert.strictEqual(stored.properties_.item("SNMPEnabled").value, false)
    }, Snapshot.of(PrinterPort))
  )

  it(
    "Creating and updating Active Directory objects: the locator, and flags without effect",
    script(async (objWMILocator) => { // Set objWMILocator = CreateObject("WbemScripting.SWbemLocator")
      objWMILocator.security_.authenticationLevel = wbemAuthenticationLevelDefault // objWMILocator.Security_.AuthenticationLevel = wbemAuthenticationLevelDefault
      const objWMIServices = await objWMILocator.connectServer("LocalHost", "root/directory/LDAP", "", "") // ConnectServer(cComputerName, cWMInamespace, "", "")
      const objWMIClass = await objWMIServices.get("ds_computer") // Set objWMIClass = objWMIServices.Get(cWMIclass)
      const objWMIInstance = objWMIClass.spawnInstance_<Record<"DS_cn" | "DS_DisplayName", string>>() // Set objWMIInstance = objWMIClass.SpawnInstance_
      objWMIInstance.DS_cn = "WMIUser" // objWMIInstance.DS_sAMAccountName = userID
      objWMIInstance.DS_DisplayName = "LDAP://CN=WMIUser" // objWMIInstance.ADSIPath = "LDAP://CN=" & userID & …
      const path = await objWMIInstance.put_(wbemChangeFlagCreateOrUpdate | wbemFlagReturnWhenComplete) // objWMIInstance.Put_ (… Or …)
      assert.strictEqual(path.path, '\\\\.\\root\\directory\\LDAP:ds_computer.ds_cn="WMIUser"')
    }, directory)
  )

  it(
    "Updating part of an instance: properties that the context does not name keep their values",
    script(async (wmi) => {
      const svc = await wmi.getServices("Winmgmts:root\\directory\\ldap") // set svc = getObject("Winmgmts:root\directory\ldap")
      const octx = new SWbemNamedValueSet() // set octx = createobject("wbemscripting.swbemnamedvalueset")
      octx.add("__PUT_EXT_PROPERTIES", ["ds_displayname"]) // octx.add "__PUT_EXT_PROPERTIES", array("ds_displayname")
      octx.add("__PUT_EXTENSIONS", true) // octx.add "__PUT_EXTENSIONS", true
      octx.add("__PUT_EXT_CLIENT_REQUEST", true) // octx.add "__PUT_EXT_CLIENT_REQUEST", true
      const found = await svc.instancesOf("ds_computer") // set objEnum = svc.execQuery("select * from ds_computer …")
      for (const obj of found) { // for each obj in objEnum
        obj.properties_.item("ds_DisplayName").value = "updatedName" // obj.ds_DisplayName = "updatedName"
        obj.properties_.item("ds_description").value = "not named, not written"
        await obj.put_(1, octx) // obj.put_ 1, octx
      }
      const after = await svc.get<Record<"ds_displayname" | "ds_description", string>>("ds_computer='userName'")
      assert.strictEqual(after.ds_displayname, "updatedName")
      assert.strictEqual(after.ds_description, "kept")

      // "Without this flag the call will fail with an invalid context."
      await err("InvalidContext", () => after.put_(0, octx))
      await after.put_(wbemChangeFlagUpdateOnly, octx) // call objSystem.put_( wbemChangeFlagUpdateOnly, objwbemNamedValueSet)
    }, directory)
  )

  it(
    "Making an asynchronous call: the steps, with a put",
    script(async (wmi) => {
      const service = await wmi.getServices("Winmgmts:") // Set Service = GetObject("Winmgmts:")
      const echo: Array<string> = []
      let bdone = (): void => undefined // bdone = false
      const waiting = new Promise<void>((resolve) => {
        bdone = resolve
      })
      const sink = new SWbemSink({ // Set sink = WScript.CreateObject("WbemScripting.SWbemSink","SINK_")
        onCompleted: (iHResult, objErrorObject) => { // Sub SINK_OnCompleted(iHResult, objErrorObject, objAsyncContext)
          echo.push(`Asynchronous operation is done: ${iHResult} ${objErrorObject}`)
          bdone() // bdone = true
        },
        onObjectPut: (objPath, objAsyncContext) => { // Sub SINK_OnObjectPut(objWbemObjectPath, objWbemAsyncContext)
          echo.push(`${(objAsyncContext as SWbemNamedValueSet).item("call").value}: ${objPath.relPath}`)
        }
      })
      const asyncContext = new SWbemNamedValueSet()
      asyncContext.add("call", "the first one")
      const port = (await service.get("Win32_TCPIPPrinterPort")).spawnInstance_<{ Name: string }>()
      port.Name = "IP_1"
      await service.putAsync(sink, port, 0, null, asyncContext) // Service.PutAsync sink, obj, , , objAsyncContext
      port.Name = "IP_2" // what the script does now stays with the script
      assert.deepStrictEqual(echo, []) // WScript.Echo "Waiting for instances."
      await waiting // while not bdone: wscript.sleep 1000: wend
      assert.deepStrictEqual(echo, [
        'the first one: Win32_TCPIPPrinterPort.Name="IP_1"',
        "Asynchronous operation is done: 0 null"
      ])
      await sink.cancel() // objwbemsink.Cancel()
      assert.strictEqual(echo.length, 2)
    }, Snapshot.of(PrinterPort))
  )

  it(
    "SWbemDateTime: a date in a property of a new class, and an interval",
    script(async (wmi) => {
      const dateTime = new SWbemDateTime() // Set dateTime = CreateObject("WbemScripting.SWbemDateTime")
      const local = new Date(2000, 0, 20, 11, 56, 32)
      dateTime.setVarDate(local) // dateTime.SetVarDate (CDate ("January 20 11:56:32"))
      const sign = local.getTimezoneOffset() > 0 ? "-" : "+"
      const offset = String(Math.abs(local.getTimezoneOffset())).padStart(3, "0")
      assert.strictEqual(dateTime.value, `20000120115632.000000${sign}${offset}`) // MsgBox "CIM datetime " & dateTime
      assert.strictEqual(dateTime.getVarDate().getHours(), 11) // MsgBox "Local datetime " & dateTime.GetVarDate ()
      assert.strictEqual(dateTime.getVarDate(false).getHours(), local.getUTCHours()) // MsgBox "Datetime in GMT " & dateTime.GetVarDate (false)

      const newObject = await (await wmi.getServices("winmgmts:root\\default")).get<{ InterestingDate: string }>() // set NewObject = GetObject("…").Get
      newObject.path_.class = "NewClass" // NewObject.Path_.Class = "NewClass"
      newObject.properties_.add("InterestingDate", wbemCimtypeDatetime) // NewObject.Properties_.Add "InterestingDate", wbemCimtypeDatetime
      newObject.InterestingDate = dateTime.value // NewObject.InterestingDate = dateTime.Value
      assert.strictEqual(newObject.InterestingDate, dateTime.value) // MsgBox "Datetime in new object " & NewObject.InterestingDate
      await newObject.put_() // NewObject.Put_
      await newObject.delete_() // NewObject.Delete_

      const interval = new SWbemDateTime()
      interval.isInterval = true // dateTime.IsInterval = true
      interval.day = 100 // dateTime.Day = 100
      interval.hours = 1 // dateTime.Hours = 1
      interval.seconds = 3 // dateTime.Seconds = 3
      assert.strictEqual(interval.value, "00000100010003.000000:000") // MsgBox "Constructed interval value " & datetime
    })
  )
})

describe("errors", () => {
  it(
    "SWbemLastError: the error of a missing class can be read once",
    script(async (wmi) => {
      const t_Service = await wmi.getServices("winmgmts://./root/default") // Set t_Service = GetObject("winmgmts://./root/default")
      const e = await err("NotFound", () => t_Service.get("Nosuchclass000")) // Set t_Object = t_Service.Get("Nosuchclass000")
      assert.strictEqual(e.source, "SWbemServicesEx") // WScript.Echo "  Source:", Err.Source
      assert.include(e.description, "Nosuchclass000") // WScript.Echo "  Description:", Err.Description
      assert.strictEqual(e.number, 0x80041002 | 0) // WScript.Echo "  Number", "0x" & Hex(Err.Number)

      const t_Object = SWbemLastError.create(wmi) // set t_Object = CreateObject("WbemScripting.SWbemLastError")
      assert.strictEqual(t_Object.Operation, "GetObject") // WScript.Echo " Operation:", t_Object.Operation
      assert.strictEqual(t_Object.ProviderName, "WinMgmt") // WScript.Echo " Provider:", t_Object.ProviderName
      assert.isString(t_Object.Description) // strDescr = t_Object.Description
      assert.strictEqual(t_Object.ParameterInfo, "Nosuchclass000") // strPInfo = t_Object.ParameterInfo
      assert.strictEqual(t_Object.StatusCode, 0x80041002) // strCode = t_Object.StatusCode
      await err("Failed", () => SWbemLastError.create(wmi)) // set t_Object2 = CreateObject("WbemScripting.SWbemLastError")
    })
  )

  it(
    "Retrieving an error code: of an object that GetObject does not find",
    script(async (wmi) => {
      await err("InvalidClass", () => wmi.getObject("winmgmts:root\\cimv2:Win32_Process.Handle='one'")) // Set obj = GetObject("…")
      const lastError = SWbemLastError.create(wmi) // Set LastError = createobject("wbemscripting.swbemlasterror")
      assert.strictEqual(lastError.Operation, "GetObject") // "Operation = " & LastError.operation
      assert.strictEqual(lastError.ParameterInfo, 'Win32_Process.Handle="one"') // "ParameterInfo = " & LastError.ParameterInfo
      assert.strictEqual(lastError.ProviderName, "WinMgmt") // "ProviderName = " & LastError.ProviderName
    })
  )
})

const Process = ClassDefinition.make("Win32_Process", { Handle: Property.key("string") }, {
  superclass: "CIM_Process",
  methods: {
    Create: Method.make("uint32", [
      { name: "CommandLine", type: "string" },
      { name: "CurrentDirectory", type: "string" },
      { name: "ProcessId", type: "uint32", direction: "out" }
    ])
  }
})
const processes = Snapshot.of(
  ClassDefinition.make("CIM_Process", { Name: Property.make("string") }, { qualifiers: { abstract: true } }),
  Process,
  Instance.make("Win32_Process", { Handle: "4", Name: "System" })
)

describe("reading", () => {
  it(
    "Calling a provider method: the in-parameters can be built, the call is not supported",
    script(async (wmi) => {
      const objWMIService = await wmi.getServices("winmgmts:{impersonationLevel=impersonate}!\\\\.\\root\\cimv2") // Set objWMIService = GetObject("…")
      const objProcess = await objWMIService.get<{ create: (strCommand: string) => Promise<never> }>("Win32_Process") // Set objProcess = objWMIService.Get("…")
      const objInParam = objProcess.methods_.item("Create").inParameters!.spawnInstance_() // Set objInParam = objProcess.Methods_("Create").inParameters.SpawnInstance_()
      objInParam.properties_.item("CommandLine").value = "Notepad" // objInParam.Properties_.item("CommandLine") = "Notepad"
      objInParam.properties_.item("CurrentDirectory").value = null // objInParam.Properties_.item("CurrentDirectory") = NULL
      assert.deepStrictEqual(
        Array.from(objInParam.properties_, ({ name, value }) => [name, value]),
        [["CommandLine", "Notepad"], ["CurrentDirectory", null]]
      )
      const e = await err("NotSupported", () => objProcess.execMethod_("Create", objInParam)) // Set objOutParams = objProcess.ExecMethod_("Create", objInParam)
      assert.include(e.description, "ExecMethod_")
      assert.include((await err("NotSupported", () => objProcess.create("calc.exe"))).description, "Create") // returnvalue = Obj.create("calc.exe",,,processid)
    }, processes)
  )

  it(
    "SWbemLocator, SWbemObjectSet, SystemProperties_, Derivation_",
    script(async (objSWbemLocator) => { // Set objSWbemLocator = CreateObject("WbemScripting.SWbemLocator")
      const objSWbemServices = await objSWbemLocator.connectServer(".", "root\\cimv2") // objSWbemLocator.ConnectServer(strComputer, "root\cimv2")
      const colSWbemObjectSet = await objSWbemServices.instancesOf("CIM_Process") // Set Disks = GetObject("winmgmts:").InstancesOf ("CIM_LogicalDisk")
      assert.strictEqual(colSWbemObjectSet.count, 1) // WScript.Echo "There are", Disks.Count, " Disks"
      const process = colSWbemObjectSet.item('Win32_Process.Handle="4"') // Set Disk = Disks("Win32_LogicalDisk.DeviceID=""C:""")
      assert.strictEqual(process.path_.path, '\\\\.\\ROOT\\cimv2:Win32_Process.Handle="4"') // WScript.Echo Disk.Path_.Path
      assert.deepStrictEqual(process.derivation_, ["CIM_Process"]) // d = c.Derivation_
      const objClass = await objSWbemServices.get("Win32_Process") // Set objClass = objWmi.Get("Win32_Process")
      assert.deepStrictEqual( // For Each objProperty In objClass.SystemProperties_
        Object.fromEntries(Array.from(objClass.systemProperties_, ({ name, value }) => [name, value])),
        {
          __GENUS: 1,
          __CLASS: "Win32_Process",
          __SUPERCLASS: "CIM_Process",
          __DYNASTY: "CIM_Process",
          __RELPATH: "Win32_Process",
          __PROPERTY_COUNT: 2,
          __DERIVATION: ["CIM_Process"],
          __SERVER: ".",
          __NAMESPACE: "ROOT\\cimv2",
          __PATH: "\\\\.\\ROOT\\cimv2:Win32_Process"
        }
      )
    }, processes)
  )
})
