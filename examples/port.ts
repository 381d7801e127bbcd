// Any runtime: a script that was written for WMI's COM objects, line by line
import { SWbemLocator, SWbemSink, wbemChangeFlag, wbemCimType } from "effect-wmi/scripting"

const wmi = new SWbemLocator() // in memory; or over any layer
const service = await wmi.getServices("winmgmts:root\\default")

const cls = await service.get()
cls.path_.class = "NewClass"
cls.properties_.add("Name", wbemCimType.wbemCimtypeString).qualifiers_.add("key", true)
await cls.put_()

const instance = (await service.get("NewClass")).spawnInstance_<{ Name: string }>()
instance.Name = "My Instance"
const done = new Promise<void>((resolve) => {
  const sink = new SWbemSink({
    onObjectPut: (path) => console.log("put", path.relPath),
    onCompleted: (hresult, error) => {
      console.log("completed", hresult, error?.Operation ?? "without an error")
      resolve()
    }
  })
  void service.putAsync(sink, instance, wbemChangeFlag.wbemChangeFlagCreateOnly)
})
await done
await wmi.close()
