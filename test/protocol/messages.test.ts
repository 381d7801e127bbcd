/**
 * Messages are one line of a terminal or a log: control characters and bidirectional characters in the text of a name, a key, a database
 * or a host are escaped.
 */
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import * as ObjectPath from "../../src/model/ObjectPath.ts"
import * as PutSink from "../../src/pipeline/PutSink.ts"
import * as WbemError from "../../src/protocol/WbemError.ts"
import { HostStartError } from "../../src/windows/process/startErrors.ts"
import { StoreFailure } from "../../src/emulator/StoreFailure.ts"

const raw = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

const text = FastCheck.array(
  FastCheck.oneof(
    FastCheck.constantFrom(
      "\u001b[31m",
      "\n",
      "\r",
      "\u009b2J",
      "\u0085",
      "\u202e",
      "\u2066",
      "\u200f",
      "\u007f",
      "\0"
    ),
    FastCheck.string({ maxLength: 4 })
  ),
  { minLength: 1, maxLength: 6 }
).map((list) => list.join(""))

describe("messages", () => {
  const messages: Readonly<Record<string, (given: string) => string>> = {
    "a detail": (given) => new WbemError.Failed({ detail: given }).message,
    "a class name": (given) => new WbemError.InvalidClass({ className: given }).message,
    "a path": (given) =>
      new WbemError.NotFound({ path: ObjectPath.make({ className: "A", keys: [{ name: "K", value: given }] }) })
        .message,
    "a namespace": (given) => new WbemError.InvalidNamespace({ namespace: given }).message,
    "the detail of a store": (given) => new StoreFailure({ reason: "Other", detail: given }).message,
    "the detail of a host": (given) =>
      new HostStartError({ reason: "NotFound", command: given, detail: given }).message,
    "the path of an event": (given) =>
      PutSink.describe({
        _tag: "ObjectPut",
        path: ObjectPath.make({ className: "A", keys: [{ name: "K", value: given }] }),
        asyncContext: null
      } as never),
    "the message of progress": (given) =>
      PutSink.describe({ _tag: "Progress", current: 1, upperBound: 2, message: given, asyncContext: null } as never)
  }
  for (const [title, message] of Object.entries(messages)) {
    it(`${title} is written without control characters`, () => {
      FastCheck.assert(FastCheck.property(text, (given) => {
        assert.notMatch(message(given), raw)
      }))
    })
  }

  it("text without such characters is unchanged", () => {
    const given = "Größe «C:» \u{1F600}"
    assert.include(new WbemError.Failed({ detail: given }).message, given)
  })
})
