/**
 * Scripts that administrators write, ported line by line as in `examples.test.ts`: what Microsoft's pages describe in words, MOF or
 * C++ and scripts do every day. The comment behind a line is the original statement.
 */
import * as Either from "effect/Either"
import { assert, describe, it } from "vitest"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import { SWbemError } from "../../src/scripting/objects/SWbemError.ts"
import { SWbemLastError } from "../../src/scripting/objects/SWbemLastError.ts"
import { SWbemLocator } from "../../src/scripting/connection/SWbemLocator.ts"
import { SWbemNamedValueSet } from "../../src/scripting/objects/SWbemNamedValueSet.ts"
import type { SWbemObjectPath } from "../../src/scripting/objects/SWbemObjectPath.ts"
import type { SWbemObject } from "../../src/scripting/objects/SWbemObject.ts"
import { SWbemSink } from "../../src/scripting/connection/SWbemSink.ts"
import { wbemChangeFlag, wbemCimType, wbemErr } from "../../src/scripting/objects/WbemConstants.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Property from "../../src/model/Property.ts"
import * as Mof from "../../src/mof/Mof.ts"
import { err, script } from "./scripts.ts"

const { wbemCimtypeSint16, wbemCimtypeString, wbemCimtypeUint32 } = wbemCimType
const {
  wbemChangeFlagCreateOnly,
  wbemChangeFlagUpdateForceMode,
  wbemChangeFlagUpdateOnly,
  wbemChangeFlagUpdateSafeMode
} = wbemChangeFlag

describe("permanent event subscriptions", () => {
  // Of Windows: neither the namespace nor the class is in an emulator that starts empty.
  const consumers = Either.getOrThrow(Mof.requests(`
    class CommandLineEventConsumer : __EventConsumer {
      [key] string Name; string CommandLineTemplate; string ExecutablePath; boolean RunInteractively = FALSE;
    };
  `))
  const subscription = Snapshot.withObjects(
    Snapshot.empty({ namespaces: ["root\\subscription"] }),
    "root\\subscription",
    Array.from(consumers, ({ object }) => object)
  )

  interface Filter {
    Name: string
    EventNamespace: string
    QueryLanguage: string
    Query: string
  }
  interface Consumer {
    Name: string
    CommandLineTemplate: string
  }
  interface Binding {
    Filter: string | SWbemObjectPath
    Consumer: string | SWbemObjectPath
  }

  it(
    "Implementing cross-namespace permanent event subscriptions: a filter, a consumer, and what binds them",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:{impersonationLevel=impersonate}!\\\\.\\root\\subscription") // Set objService = GetObject("…")
      const objFilter = (await objService.get("__EventFilter")).spawnInstance_<Filter>() // Set objFilter = objService.Get("__EventFilter").SpawnInstance_
      objFilter.Name = "Filter" // objFilter.Name = "Filter"
      objFilter.EventNamespace = "root\\cimv2" // objFilter.EventNamespace = "root\cimv2"
      objFilter.QueryLanguage = "WQL" // objFilter.QueryLanguage = "WQL"
      objFilter.Query = 'SELECT * FROM __InstanceModificationEvent WHERE TargetInstance ISA "Win32_LocalTime"' // objFilter.Query = "…"
      const objFilterPath = await objFilter.put_() // Set objFilterPath = objFilter.Put_

      const objConsumer = (await objService.get("CommandLineEventConsumer")).spawnInstance_<Consumer>() // Set objConsumer = objService.Get("CommandLineEventConsumer").SpawnInstance_
      objConsumer.Name = "Consumer" // objConsumer.Name = "Consumer"
      objConsumer.CommandLineTemplate = 'cmd.exe /c echo "%TargetInstance.Hour%"' // objConsumer.CommandLineTemplate = "…"
      await objConsumer.put_() // objConsumer.Put_

      const objBinding = (await objService.get("__FilterToConsumerBinding")).spawnInstance_<Binding>() // Set objBinding = objService.Get("__FilterToConsumerBinding").SpawnInstance_
      objBinding.Filter = objFilterPath // objBinding.Filter = objFilterPath
      objBinding.Consumer = objConsumer.path_ // objBinding.Consumer = objConsumer.Path_
      const objBindingPath = await objBinding.put_() // Set objBindingPath = objBinding.Put_
      assert.strictEqual(
        objBindingPath.relPath,
        '__FilterToConsumerBinding.Consumer="\\\\\\\\.\\\\ROOT\\\\subscription:CommandLineEventConsumer.Name=\\"Consumer\\""'
          + ',Filter="\\\\\\\\.\\\\root\\\\subscription:__EventFilter.Name=\\"Filter\\""'
      )

      const stored = await objService.get<Binding>(objBindingPath)
      assert.strictEqual((await objService.get<Filter>(stored.Filter)).EventNamespace, "root\\cimv2")
      assert.strictEqual((await objService.get<Consumer>(stored.Consumer)).Name, "Consumer")

      await objFilter.put_() // the script runs again: everything is there, nothing is refused
      for (const path of [objBindingPath, objConsumer.path_, objFilterPath]) await objService.delete(path) // objService.Delete path
      assert.strictEqual((await objService.instancesOf("__EventConsumer")).count, 0)
    }, subscription)
  )

  it(
    "a consumer class derived from __EventConsumer",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:root\\subscription")
      const objClass = (await objService.get("__EventConsumer")).spawnDerivedClass_() // Set objClass = objService.Get("__EventConsumer").SpawnDerivedClass_
      objClass.path_.class = "Demo_Consumer" // objClass.Path_.Class = "Demo_Consumer"
      objClass.properties_.add("Name", wbemCimtypeString).qualifiers_.add("key", true) // objClass.Properties_.Add("Name", wbemCimtypeString).Qualifiers_.Add "key", True
      await objClass.put_() // objClass.Put_
      const objConsumer = (await objService.get("Demo_Consumer")).spawnInstance_<Consumer>()
      objConsumer.Name = "x"
      assert.strictEqual((await objConsumer.put_()).relPath, 'Demo_Consumer.Name="x"')
      assert.deepStrictEqual(
        (await objService.instancesOf("__EventConsumer")).itemIndex(0).derivation_.slice(0, 1),
        ["__EventConsumer"]
      )
    }, subscription)
  )
})

describe("namespaces", () => {
  it(
    "a namespace is an instance of __Namespace; deleting it deletes its classes and nested namespaces",
    script(async (wmi) => {
      const objRoot = await wmi.getServices("winmgmts:\\\\.\\root") // Set objRoot = GetObject("winmgmts:\\.\root")
      const objNamespace = (await objRoot.get("__Namespace")).spawnInstance_<{ Name: string }>() // Set objNamespace = objRoot.Get("__Namespace").SpawnInstance_
      objNamespace.Name = "Acme" // objNamespace.Name = "Acme"
      await objNamespace.put_() // objNamespace.Put_
      const e = await err("AlreadyExists", () => objNamespace.put_(wbemChangeFlagCreateOnly)) // objNamespace.Put_ wbemChangeFlagCreateOnly
      assert.strictEqual(e.number, wbemErr.wbemErrAlreadyExists) // If Err.Number = wbemErrAlreadyExists Then

      const objAcme = await wmi.connectServer(".", "root/acme") // Set objAcme = objLocator.ConnectServer(".", "root/acme")
      const objClass = await objAcme.get() // Set objClass = objAcme.Get
      objClass.path_.class = "Demo_Part" // objClass.Path_.Class = "Demo_Part"
      assert.strictEqual((await objClass.put_()).namespace, "root\\acme")
      const objInner = (await objAcme.get("__Namespace")).spawnInstance_<{ Name: string }>()
      objInner.Name = "Inner"
      await objInner.put_()
      await wmi.getServices("winmgmts:root\\acme\\inner")
      await err("NotFound", () => objRoot.get("Demo_Part"))

      await objRoot.delete("__Namespace='Acme'") // objRoot.Delete "__Namespace='Acme'"
      await err("InvalidNamespace", () => wmi.getServices("winmgmts:root\\acme\\inner"))
      await err("InvalidNamespace", () => objClass.put_())
    })
  )
})

describe("classes", () => {
  it(
    "SpawnDerivedClass_: the base class is put and read first; an overridden default, and instances",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts://./root/default") // Set objService = GetObject("winmgmts://./root/default")
      let objBase = await objService.get() // Set objBase = objService.Get
      objBase.path_.class = "MyBaseClass" // objBase.Path_.Class = "MyBaseClass"
      objBase.properties_.add("Id", wbemCimtypeString).qualifiers_.add("key", true)
      objBase.properties_.add("Size", wbemCimtypeUint32).value = 1
      await objBase.put_() // objBase.Put_
      // "You cannot create a derived class from a class that is local to your own client process."
      await err("IncompleteClass", () => objBase.spawnDerivedClass_())
      objBase = await objService.get("MyBaseClass") // Set objBase = objService.Get("MyBaseClass")
      const objClass = objBase.spawnDerivedClass_() // Set objClass = objBase.SpawnDerivedClass_
      objClass.path_.class = "MyClass" // objClass.Path_.Class = "MyClass"
      objClass.properties_.item("Size").value = 2 // objClass.Properties_("Size") = 2
      objClass.properties_.add("Extra", wbemCimtypeString)
      await objClass.put_() // objClass.Put_

      const objInstance = (await objService.get("MyClass")).spawnInstance_<{ ID: string; size: number }>()
      assert.strictEqual(objInstance.size, 2)
      objInstance.ID = "x"
      await objInstance.put_()
      const [found] = await objService.instancesOf("MyBaseClass") // For Each obj In objService.InstancesOf("MyBaseClass")
      assert.strictEqual(found!.path_.relPath, 'MyClass.Id="x"')
      assert.deepStrictEqual(
        Array.from(found!.properties_, ({ isLocal, name, origin }) => [name, origin, isLocal]),
        [["Extra", "MyClass", false], ["Id", "MyBaseClass", true], ["Size", "MyBaseClass", false]]
      )
      await err("IllegalOperation", () => found!.spawnDerivedClass_())
      await objBase.delete_() // objBase.Delete_: and everything below it
      await err("NotFound", () => objService.get("MyClass"))
    })
  )

  it(
    "Put_: the effect of each mode on a class with a subclass and with an instance",
    script(async (wmi) => {
      const objService = await wmi.connectServer("", "root\\default")
      const objBase = await objService.get()
      objBase.path_.class = "Demo_Base"
      objBase.properties_.add("Id", wbemCimtypeString).qualifiers_.add("key", true)
      await objBase.put_(wbemChangeFlagCreateOnly)
      const objSub = (await objService.get("Demo_Base")).spawnDerivedClass_()
      objSub.path_.class = "Demo_Sub"
      objSub.properties_.add("Kind", wbemCimtypeString)
      await objSub.put_()

      const objChanged = await objService.get("Demo_Base")
      objChanged.properties_.add("Size", wbemCimtypeUint32) // objClass.Properties_.Add "Size", wbemCimtypeUint32
      await err("ClassHasChildren", () => objChanged.put_()) // objClass.Put_
      await objChanged.put_(wbemChangeFlagUpdateSafeMode) // objClass.Put_ wbemChangeFlagUpdateSafeMode
      assert.strictEqual((await objService.get("Demo_Sub")).properties_.count, 3)

      const objInstance = (await objService.get("Demo_Base")).spawnInstance_<{ Id: string }>()
      objInstance.Id = "1"
      await objInstance.put_()
      objChanged.properties_.add("More", wbemCimtypeUint32)
      await err("ClassHasInstances", () => objChanged.put_(wbemChangeFlagUpdateSafeMode))
      const objDescribed = await objService.get("Demo_Base")
      objDescribed.qualifiers_.add("Description", "for people") // "an unimportant qualifier"
      await objDescribed.put_()
      await objChanged.put_(wbemChangeFlagUpdateForceMode) // "results in the deletion of all instances of that class"
      assert.strictEqual((await objService.instancesOf("Demo_Base")).count, 0)
      objChanged.path_.class = "Demo_Base" // objClass.Path_.Class = "Demo_Base", which it is
      await err("ReadOnly", () => objChanged.path_.class = "Demo_Other")
      await err("AlreadyExists", () => objChanged.put_(wbemChangeFlagCreateOnly))
    })
  )

  it(
    "qualifiers of every type, and their propagation by flavours",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:root/default") // Set Service = GetObject("winmgmts:root/default")
      const objClass = await objService.get() // Set Class = Service.Get
      objClass.path_.class = "Demo_Qualified" // Class.Path_.Class = "Demo_Qualified"
      objClass.properties_.add("Id", wbemCimtypeString).qualifiers_.add("key", true)
      const qualifiers = objClass.qualifiers_ // Set Qualifiers = Class.Qualifiers_
      qualifiers.add("qbool", true, true, true, false) // Qualifiers.Add "qbool", true, true, true, false
      qualifiers.add("qsint32", 345) // Qualifiers.Add "qsint32", 345
      qualifiers.add("qreal64", -345.675) // Qualifiers.Add "qreal64", -345.675
      qualifiers.add("qnone", "stays", false, false) // Qualifiers.Add "qnone", "stays", false, false
      qualifiers.add("qsub", "to subclasses", true, false) // Qualifiers.Add "qsub", "to subclasses", true, false
      qualifiers.add("aqreal64", [-2.3, 2.456]) // Qualifiers.Add "aqreal64", Array(-2.3, 2.456)
      qualifiers.add("aqempty", []) // Qualifiers.Add "aqempty", Array()
      qualifiers.item("QSINT32").value = 7677 // Qualifiers("QSINT32").Value = 7677
      await objClass.put_() // Class.Put_

      const list = (object: SWbemObject): ReadonlyArray<string> =>
        Array.from(
          object.qualifiers_,
          ({ isLocal, isOverridable, name, value }) =>
            `${name}=${value} ${isLocal ? "own" : "inherited"}${isOverridable ? "" : " fixed"}`
        )
      const read = await objService.get("demo_qualified")
      assert.deepStrictEqual(list(read), [
        "aqempty= own",
        "aqreal64=-2.3,2.456 own",
        "qbool=true own fixed",
        "qnone=stays own",
        "qreal64=-345.675 own",
        "qsint32=7677 own",
        "qsub=to subclasses own"
      ])
      const objSub = read.spawnDerivedClass_()
      assert.deepStrictEqual(list(objSub), [
        "aqempty= inherited",
        "aqreal64=-2.3,2.456 inherited",
        "qbool=true inherited fixed",
        "qreal64=-345.675 inherited",
        "qsint32=7677 inherited",
        "qsub=to subclasses inherited"
      ])
      assert.deepStrictEqual(list(read.spawnInstance_()), [
        "aqempty= inherited",
        "aqreal64=-2.3,2.456 inherited",
        "qbool=true inherited fixed",
        "qreal64=-345.675 inherited",
        "qsint32=7677 inherited"
      ])
      objSub.qualifiers_.item("qsint32").value = 1
      await err("OverrideNotAllowed", () => objSub.qualifiers_.add("qbool", false))
      await err("PropagatedQualifier", () => objSub.qualifiers_.remove("qsub"))
      assert.include(list(objSub), "qsint32=1 own")
      objSub.qualifiers_.remove("qsint32")
      assert.include(list(objSub), "qsint32=7677 inherited")
    })
  )

  it(
    "empty arrays of a property, a qualifier and a named value are not NULL",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:root/default")
      let objClass = await objService.get()
      objClass.path_.class = "EMPTYARRAYTEST00" // MyClass.Path_.Class = "EMPTYARRAYTEST00"
      const objProperty = objClass.properties_.add("p1", wbemCimtypeSint16, true) // Set Prop = MyClass.Properties_.Add("p1", 2, true)
      assert.isNull(objProperty.value)
      objProperty.value = [] // Prop.Value = Array
      assert.deepStrictEqual([objProperty.value, objProperty.cimType, objProperty.isArray], [[], 2, true])
      objClass.qualifiers_.add("q1", []) // MyClass.Qualifiers_.Add "q1", Array
      await objClass.put_() // MyClass.Put_
      objClass = await objService.get("EMPTYARRAYTEST00") // Set MyClass = Service.Get("EMPTYARRAYTEST00")
      assert.deepStrictEqual(objClass.properties_.item("p1").value, [])
      objClass.properties_.item("p1").value = [12, 34, 56] // MyClass.Properties_("p1").Value = Array(12, 34, 56)
      objClass.properties_.item("p1").value = [] // MyClass.Properties_("p1").Value = Array
      objClass.qualifiers_.item("q1").value = ["Hello", "World"] // MyClass.Qualifiers_("q1").Value = Array("Hello", "World")
      await objClass.put_() // MyClass.Put_
      objClass = await objService.get("EMPTYARRAYTEST00")
      assert.deepStrictEqual(objClass.properties_.item("p1").value, [])
      assert.deepStrictEqual(objClass.qualifiers_.item("q1").value, ["Hello", "World"])
      assert.deepStrictEqual(new SWbemNamedValueSet().add("Foo", []).value, []) // Set NValue = NValueSet.Add("Foo", Array)
    })
  )
})

const Disk = ClassDefinition.make("Demo_Disk", { Id: Property.key("uint32"), Label: Property.make("string") })

describe("instances", () => {
  it(
    "Clone_: a hundred independent copies of one instance",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:")
      const objFirst = (await objService.get("Demo_Disk")).spawnInstance_<{ Id: number; Label: string }>() // Set objFirst = objService.Get("Demo_Disk").SpawnInstance_
      objFirst.Label = "new" // objFirst.Label = "new"
      for (let i = 1; i <= 100; i++) { // For i = 1 To 100
        const objCopy = objFirst.clone_<{ Id: number }>() // Set objCopy = objFirst.Clone_
        objCopy.Id = i // objCopy.Id = i
        await objCopy.put_() // objCopy.Put_
      } // Next
      const colDisks = await objService.instancesOf("Demo_Disk")
      assert.strictEqual(colDisks.count, 100)
      assert.strictEqual(colDisks.item("Demo_Disk=100").properties_.item("Label").value, "new")
      assert.isNull(objFirst.properties_.item("Id").value)
    }, Snapshot.of(Disk))
  )

  it(
    "On Error Resume Next: Err and SWbemLastError after each line",
    script(async (wmi) => {
      const objService = await wmi.getServices("winmgmts:")
      const objDisk = (await objService.get("Demo_Disk")).spawnInstance_<{ Id: number; Label: string }>()
      objDisk.Id = 1
      let number = 0
      let text = ""
      try { // On Error Resume Next
        await objDisk.put_(wbemChangeFlagUpdateOnly) // objDisk.Put_ wbemChangeFlagUpdateOnly
      } catch (error) {
        if (!(error instanceof SWbemError)) throw error
        number = error.number // Err.Number
        text = (error.number >>> 0).toString(16) // Hex(Err.Number)
      }
      assert.strictEqual(number, 0x80041002 | 0) // If Err.Number = &H80041002 Then
      assert.strictEqual(text, "80041002")
      const objError = SWbemLastError.create(wmi) // Set objError = CreateObject("WbemScripting.SWbemLastError")
      assert.deepStrictEqual([objError.Operation, objError.ParameterInfo], ["PutInstance", "Demo_Disk.Id=1"])
      await objDisk.put_() // objDisk.Put_
      await err("Failed", () => SWbemLastError.create(wmi))
      await err("NotFound", () => objDisk.properties_.item("Nothing")) // objDisk.Properties_("Nothing"): no call of WMI
      await err("Failed", () => SWbemLastError.create(wmi))
    }, Snapshot.of(Disk))
  )

  it("one sink for the calls of two scripts: distinguished by their contexts, cancelled together", async () => {
    const scripts = [new SWbemLocator(), new SWbemLocator()]
    const told: Array<string> = []
    const sink = new SWbemSink({ // Set sink = WScript.CreateObject("WbemScripting.SWbemSink", "SINK_")
      onObjectPut: (objPath, objAsyncContext) => { // Sub SINK_OnObjectPut(objWbemObjectPath, objWbemAsyncContext)
        told.push(`${(objAsyncContext as SWbemNamedValueSet).item("call").value}: ${objPath.class}`)
      },
      onCompleted: (iHResult, _, objAsyncContext) => { // Sub SINK_OnCompleted(iHResult, objErrorObject, objAsyncContext)
        told.push(`${(objAsyncContext as SWbemNamedValueSet).item("call").value}: ${iHResult}`)
      }
    })
    for (const [i, wmi] of scripts.entries()) {
      const objClass = await (await wmi.connectServer()).get()
      objClass.path_.class = `Demo_${i}`
      const objAsyncContext = new SWbemNamedValueSet() // Set objAsyncContext = CreateObject("WbemScripting.SWbemNamedValueSet")
      objAsyncContext.add("call", i) // objAsyncContext.Add "call", i
      await objClass.putAsync_(sink, 0, null, objAsyncContext) // objClass.PutAsync_ sink, , , objAsyncContext
    }
    await sink.cancel() // sink.Cancel
    const { wbemErrCallCancelled } = wbemErr
    assert.deepStrictEqual(
      told.sort(),
      [`0: ${wbemErrCallCancelled}`, `1: ${wbemErrCallCancelled}`]
    )
    for (const wmi of scripts) await wmi.close()
  })
})
