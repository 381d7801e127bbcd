/** The completions of the command for PowerShell, run by PowerShell's own engine. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { programOf } from "../../src/cli/program.ts"
import { wordsOf } from "../../src/cli/help/completionWords.ts"
import { scripts } from "../../src/cli/help/shells.ts"
import { findEngine } from "./engine.ts"

const rows: ReadonlyArray<readonly [line: string, replies: string]> = [
  ["effect-wmi snap", "snapshot"],
  ["effect-wmi --c", "--color"],
  ["effect-wmi put --sto", "--stop-on-error --store"],
  ["effect-wmi put --color ", "auto always never"],
  ["effect-wmi put --color a", "auto always"],
  ["effect-wmi help exp", "export explain"],
  ["effect-wmi completions ", "bash zsh fish powershell"],
  // nothing: PowerShell completes a file
  ["effect-wmi put --store w", ""],
  ["effect-wmi put a", ""]
]

/** Calls the block of the script as PowerShell does. The engine of the tests has no cmdlet that does it. */
const calls = `
foreach ($line in ${rows.map(([line]) => `'${line}'`).join(", ")}) {
  $ast = [System.Management.Automation.Language.Parser]::ParseInput($line, [ref]$null, [ref]$null).Find(
    { param($node) $node -is [System.Management.Automation.Language.CommandAst] }, $true)
  $word = if ($line.EndsWith(' ')) { '' } else { $line.Split(' ')[-1] }
  '>' + ((& $block $word $ast $line.Length | ForEach-Object { $_.CompletionText }) -join ' ')
}
`

const engine = await findEngine()

describe.skipIf(engine === undefined)("the completions of PowerShell", () => {
  it("complete commands, options and choices, and leave files to PowerShell", () => {
    const file = join(mkdtempSync(join(tmpdir(), "effect-wmi-completions-")), "completions.ps1")
    const script = scripts.powershell(wordsOf(programOf(() => async () => {})))
    const block = script.replace(/^Register-ArgumentCompleter .*-ScriptBlock \{$/m, "$block = {")
    assert.notStrictEqual(block, script)
    writeFileSync(file, block + calls)
    const out = execFileSync(engine!.command, ["-NoProfile", "-File", file], { encoding: "utf8" })
    assert.deepStrictEqual(out.trimEnd().split(/\r?\n/), rows.map(([, replies]) => `>${replies}`))
  })
})
