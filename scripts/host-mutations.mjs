// One-line mistakes in the host script, each of which a test of test/windows must find: `npm run mutations`. Each is made in a
// copy of the tree; the engine is built once. Prints a table. Fails if a mistake is not found, or if the tests fail without
// a mistake. `npm run mutations -- NAME…` runs the named ones.
import { spawn } from "node:child_process"
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = join(dirname(fileURLToPath(import.meta.url)), "..")
const seconds = 120

/** Name, source file, a text that occurs there once, its replacement, and the tests to run: a file and a pattern of titles. */
const mutations = [
  ["no comma behind Get-Field", "messages", "return , $Map[$Key]", "return $Map[$Key]", "calls", "T4: many"],
  ["null for DBNull", "values", "return , [DBNull]::Value", "return , $null", "calls", "null becomes null"],
  [
    "uint32 as it is",
    "values",
    "return [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]::Parse($V, $script:Inv)), 0)",
    "return [uint32]::Parse($V, $script:Inv)",
    "calls",
    "uint32"
  ],
  [
    "thousands in reals",
    "start",
    "[Globalization.NumberStyles]::Float",
    "[Globalization.NumberStyles]::Any",
    "calls",
    "real"
  ],
  [
    "no brackets in the ranking",
    "failures",
    "if ($r -gt $out.Rank -or ($r -eq 1 -and $out.Rank -eq 1)) {",
    "if ($r -gt $out.Rank -or $r -eq 1 -and $out.Rank -eq 1) {",
    "calls",
    "T4: failures"
  ],
  ["the outermost number", "failures", "'^8004[1-4]'", "'^8004'", "calls", "EWMI_Unlisted"],
  ["standard output is not redirected", "start", "  [Console]::SetOut([Console]::Error)\n", "", "calls", "noise glued"],
  [
    "no kill at the end of input",
    "start",
    "  [Diagnostics.Process]::GetCurrentProcess().Kill()\n",
    "",
    "hostStart",
    "end of input while a call hangs"
  ],
  [
    "no lease",
    "start",
    ".TotalSeconds -gt $script:LeaseSeconds",
    ".TotalSeconds -gt 86400",
    "hostStart",
    "the lease ends"
  ],
  [
    "a ping does not say what runs",
    "start",
    "',\"running\":' + $Shared.Running + '}'",
    "',\"running\":0}'",
    "hostStart",
    "a ping is answered"
  ],
  [
    "a cancel is not kept",
    "start",
    "$Shared.Cancelled[$m.Groups[1].Value] = $true",
    "$m = $null",
    "calls",
    "a cancel between items"
  ],
  ["no start frame", "start", "    Send-Frame ([ordered]@{ t = 'start'; id = $id })\n", "", "calls", "T4: many"],
  [
    "bits that are not for WMI are passed",
    "messages",
    "return $f -band (-bnot 0x90)",
    "return $f",
    "calls",
    "create-only"
  ],
  ["a put without a path succeeds", "instances", "if ($null -eq $p) {", "if ($p -eq 'x') {", "calls", "EWMI_Null"],
  [
    "flavours in the other order",
    "classes",
    "(($f -band 2) -ne 0), (($f -band 1) -ne 0)",
    "(($f -band 1) -ne 0), (($f -band 2) -ne 0)",
    "calls",
    "flavours are passed"
  ],
  ["amended is lost", "managed", "(($f -band 0x80) -ne 0)", "$false", "managed", "a class with a method"],
  [
    "safe mode is lost",
    "managed",
    "if (($Wire -band 0x60) -ne 0) {",
    "if (($Wire -band 0x40) -ne 0) {",
    "managed",
    "flags"
  ],
  [
    "a member that is not there",
    "managed",
    "$writing.UseAmendedQualifiers",
    "$writing.UseAmended",
    "members",
    "every type"
  ],
  [
    "not all is escaped",
    "start",
    "'[^\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]'",
    "'[\\x00-\\x1f\\x22\\x5c]'",
    "hostileText",
    "64 KiB"
  ],
  [
    "a class is declared",
    "values",
    "# --- core: values",
    "class EwmiValue { }\n# --- core: values",
    "static",
    "no class"
  ],
  [
    "text compared linguistically",
    "start",
    '\'{"op":"exit"\', [StringComparison]::Ordinal)',
    '\'{"op":"exit"\')',
    "static",
    "compared ordinally"
  ],
  ["constrained language is not reported", "bootstrap", "exit 77}", "exit 1}", "hostStart", "plain: constrained"],
  [
    "a statement writes to the pipeline",
    "connections",
    "[void]$M.Remove('secret')",
    "$M.Remove('secret')",
    "calls",
    "connections"
  ],
  [
    "the other engine's order",
    "managed",
    "$methods.Add($name, $ins, $outs)",
    "$methods.Add($name, $outs, $ins)",
    "loop",
    "a class with every type"
  ]
]

const copy = mkdtempSync(join(tmpdir(), "ewmi-mutations-"))
for (const name of ["src", "test", "scripts", "package.json", "deno.json", "tsconfig.json", "vitest.config.ts"]) {
  cpSync(join(root, name), join(copy, name), { recursive: true })
}
symlinkSync(join(root, "node_modules"), join(copy, "node_modules"))

/** Runs tests in the copy. Returns whether they passed, and the first that failed. */
const tested = (file, pattern) =>
  new Promise((resolve) => {
    const args = [
      join(copy, "node_modules", "vitest", "vitest.mjs"),
      "run",
      `test/windows/${file}.test.ts`,
      "--bail=1",
      "--reporter=json",
      "--testTimeout=15000",
      ...(pattern === undefined ? [] : ["-t", pattern])
    ]
    const child = spawn(process.execPath, args, {
      cwd: copy,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, REQUIRE_POWERSHELL: "1" }
    })
    let out = ""
    let err = ""
    child.stdout.on("data", (chunk) => (out += chunk))
    child.stderr.on("data", (chunk) => (err += chunk))
    const timer = setTimeout(() => process.kill(-child.pid, "SIGKILL"), seconds * 1000)
    child.on("close", (code) => {
      clearTimeout(timer)
      // A mistake may leave a host process behind; it is in this process group.
      try {
        process.kill(-child.pid, "SIGKILL")
      } catch {
        // no process is left
      }
      const at = out.indexOf("{")
      try {
        const report = JSON.parse(out.slice(at))
        const tests = report.testResults.flatMap((one) => one.assertionResults)
        const failed = tests.find((one) => one.status === "failed")
        const ran = tests.filter((one) => one.status === "passed" || one.status === "failed").length
        const suite = report.testResults.find((one) => one.status === "failed")
        const first = failed?.fullName ?? (suite === undefined ? "" : `the set-up of ${file}`)
        resolve({ passed: code === 0, ran, first })
      } catch {
        resolve({ passed: code === 0, ran: 0, first: `no report: ${err.trim().split("\n").at(-1) ?? code}` })
      }
    })
  })

const generate = () =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(copy, "scripts", "host-script.mjs")], { cwd: copy, stdio: "inherit" })
    child.on("close", (code) => code === 0 ? resolve() : reject(new Error("the mutated script was not generated")))
  })

const mutated = async ([, source, from, to], run) => {
  const path = join(copy, "src", "windows", "script", `${source}.ps1`)
  const text = readFileSync(path, "utf8")
  if (text.split(from).length !== 2) throw new Error(`${source}.ps1 does not hold just once: ${from}`)
  writeFileSync(path, text.replace(from, () => to))
  await generate()
  try {
    return await run()
  } finally {
    writeFileSync(path, text)
    await generate()
  }
}

const cleanly = new Map()

/** Runs the same tests without a mistake, once. */
const clean = (file, pattern) => {
  const key = `${file} ${pattern}`
  if (!cleanly.has(key)) cleanly.set(key, tested(file, pattern))
  return cleanly.get(key)
}

const names = process.argv.slice(2)
const chosen = mutations.filter(([name]) => names.length === 0 || names.some((one) => name.includes(one)))
let missed = 0
try {
  for (const mutation of chosen) {
    const [name, source, , , file, pattern] = mutation
    const began = Date.now()
    const without = await clean(file, pattern)
    const dirty = await mutated(mutation, () => tested(file, pattern))
    const verdict = !without.passed || without.ran === 0
      ? `INVALID (${without.ran} tests without it${without.first === "" ? "" : `: ${without.first}`})`
      : dirty.passed
      ? "NOT FOUND"
      : `found by ${dirty.first}`
    if (!verdict.startsWith("found")) missed++
    console.log(
      `${name.padEnd(36)} ${source.padEnd(12)} ${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${verdict}`
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`${chosen.length} mistakes, ${chosen.length - missed} found, ${missed} not`)
process.exitCode = missed === 0 ? 0 : 1
