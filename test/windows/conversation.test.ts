/** The conversation with a host, without a process: the window, the order, and every timeout with a clock of the test. */
import { assert, describe, it } from "vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import {
  Conversation,
  type Reply,
  type Request,
  type SizeLimits,
  type TimeoutMillis
} from "../../src/windows/conversation/conversation.ts"
import type { Hello } from "../../src/windows/conversation/frames.ts"

const times: TimeoutMillis = {
  start: 30_000,
  connect: 130_000,
  request: 60_000,
  ping: 10_000,
  pong: 10_000,
  grace: 5_000,
  lease: 60_000,
  exit: 2_000,
  kill: 2_000,
  close: 2_000
}
const sizes: SizeLimits = { line: 1000, flight: 400, window: 2, frame: 1000 }

/** A conversation whose host is the test. */
const world = (more: Partial<SizeLimits> = {}) => {
  const lines: Array<string> = []
  const kills: Array<string> = []
  let now = 0
  const hello = Effect.runSync(Deferred.make<Hello>())
  const conversation = new Conversation(
    {
      write: (line) => lines.push(line.trimEnd()),
      kill: (reason) => kills.push(reason),
      now: () => now,
      wake: () => {},
      observe: undefined,
      redact: (fields) => fields
    },
    times,
    { ...sizes, ...more },
    hello
  )
  const say = (frame: object): void => conversation.receive(JSON.stringify(frame))
  say({ t: "hello", protocol: 1, edition: "", version: "", bits: 64, apartment: "", engines: ["script"] })
  return {
    conversation,
    lines,
    kills,
    say,
    /** Advances the time, with a tick at least every half second. */
    pass: (millis: number): void => {
      const until = now + millis
      while (now < until) {
        now = Math.min(until, now + 500)
        conversation.tick()
      }
    },
    ops: (): ReadonlyArray<string> => lines.map((line) => /"op":"(\w+)"/.exec(line)![1]!)
  }
}

const get: Request = { op: "get", body: ',"c":1' }
const many = (items: number): Request => ({ op: "putMany", body: ',"c":1', items })

/** How a request has ended, or "open". */
const ended = (reply: Effect.Effect<Reply>): string => {
  const exit = Effect.runSyncExit(reply)
  if (Exit.isFailure(exit)) return "open"
  const { value } = exit
  return value._tag === "Lost" ? `Lost ${value.started ? "started" : "not started"}` : value._tag
}

const ok = (id: number) => ({ t: "res", id, ok: true, result: {} })

describe("the window", () => {
  it("holds a number of requests; the next is sent in order when one has ended", () => {
    const w = world()
    const sent = [get, many(1), get, get].map((request) => w.conversation.send(request))
    assert.deepStrictEqual(w.ops(), ["get", "putMany"])
    w.say({ t: "start", id: 1 })
    w.say(ok(1))
    assert.deepStrictEqual(w.ops(), ["get", "putMany", "get"])
    assert.strictEqual(ended(sent[0]!.reply), "Result")
    assert.strictEqual(ended(sent[3]!.reply), "open")
  })

  it("holds a number of characters; a larger request is sent alone", () => {
    const w = world({ window: 8 })
    const large: Request = { op: "get", body: `,"x":"${"x".repeat(600)}"` }
    w.conversation.send({ op: "get", body: `,"x":"${"x".repeat(300)}"` })
    w.conversation.send(large)
    w.conversation.send(get)
    assert.strictEqual(w.lines.length, 1)
    w.say({ t: "start", id: 1 })
    w.say(ok(1))
    assert.strictEqual(w.lines.length, 2)
    w.say({ t: "start", id: 2 })
    w.say(ok(2))
    assert.strictEqual(w.lines.length, 3)
  })

  it("lines begin with the keys that the host's reader recognises", () => {
    const w = world()
    w.conversation.send(get)
    w.conversation.cancel(1)
    w.pass(10_500)
    assert.deepStrictEqual(w.lines, [
      '{"op":"get","id":1,"c":1}',
      '{"op":"cancel","target":1}',
      '{"op":"ping","id":2}'
    ])
  })
})

describe("time", () => {
  it("a ping is sent after ten seconds without a frame; without a pong in ten more the host is killed", () => {
    const w = world()
    w.conversation.send(get)
    w.pass(9_500)
    assert.deepStrictEqual(w.ops(), ["get"])
    w.pass(1_000)
    assert.deepStrictEqual(w.ops(), ["get", "ping"])
    w.say({ t: "pong", id: 2, running: 1 })
    w.pass(10_500)
    assert.deepStrictEqual(w.ops(), ["get", "ping", "ping"])
    w.pass(10_500)
    assert.match(w.kills[0]!, /did not answer a ping/)
  })

  it("new requests do not postpone the ping", () => {
    const w = world({ window: 100 })
    for (let i = 0; i < 12; i++) {
      w.conversation.send(get)
      w.pass(1_000)
    }
    assert.include(w.ops(), "ping")
  })

  /** Answers every ping at once, as a host does whose worker hangs. */
  const passAnswering = (w: ReturnType<typeof world>, millis: number): void => {
    for (let passed = 0; passed < millis; passed += 500) {
      const before = w.lines.length
      w.pass(500)
      for (const line of w.lines.slice(before)) {
        const ping = /^\{"op":"ping","id":(\d+)\}$/.exec(line)
        if (ping !== null) w.say({ t: "pong", id: Number(ping[1]), running: 1 })
      }
    }
  }

  it("a request of a minute is cancelled, and five seconds later the host is killed", () => {
    const w = world()
    const { reply } = w.conversation.send(get)
    w.say({ t: "start", id: 1 })
    passAnswering(w, 59_000)
    assert.notInclude(w.ops(), "cancel")
    passAnswering(w, 2_000)
    assert.include(w.ops(), "cancel")
    assert.deepStrictEqual(w.kills, [])
    passAnswering(w, 5_500)
    assert.match(w.kills[0]!, /did not end in 60000 ms/)
    assert.strictEqual(ended(reply), "open", "answers may still be in the pipe")
    w.conversation.processEnded("it is over")
    assert.strictEqual(ended(reply), "Lost started")
  })

  it("an overdue request that has not started is cancelled and the host goes on", () => {
    const w = world()
    const { reply } = w.conversation.send(get)
    passAnswering(w, 61_000)
    w.say({ t: "res", id: 1, ok: false, error: { kind: "host", code: "Cancelled", message: "not started" } })
    assert.strictEqual(ended(reply), "Failure")
    passAnswering(w, 20_000)
    assert.deepStrictEqual(w.kills, [])
  })

  it("partial results keep a long batch from its timeout, and the requests queued behind it", () => {
    const w = world()
    w.conversation.send(many(10))
    w.conversation.send(many(1))
    w.say({ t: "start", id: 1 })
    for (let i = 0; i < 5; i++) {
      passAnswering(w, 50_000)
      w.say({ t: "items", id: 1, from: i, r: [{ ok: true, path: "A=1" }] })
    }
    assert.notInclude(w.ops(), "cancel")
    passAnswering(w, 61_000)
    assert.include(w.ops(), "cancel")
  })

  it("a cancel by the caller does not kill the host", () => {
    const w = world()
    w.conversation.send(get)
    w.say({ t: "start", id: 1 })
    w.conversation.cancel(1)
    w.conversation.cancel(1)
    passAnswering(w, 30_000)
    assert.strictEqual(w.ops().filter((op) => op === "cancel").length, 1)
    assert.deepStrictEqual(w.kills, [])
  })

  it("an idle host is pinged once a minute", () => {
    const w = world()
    passAnswering(w, 181_000)
    assert.deepStrictEqual(w.ops(), ["ping", "ping", "ping"])
  })
})

describe("the end", () => {
  it("started, sent and waiting requests end differently", () => {
    const w = world()
    const sent = [many(3), get, get].map((request) => w.conversation.send(request))
    w.say({ t: "start", id: 1 })
    w.say({ t: "items", id: 1, from: 0, r: [{ ok: true, path: "A=1" }] })
    w.conversation.processEnded("it ended")
    assert.deepStrictEqual(sent.map(({ reply }) => ended(reply)), [
      "Lost started",
      "Lost not started",
      "Lost not started"
    ])
    assert.strictEqual(Effect.runSync(sent[0]!.reply).items.length, 1)
    assert.strictEqual(ended(w.conversation.send(get).reply), "Lost not started")
    assert.strictEqual(w.lines.length, 2)
  })

  const lies: ReadonlyArray<readonly [string, ReadonlyArray<object>]> = [
    ["a second hello", [{
      t: "hello",
      protocol: 1,
      edition: "",
      version: "",
      bits: 64,
      apartment: "",
      engines: ["script"]
    }]],
    ["an answer to nothing", [ok(7)]],
    ["an end without a start", [ok(1)]],
    ["two starts", [{ t: "start", id: 1 }, { t: "start", id: 1 }]],
    ["items of a request without items", [{ t: "start", id: 2 }, {
      t: "items",
      id: 2,
      from: 0,
      r: [{ ok: true, path: "" }]
    }]],
    ["items out of place", [{ t: "start", id: 1 }, { t: "items", id: 1, from: 1, r: [{ ok: true, path: "" }] }]],
    ["too many items", [{ t: "start", id: 1 }, {
      t: "items",
      id: 1,
      from: 0,
      r: [{ ok: true, path: "" }, { ok: true, path: "" }]
    }]],
    ["items before the start", [{ t: "items", id: 1, from: 0, r: [] }]],
    ["rows of what has none", [{ t: "start", id: 1 }, { t: "rows", id: 1, from: 0, r: [] }]],
    ["nonsense", [{ t: "what" }]]
  ]
  for (const [what, frames] of lies) {
    it(`${what}: a protocol violation, and sent requests count as started`, () => {
      const w = world()
      const sent = [many(1), get].map((request) => w.conversation.send(request))
      for (const frame of frames) w.say(frame)
      assert.match(w.kills[0]!, /broke the protocol/)
      // Frames after it are ignored.
      w.say({ t: "start", id: 2 })
      w.say(ok(2))
      w.conversation.processEnded("it ended")
      assert.deepStrictEqual(sent.map(({ reply }) => ended(reply)), ["Lost started", "Lost started"])
    })
  }
})
