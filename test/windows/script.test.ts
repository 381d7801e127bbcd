import { Buffer } from "node:buffer"
import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import * as script from "../../src/windows/conversation/script.ts"

const linux: script.Platform = { windows: false }

describe("script", () => {
  it("encoded is UTF-16, little-endian, in base64", () => {
    FastCheck.assert(FastCheck.property(FastCheck.string({ unit: "binary", maxLength: 50 }), (text) => {
      expect(script.encoded(text)).toBe(Buffer.from(text, "utf16le").toString("base64"))
    }))
    expect(Buffer.from(script.encoded(script.bootstrap), "base64").toString("utf16le")).toBe(
      script.bootstrap
    )
  })

  it("the header has the number of lines that follow", () => {
    expect(script.openingText("ab", "")).toBe("EWMI1 ab 0\n")
    expect(script.openingText("ab", "x")).toBe("EWMI1 ab 1\nx\n")
    expect(script.openingText("ab", "x\n\ny\n")).toBe("EWMI1 ab 3\nx\n\ny\n")
    const sent = script.openingText("ab", script.script())
    const [first, ...lines] = sent.slice(0, -1).split("\n")
    expect(first).toBe(`EWMI1 ab ${lines.length}`)
    expect(`${lines.join("\n")}\n`).toBe(script.script())
  })

  it("the script is a prelude, the core and the call; the file is the same behind the bootstrap's guards", () => {
    expect(script.script("# mine\n")).toBe(`# mine\n\n${script.core}\nStart-EwmiHost $args[0] $args[1]\n`)
    expect(script.script()).toContain(script.prelude)
    const statements = script.file.split("\n")
    expect(statements.slice(0, 4).map((line) => line.slice(0, 30))).toEqual([
      "$ErrorActionPreference='Stop';",
      "if($PSVersionTable.PSVersion.M",
      "if($ExecutionContext.SessionSt",
      "try{"
    ])
    expect(script.file).toContain(
      `${script.prelude}\n${script.core}\nStart-EwmiHost $r $h[1]|Out-Null\n}catch{`
    )
    expect(script.file).not.toContain("StringBuilder]::new()\nfor(")
  })

  it("the command: Windows PowerShell by its absolute path, the bare name with a prefix", () => {
    const [local, ...args] = script.commandLine({ platform: { windows: true, systemRoot: "D:\\Win" } })
    expect(local).toBe("D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe")
    expect(args).toEqual([
      "-NoLogo",
      "-NoProfile",
      "-NonInteractive",
      "-OutputFormat",
      "Text",
      "-Command",
      script.bootstrap
    ])
    expect(script.commandLine({ platform: { windows: true } })[0]).toMatch(/^C:\\Windows\\System32\\/)
    const remote = script.commandLine({ platform: { windows: true }, prefix: ["ssh", "-T", "ops@win01"] })
    expect(remote.slice(0, 4)).toEqual(["ssh", "-T", "ops@win01", "powershell.exe"])
    expect(remote.slice(-2)).toEqual(["-EncodedCommand", script.encoded(script.bootstrap)])
    expect(remote.slice(3).join(" ")).toMatch(/^[A-Za-z0-9+/=. -]+$/)
    expect(script.commandLine({ platform: linux })[0]).toBe("powershell.exe")
  })

  it("the command: options override the defaults", () => {
    expect(script.commandLine({ powershell: "pwsh", platform: linux, bootstrap: { file: "C:\\h.ps1" } })).toEqual(
      ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-File", "C:\\h.ps1"]
    )
    expect(script.commandLine({ platform: linux, bootstrap: "encoded" }).at(-2)).toBe("-EncodedCommand")
    expect(script.commandLine({ platform: linux, prefix: ["ssh"], bootstrap: "plain" }).at(-2)).toBe("-Command")
    expect(script.thisPlatform().windows).toBe(process.platform === "win32")
  })
})
