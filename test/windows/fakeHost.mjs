#!/usr/bin/env node
// A fake host without PowerShell: it does the handshake and answers from a small namespace in memory, or misbehaves as its options say.
// Always run by `node`: node fakeHost.mjs '<JSON of options>' <the arguments of a real command line>
import { spawn } from "node:child_process"
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { StringDecoder } from "node:string_decoder"

const options = JSON.parse(process.argv[2] ?? "{}")
/** A misbehaviour of the first process only leaves a file behind. */
const mode = options.once !== undefined && existsSync(options.once) ? "namespace" : options.mode ?? "namespace"
const note = (file, text) => file !== undefined && appendFileSync(file, text + "\n")
note(options.pids, String(process.pid))
// What every user of the computer can read of a process.
note(options.seen, JSON.stringify([process.argv, process.env]))
const misbehaves = () => options.once !== undefined && writeFileSync(options.once, "")

const exit = (code, text = "", errors = "") => {
  // After the output is flushed: an immediate exit would cut it.
  process.stderr.write(errors, () => process.stdout.write(text, () => process.exit(code)))
}
const clixml = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'
  + '<Obj S="progress" RefId="0"><TN RefId="0"><T>PSCustomObject</T></TN></Obj>'
  + '<S S="Error">ssh &amp; friends: The term \'x\' is not recognized_x000D__x000A_</S><S S="Error">At line:1</S></Objs>'

// --- starts that fail ---
const endings = {
  constrained: () => exit(77, "EWMI0 LanguageMode ConstrainedLanguage\r\n"),
  constrainedOnStderr: () => exit(77, "", "EWMI0 LanguageMode ConstrainedLanguage\n"),
  bootstrap: () => exit(78, "EWMI0 Bootstrap bad header\n"),
  version: () => exit(79, "EWMI0 Version 4.0\n"),
  clixml: () => exit(1, "", clixml),
  exit255: () => exit(255, "", "ssh: connect to host win01 port 22: Connection refused\n"),
  exit127: () => exit(127, "", "sh: powershell.exe: not found\n"),
  exit3: () => exit(3),
  echo: () => exit(1, process.argv.slice(3).join(" ")),
  silent: () => setInterval(() => {}, 1000)
}

let nonce = ""
let out = (line) => process.stdout.write(line)
const frame = (value) => out(`EWMI1 ${nonce} ${ascii(JSON.stringify(value))}\n`)
const ascii = (text) => text.replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"))

// --- the namespace ---
const fold = (text) => text.toLowerCase()
const namespaces = new Map(
  (options.namespaces ?? ["root", "root\\cimv2", "root\\default"]).map((name) => [fold(name), {
    name,
    classes: new Map(),
    instances: new Map()
  }])
)
const state = options.state // a file that keeps the namespace over the life of several processes
const revive = (_, value) => value?.$map !== undefined ? new Map(value.$map) : value
const save = () => {
  if (state === undefined) return
  // In one step, so that a killed process leaves the old state or the new one.
  writeFileSync(`${state}.new`, JSON.stringify([...namespaces], (_, v) => v instanceof Map ? { $map: [...v] } : v))
  renameSync(`${state}.new`, state)
}
if (state !== undefined && existsSync(state)) {
  for (const [key, value] of JSON.parse(readFileSync(state, "utf8"), revive)) namespaces.set(key, value)
}
for (const spec of options.classes ?? []) {
  for (const ns of namespaces.values()) if (!ns.classes.has(fold(spec.name))) ns.classes.set(fold(spec.name), spec)
}
const failed = (hresult, message, more = {}) => ({ kind: "wmi", hresult, message, ...more })
class Refused extends Error {
  constructor(failure) {
    super(failure.message)
    this.failure = failure
  }
}
const refuse = (hresult, message, more) => {
  throw new Refused(failed(hresult, message, more))
}
const connections = []
const connection = (m) => {
  const ns = connections[m.c - 1]
  if (ns === undefined) throw new Refused({ kind: "host", code: "BadValue", message: "no such connection" })
  return ns
}
/** The fields of `SWbemLastError`. */
const status = (operation, parameterInfo) =>
  options.wrong === "V6" ? {} : { status: { operation, parameterInfo, providerName: "WinMgmt" } }
/** Its system classes: the topmost one, and the class of the child namespaces. */
const systemClass = { name: "__SystemClass", quals: [], props: [] }
const namespaceClass = {
  name: "__NAMESPACE",
  super: systemClass.name,
  quals: [],
  props: [{ n: "Name", t: 8, quals: [{ n: "key", k: "b", v: true, f: 19 }] }]
}
const classOf = (ns, name) =>
  ns.classes.get(fold(name))
    ?? [systemClass, namespaceClass].find((one) => fold(one.name) === fold(name))
    ?? refuse("80041002", "Not found", status("GetObject", name))
const allProps = (ns, spec) => [
  ...(spec.super === undefined ? [] : allProps(ns, classOf(ns, spec.super))),
  ...spec.props
]
const isKey = (p) => p.quals.some((q) => fold(q.n) === "key")
const integers = new Set([16, 17, 2, 18, 3, 19])
const keyText = (p, v) =>
  integers.has(p.t) || p.t === 103 ? v : p.t === 11 ? String(v).toUpperCase() : `"${v.replace(/["\\]/g, "\\$&")}"`
const check = (p, v) => {
  if (v === null) return
  const all = p.a === true ? v : [v]
  if (!Array.isArray(all)) throw new Refused({ kind: "host", code: "BadValue", message: "an array is needed" })
  for (const one of all) {
    const fits = p.t === 11 ? typeof one === "boolean" : p.t === 13 ? typeof one === "object" : typeof one === "string"
    if (!fits || (integers.has(p.t) && !/^-?\d+$/.test(one))) {
      throw new Refused({
        kind: "host",
        code: "BadValue",
        message: "not a value of that type",
        where: { property: p.n }
      })
    }
  }
}
const relPath = (ns, spec, values) => {
  const keys = allProps(ns, spec).filter(isKey)
  const singleton = spec.quals.some((q) => fold(q.n) === "singleton")
  if (singleton) return `${spec.name}=@`
  if (keys.length === 0) refuse("80041083", "No key")
  for (const key of keys) {
    if ((values[key.n] ?? null) === null) refuse("80041028", "Illegal null", { where: { property: key.n } })
  }
  return `${spec.name}.${keys.map((k) => `${k.n}=${keyText(k, values[k.n])}`).join(",")}`
}
const full = (ns, path) => `\\\\FAKE\\${ns.name}:${path}`
const saved = (existed, flags) => {
  if (existed && (flags & 2) !== 0 && options.wrong !== "V7") refuse("80041019", "Already exists")
  if (!existed && (flags & 1) !== 0) refuse("80041002", "Not found")
}
const putInstance = (ns, item, m) => {
  step("before")
  const spec = classOf(ns, item.class)
  const declared = allProps(ns, spec)
  const values = Object.fromEntries(declared.map((p) => [p.n, p.d ?? null]))
  for (const given of item.props) {
    const p = declared.find((one) => fold(one.n) === fold(given.n))
      ?? refuse("80041002", "Not found", { where: { property: given.n } })
    check(p, given.v)
    values[p.n] = given.v
  }
  for (const p of declared) {
    if (values[p.n] === null && p.quals.some((q) => fold(q.n) === "not_null")) {
      refuse("80041028", "Illegal null", { where: { property: p.n } })
    }
  }
  const path = relPath(ns, spec, values)
  const key = fold(path)
  const existed = ns.instances.has(key)
  saved(existed, m.flags)
  ns.instances.set(key, { class: spec.name, path, values })
  const child = `${ns.name}\\${values.Name}`
  if (spec === namespaceClass && !namespaces.has(fold(child))) {
    namespaces.set(fold(child), { name: child, classes: new Map(), instances: new Map() })
  }
  save()
  note(options.log, path)
  if (options.later !== undefined) ns.classes.set(fold(options.later.name), options.later)
  step("stored")
  return { path: full(ns, path), ...(m.probe === true ? { was: existed } : {}) }
}
const putClass = (ns, spec, m) => {
  step("before")
  if (options.wrong === "V3" && spec.methods !== undefined && (m.flags & 0x40) !== 0) {
    throw new Refused({ kind: "host", code: "UnsupportedFlags", message: "no flags" })
  }
  if (spec.super !== undefined) classOf(ns, spec.super)
  const existed = ns.classes.has(fold(spec.name))
  saved(existed, m.flags)
  const keys = (one) => one.props.filter(isKey).map((p) => fold(p.n)).sort().join()
  const own = [...ns.instances].filter(([, one]) => fold(one.class) === fold(spec.name)).map(([key]) => key)
  if (existed && own.length > 0 && keys(spec) !== keys(classOf(ns, spec.name))) {
    if ((m.flags & 0x40) === 0) refuse("80041026", "Class has instances")
    for (const key of own) ns.instances.delete(key)
  }
  ns.classes.set(fold(spec.name), spec)
  save()
  note(options.log, spec.name)
  step("stored")
  return { path: full(ns, spec.name), ...(m.probe === true ? { was: existed } : {}) }
}
const names = {
  16: "sint8",
  17: "uint8",
  2: "sint16",
  18: "uint16",
  3: "sint32",
  19: "uint32",
  20: "sint64",
  21: "uint64",
  4: "real32",
  5: "real64",
  11: "boolean",
  8: "string",
  101: "datetime",
  102: "ref",
  103: "char16",
  13: "object"
}
const mofValue = (kind, v) => kind === "s" ? `"${v.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"` : String(v)
const mofQuals = (quals) =>
  quals.length === 0
    ? ""
    : `[${
      quals.map((q) =>
        `${q.n}${
          q.k === "b" && q.v === true
            ? ""
            : q.a
            ? `{${q.v.map((v) => mofValue(q.k, v)).join(", ")}}`
            : `(${mofValue(q.k, q.v)})`
        }`
        + ([[1, "ToInstance"], [2, "ToSubclass"], [16, "DisableOverride"]].filter(([bit]) =>
          (q.f & bit) !== 0 && fold(q.n) !== "key"
        ).map(([, w]) => w)
          .map((w, i) => (i === 0 ? ": " : " ") + w).join(""))
      ).join(", ")
    }] `
const mofDefault = (p) =>
  (p.d ?? null) === null
    ? ""
    : ` = ${p.a === true ? `{${p.d.map((v) => mofScalar(p, v)).join(", ")}}` : mofScalar(p, p.d)}`
const mofScalar = (p, v) => [8, 101, 102].includes(p.t) ? mofValue("s", v) : String(v)
const mof = (spec) =>
  `${mofQuals(spec.quals)}\nclass ${spec.name}${spec.super === undefined ? "" : ` : ${spec.super}`}\n{\n`
  + spec.props.map((p) =>
    `  ${mofQuals(p.quals)}${
      p.t === 102 ? `${p.of ?? "object"} ref` : p.t === 13 ? p.of ?? "object" : names[p.t]
    } ${p.n}${p.a === true ? "[]" : ""}${mofDefault(p)};\n`
  ).join("")
  + (spec.methods ?? []).map(mofMethod).join("") + "};\n"
const mofParameter = (direction) => (p) => `[${direction}, ID(${p.at})] ${names[p.t]} ${p.n}${p.a === true ? "[]" : ""}`
const mofMethod = (m) => {
  const result = options.wrong === "V5" ? undefined : m.outs.find((p) => p.n === "ReturnValue")
  const parameters = [
    ...m.ins.map(mofParameter("In")),
    ...m.outs.filter((p) => p.at !== undefined).map(mofParameter("Out"))
  ]
  return `  ${result === undefined ? "void" : names[result.t]} ${m.n}(${parameters.join(", ")});\n`
}
const outOf = (ns, found) => ({
  path: full(ns, found.path),
  genus: 2,
  class: found.class,
  props: allProps(ns, classOf(ns, found.class)).map((p) => ({
    n: p.n,
    t: p.t,
    a: p.a === true,
    v: bent(p, embedded(ns, found.values[p.n] ?? null))
  }))
})
const bent = (p, v) =>
  options.wrong === "V1" && p.t === 19 && v !== null && !Array.isArray(v)
    ? String(Number(v) | 0)
    : options.wrong === "V2" && Array.isArray(v) && v.length === 1
    ? v[0]
    : options.wrong === "V10" && p.t === 8 && typeof v === "string"
    ? v.replace(/[\u0080-\uffff]/g, "?")
    : v
const embedded = (ns, v) =>
  Array.isArray(v)
    ? v.map((one) => embedded(ns, one))
    : v !== null && typeof v === "object"
    ? outOf(ns, { class: v.class, path: "", values: Object.fromEntries(v.props.map((p) => [p.n, p.v])) })
    : v
const get = (ns, m) => {
  const failing = /^Fails_([0-9A-F]{8})/.exec(m.path)
  if (failing !== null) refuse(failing[1], "The host says so")
  const instance = ns.instances.get(fold(m.path))
  if (instance !== undefined) return outOf(ns, instance)
  const spec = classOf(ns, m.path)
  if (m.form === "mof") return { mof: mof(spec) }
  return {
    path: full(ns, spec.name),
    genus: 1,
    class: spec.name,
    props: allProps(ns, spec).map((p) => ({ n: p.n, t: p.t, a: p.a === true, v: p.d ?? null }))
  }
}
const remove = (ns, m) => {
  const instance = ns.instances.get(fold(m.path))
  if (instance !== undefined) {
    ns.instances.delete(fold(m.path))
    if (instance.class === namespaceClass.name) {
      const child = fold(`${ns.name}\\${instance.values.Name}`)
      for (const name of namespaces.keys()) if (name === child || name.startsWith(`${child}\\`)) namespaces.delete(name)
    }
    return save(), note(options.log, `-${m.path}`), {}
  }
  const spec = classOf(ns, m.path)
  ns.classes.delete(fold(spec.name))
  for (const [key, one] of ns.instances) if (fold(one.class) === fold(spec.name)) ns.instances.delete(key)
  save()
  return {}
}
const isBelow = (ns, name, top) =>
  name !== undefined && (fold(name) === fold(top) || isBelow(ns, classOf(ns, name).super, top))
const query = (ns, m) => {
  const [, name] = /^\s*select\s+\*\s+from\s+([\w\u0080-\uffef]+)\s*$/i.exec(m.wql)
    ?? refuse("80041017", "Invalid query")
  const rows = fold(name) === "meta_class"
    ? [...ns.classes.values()].map((spec) => ({ mof: mof(spec) }))
    : [...ns.instances.values()].filter((one) => isBelow(ns, one.class, name)).map((one) => outOf(ns, one))
      .map((row) => mode === "classRows" ? { ...row, genus: 1 } : row)
  if (fold(name) !== "meta_class") classOf(ns, name)
  for (let from = 0; from < rows.length; from += 64) {
    frame({ t: "rows", id: m.id, from, r: rows.slice(from, from + 64) })
    if (mode === "crashInRows") return misbehaves(), exit(3), stop()
    if (mode === "hangInRows") return misbehaves(), stop()
    if (mode === "fewerRows") return { rows: rows.length }
  }
  return { rows: rows.length }
}

// --- a fault at the n-th step of the first process ---
let steps = 0
class Stop extends Error {}
const step = (what) => {
  note(options.steps, what)
  const { fault } = options
  if (fault === undefined || mode === "namespace" && options.once !== undefined && existsSync(options.once)) return
  if (++steps !== fault.at) return
  misbehaves()
  if (fault.kind === "crash") process.exit(3)
  if (fault.kind === "kill") process.kill(process.pid, "SIGKILL")
  if (fault.kind === "half") {
    out(`EWMI1 ${nonce} {"t":"res","id":`)
    return exit(0), stop()
  }
  if (fault.kind === "hang") stop()
  if (fault.kind === "deaf") return deaf = true, stop()
  if (fault.kind === "garbage") frame({ t: "res", id: 4711, ok: true, result: {} })
}
let deaf = false
let stopped = false
const stop = () => {
  stopped = true
  throw new Stop()
}

// --- requests ---
const queue = []
const cancelled = new Set()
let working = false
const failure = (thrown) => {
  if (thrown instanceof Refused) return thrown.failure
  throw thrown
}
const putMany = (m) => {
  const ns = connection(m)
  let chunk = []
  let from = 0
  let done = 0
  for (const item of m.items) {
    if (cancelled.has(m.id)) break
    try {
      chunk.push({ ok: true, ...putInstance(ns, item, m) })
    } catch (thrown) {
      chunk.push({ ok: false, error: failure(thrown) })
    }
    done++
    if (chunk.length >= (options.chunk ?? 32)) {
      frame({ t: "items", id: m.id, from, r: chunk })
      step("items")
      from = done
      chunk = []
    }
  }
  if (chunk.length > 0) frame({ t: "items", id: m.id, from, r: chunk })
  return { done, total: m.items.length }
}
const operations = {
  connect: (m) => {
    note(options.connects, JSON.stringify({ ...m, secret: m.secret === undefined ? undefined : m.secret.length }))
    if (mode === "leakySecret") {
      process.stderr.write(`login with ${m.secret}\n`)
      throw new Refused({ kind: "windows", hresult: "80070005", message: `Access is denied for ${m.user}/${m.secret}` })
    }
    if (options.deny === true) throw new Refused({ kind: "windows", hresult: "80070005", message: "Access is denied" })
    if (options.shut?.includes(fold(m.ns))) throw new Refused(failed("80041003", "Access denied"))
    const ns = namespaces.get(fold(m.ns)) ?? refuse("8004100E", "Invalid namespace")
    connections.push(ns)
    return { c: connections.length, server: m.server ?? ".", ns: m.ns, hasPut: options.wrong !== "V4" }
  },
  putInstance: (m) => putInstance(connection(m), m.item, m),
  putMany,
  putClass: (m) => {
    // With the option `methods` it imitates a host with the managed engine, otherwise one without.
    if (m.class.methods !== undefined && options.methods !== true) {
      throw new Refused({ kind: "host", code: "UnknownOp", message: "no managed engine" })
    }
    return putClass(connection(m), m.class, m)
  },
  get: (m) => get(connection(m), m),
  delete: (m) => remove(connection(m), m),
  query: (m) => query(connection(m), m),
  release: () => ({})
}

/** What some modes do instead of replying to a put. */
const puts = {
  hangBeforeStart: () => stop(),
  hangAfterStart: (m) => (frame({ t: "start", id: m.id }), stop()),
  crashBeforeStart: () => exit(3),
  crashAfterStart: (m) => (frame({ t: "start", id: m.id }), exit(3, "", "panic\n"), stop()),
  halfLine: (m) => {
    frame({ t: "start", id: m.id })
    out(`EWMI1 ${nonce} {"t":"res","id":${m.id},"ok":true,"result":{"path":"\\\\\\\\FAKE`)
    exit(0)
    stop()
  },
  answerThenExit: (m) => {
    frame({ t: "start", id: m.id })
    frame({ t: "res", id: m.id, ok: true, result: operations[m.op](m) })
    exit(0)
    stop()
  },
  hugeLine: (
    m
  ) => (frame({ t: "start", id: m.id }),
    frame({ t: "res", id: m.id, ok: true, result: { path: "x".repeat(3_000_000) } })),
  lyingId: (
    m
  ) => (frame({ t: "start", id: m.id }),
    frame({ t: "res", id: 4711, ok: true, result: { path: "\\\\FAKE\\root\\cimv2:A=1" } }),
    stop()),
  noStart: (m) => (frame({ t: "res", id: m.id, ok: true, result: { path: "\\\\FAKE\\root\\cimv2:A=1" } }), stop()),
  oversized: (
    m
  ) => (frame({ t: "start", id: m.id }),
    frame({ t: "items", id: m.id, from: 0, r: new Array(900).fill({ ok: true, path: "A=1" }) }),
    stop()),
  notJson: (m) => (frame({ t: "start", id: m.id }), out(`EWMI1 ${nonce} {"t":"res",\n`), stop()),
  badPath: (m) => (frame({ t: "start", id: m.id }), frame({ t: "res", id: m.id, ok: true, result: { path: "" } })),
  keepsOutput: (m) => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      stdio: ["ignore", "inherit", "ignore"]
    })
    note(options.pids, String(child.pid))
    frame({ t: "start", id: m.id })
    exit(0)
    stop()
  },
  script: (
    m
  ) => (frame({ t: "start", id: m.id }),
    frame({ t: "res", id: m.id, ok: false, error: { kind: "host", code: "Script", message: "boom" } }))
}

const answer = (m) => {
  if (cancelled.has(m.id)) {
    return frame({ t: "res", id: m.id, ok: false, error: { kind: "host", code: "Cancelled", message: "not started" } })
  }
  if (m.op.startsWith("put") && Object.hasOwn(puts, mode)) {
    misbehaves()
    return puts[mode](m)
  }
  step("received")
  frame({ t: "start", id: m.id })
  step("started")
  try {
    const result = operations[m.op](m)
    step("done")
    frame({ t: "res", id: m.id, ok: true, result })
  } catch (thrown) {
    frame({ t: "res", id: m.id, ok: false, error: failure(thrown) })
  }
}

const work = () => {
  if (working || stopped) return
  const m = queue.shift()
  if (m === undefined) return
  if (m.op === "exit") {
    if (mode === "ignoresEverything") return
    frame({ t: "bye" })
    return exit(0)
  }
  working = true
  setTimeout(() => {
    try {
      answer(m)
    } catch (thrown) {
      if (!(thrown instanceof Stop)) throw thrown
    }
    working = false
    work()
  }, mode === "slow" || options.delay !== undefined ? options.delay ?? 20 : 0)
}

const take = (line) => {
  note(options.lines, line)
  if (deaf || mode === "deaf") return
  const ping = /^\{"op":"ping","id":(\d+)/.exec(line)
  if (ping !== null) return frame({ t: "pong", id: Number(ping[1]), running: 0 })
  const cancel = /^\{"op":"cancel","target":(\d+)/.exec(line)
  if (cancel !== null) return void cancelled.add(Number(cancel[1]))
  const m = JSON.parse(line)
  queue.push(m)
  // The real host reads a cancel while its worker is busy; this one has to return to the event loop for that.
  setImmediate(work)
}

// --- the handshake ---
const hello = () => {
  if (mode === "wrongNonce") nonce = "0".repeat(32)
  const glued = "\u001b[?25h\u001b[2J"
  if (mode === "noise") {
    const plain = out
    out = (line) => {
      process.stdout.write('WARNING: \u00e4 banner\r\nEWMI1 0123456789abcdef {"t":"bye"}\n' + glued)
      for (const part of line.match(/.{1,7}|\n/g)) plain(part)
    }
  }
  if (mode === "hugeNoise") process.stdout.write("x".repeat(2_000_000))
  if (mode === "hugeNoise") process.stdout.write("\n")
  if (mode === "stderrFlood") {
    for (let i = 0; i < 20_000; i++) {
      process.stderr.write(`noise ${i} ${"x".repeat(80)}\n`)
    }
  }
  const greeting = {
    t: "hello",
    protocol: mode === "wrongProtocol" ? 2 : 1,
    edition: options.edition ?? "Fake",
    version: "5.1.0",
    bits: 64,
    apartment: "MTA",
    engines: mode === "noEngine" ? ["managed"] : ["script"]
  }
  frame(greeting)
  if (mode === "helloTwice") frame(greeting)
  if (mode === "neverReads") process.stdin.pause()
}

const begin = () => {
  const decoder = new StringDecoder("utf8")
  let text = ""
  let script = -1
  process.stdin.on("data", (bytes) => {
    text += decoder.write(bytes)
    const lines = text.split("\n")
    text = lines.pop()
    for (const line of lines) {
      if (script < 0) {
        const [tag, given, n] = line.split(" ")
        if (tag !== "EWMI1") return exit(78, "EWMI0 Bootstrap bad header\n")
        nonce = given
        script = Number(n)
        if (script === 0) hello()
      } else if (script > 0) {
        if (--script === 0) hello()
      } else if (line !== "") take(line)
    }
  })
  process.stdin.on("end", () => {
    if (mode !== "ignoresEverything" && mode !== "keepsOutput") process.exit(0)
  })
}

if (mode === "ignoresEverything") {
  process.on("SIGTERM", () => {})
  process.on("SIGHUP", () => {})
  setInterval(() => {}, 1000)
}
if (Object.hasOwn(endings, mode)) {
  misbehaves()
  endings[mode]()
} else begin()
