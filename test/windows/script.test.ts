import { Buffer } from "node:buffer"
import * as FastCheck from "effect/FastCheck"
import { describe, expect, it } from "vitest"
import * as hostScript from "../../src/windows/conversation/script.ts"

const linux: hostScript.Platform = { windows: false }

describe("hostScript", () => {
  it("encoded is UTF-16, little end first, in base64", () => {
    FastCheck.assert(FastCheck.property(FastCheck.string({ unit: "binary", maxLength: 50 }), (text) => {
      expect(hostScript.encoded(text)).toBe(Buffer.from(text, "utf16le").toString("base64"))
    }))
    expect(Buffer.from(hostScript.encoded(hostScript.bootstrap), "base64").toString("utf16le")).toBe(
      hostScript.bootstrap
    )
  })

  it("the header counts the lines that follow", () => {
    expect(hostScript.openingText("ab", "")).toBe("EWMI1 ab 0\n")
    expect(hostScript.openingText("ab", "x")).toBe("EWMI1 ab 1\nx\n")
    expect(hostScript.openingText("ab", "x\n\ny\n")).toBe("EWMI1 ab 3\nx\n\ny\n")
    const sent = hostScript.openingText("ab", hostScript.script())
    const [first, ...lines] = sent.slice(0, -1).split("\n")
    expect(first).toBe(`EWMI1 ab ${lines.length}`)
    expect(`${lines.join("\n")}\n`).toBe(hostScript.script())
  })

  it("the script is a prelude, the core and the call; the file is the same behind the bootstrap's guards", () => {
    expect(hostScript.script("# mine\n")).toBe(`# mine\n\n${hostScript.core}\nStart-EwmiHost $args[0] $args[1]\n`)
    expect(hostScript.script()).toContain(hostScript.prelude)
    const statements = hostScript.file.split("\n")
    expect(statements.slice(0, 4).map((line) => line.slice(0, 30))).toEqual([
      "$ErrorActionPreference='Stop';",
      "if($PSVersionTable.PSVersion.M",
      "if($ExecutionContext.SessionSt",
      "try{"
    ])
    expect(hostScript.file).toContain(
      `${hostScript.prelude}\n${hostScript.core}\nStart-EwmiHost $r $h[1]|Out-Null\n}catch{`
    )
    expect(hostScript.file).not.toContain("StringBuilder]::new()\nfor(")
  })

  it("the command: Windows' own PowerShell by its path, the bare name behind a prefix", () => {
    const [local, ...args] = hostScript.commandLine({ platform: { windows: true, systemRoot: "D:\\Win" } })
    expect(local).toBe("D:\\Win\\System32\\WindowsPowerShell\\v1.0\\powershell.exe")
    expect(args).toEqual([
      "-NoLogo",
      "-NoProfile",
      "-NonInteractive",
      "-OutputFormat",
      "Text",
      "-Command",
      hostScript.bootstrap
    ])
    expect(hostScript.commandLine({ platform: { windows: true } })[0]).toMatch(/^C:\\Windows\\System32\\/)
    const far = hostScript.commandLine({ platform: { windows: true }, prefix: ["ssh", "-T", "ops@win01"] })
    expect(far.slice(0, 4)).toEqual(["ssh", "-T", "ops@win01", "powershell.exe"])
    expect(far.slice(-2)).toEqual(["-EncodedCommand", hostScript.encoded(hostScript.bootstrap)])
    expect(far.slice(3).join(" ")).toMatch(/^[A-Za-z0-9+/=. -]+$/)
    expect(hostScript.commandLine({ platform: linux })[0]).toBe("powershell.exe")
  })

  it("the command: what is said wins", () => {
    expect(hostScript.commandLine({ powershell: "pwsh", platform: linux, bootstrap: { file: "C:\\h.ps1" } })).toEqual(
      ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-File", "C:\\h.ps1"]
    )
    expect(hostScript.commandLine({ platform: linux, bootstrap: "encoded" }).at(-2)).toBe("-EncodedCommand")
    expect(hostScript.commandLine({ platform: linux, prefix: ["ssh"], bootstrap: "plain" }).at(-2)).toBe("-Command")
    expect(hostScript.thisPlatform().windows).toBe(process.platform === "win32")
  })
})
