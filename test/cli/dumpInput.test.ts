/** Dumps as input: every encoding, in pieces of any size, plain and packed. */
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import * as FastCheck from "effect/FastCheck"
import { assert, describe, it } from "vitest"
import { chunksOf } from "../../src/cli/input/bytes.ts"
import { textOfChunks } from "../../src/cli/input/decoder.ts"
import { readDump } from "../../src/cli/input/dump.ts"
import { textOf } from "../../src/cli/input/input.ts"
import { BadInput, type Diagnostic } from "../../src/cli/terminal/output.ts"
import * as NamespaceDump from "../../src/emulator/NamespaceDump.ts"
import * as Snapshot from "../../src/engine/state/Snapshot.ts"
import * as ClassDefinition from "../../src/model/ClassDefinition.ts"
import * as Instance from "../../src/model/Instance.ts"
import * as Property from "../../src/model/Property.ts"
import { encoded, encodings } from "./encodings.ts"

const folder = mkdtempSync(join(tmpdir(), "effect-wmi-dump-"))
const fileOf = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}

/** The bytes in pieces that end at the given offsets. */
async function* pieces(bytes: Uint8Array, ends: ReadonlyArray<number>): AsyncGenerator<Uint8Array> {
  let from = 0
  for (const end of [...ends.map((one) => one % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    yield bytes.subarray(from, end)
    from = end
  }
}

const decoded = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  let text = ""
  for await (const part of textOfChunks("a.dump", chunks)) text += part
  return text
}

const fault = async (work: Promise<unknown>): Promise<Diagnostic> => {
  const error = await work.then(() => undefined, (error: unknown) => error)
  assert(error instanceof BadInput)
  assert.strictEqual(error.diagnostics.length, 1)
  return error.diagnostics[0]!
}

it("a file that is read as a whole has every encoding too, plain and packed", async () => {
  for (const encoding of encodings) {
    const bytes = encoded('{"cases": ["Größe"]}', encoding)
    assert.strictEqual(await textOf(fileOf("whole", bytes)), '{"cases": ["Größe"]}')
    assert.strictEqual(await textOf(fileOf("whole.gz", gzipSync(bytes))), '{"cases": ["Größe"]}')
  }
})

describe("the decoder", () => {
  it("decodes every encoding, wherever the pieces end", () =>
    FastCheck.assert(
      FastCheck.asyncProperty(
        FastCheck.array(FastCheck.string({ unit: "grapheme" })),
        FastCheck.constantFrom(...encodings),
        FastCheck.array(FastCheck.nat()),
        async (lines, encoding, ends) => {
          const text = `{${lines.join("\n")}`
          assert.strictEqual(await decoded(pieces(encoded(text, encoding), ends)), text)
        }
      )
    ))

  it("keeps lone surrogates of UTF-16, and half a unit at the end is one character", async () => {
    const bytes = encoded("{\ud800x", "utf-16le-bom")
    assert.strictEqual(await decoded(pieces(bytes, [3])), "{\ud800x")
    assert.strictEqual(await decoded(pieces(bytes.subarray(0, -1), [5])), "{\ud800\ufffd")
  })

  it("refuses bytes that are no UTF-8, with their line", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode("{\nä\n"), 0x61, 0xe4, 10, 0x62])
    const { file, line, message } = await fault(decoded(pieces(bytes, [4])))
    assert.deepStrictEqual([file, line], ["a.dump", 3])
    assert.include(message, "neither UTF-8 nor UTF-16")
    assert.strictEqual((await fault(decoded(pieces(new Uint8Array([123, 10, 0xe4]), [])))).line, 2)
  })
})

describe("a dump", () => {
  const state = Snapshot.withObjects(Snapshot.empty(), "root\\cimv2", [
    ClassDefinition.make("A", { Id: Property.key("string") }),
    Instance.make("A", { Id: "Größe 漢字 😀 \u0001\u2028" })
  ])
  const text = [...NamespaceDump.lines(state)].join("\n")

  for (const encoding of encodings) {
    for (const packed of [false, true]) {
      it(`is read in ${encoding}${packed ? ", packed" : ""}, with the line ends of Windows`, async () => {
        const bytes = encoded(`${text}\n`.replaceAll("\n", "\r\n"), encoding)
        const file = fileOf(`${encoding}${packed ? ".gz" : ""}`, packed ? gzipSync(bytes) : bytes)
        assert.deepStrictEqual([...NamespaceDump.lines(await readDump(file))].join("\n"), text)
      })
    }
  }

  it("a faulty line, a missing file, a folder and a broken gzip file are errors", async () => {
    const broken = fileOf("broken.dump", encoded(text.replace('"namespace"', '"place"'), "utf-16be-bom"))
    const { file, line, message } = await fault(readDump(broken))
    assert.deepStrictEqual([file, line, message], [broken, 2, "the namespace is missing"])
    assert.include((await fault(readDump(join(folder, "absent")))).message, "cannot be read")
    assert.include((await fault(readDump(folder))).message, "cannot be read")
    const cut = fileOf("cut.gz", gzipSync(encoded(text, "utf-8")).subarray(0, 40))
    assert.include((await fault(readDump(cut))).message, "cannot be unpacked")
  })

  it("a fault closes the source", async () => {
    let isClosed = false
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array([0x61, 0xe4, 10])
      } finally {
        isClosed = true
      }
    }
    await fault(decoded(source()))
    assert.isTrue(isClosed)
  })

  it("is read in pieces", async () => {
    const file = fileOf("large", new Uint8Array(1 << 18))
    let count = 0
    for await (const chunk of chunksOf(file)) {
      assert.isAtMost(chunk.length, 1 << 16)
      count++
    }
    assert.isAbove(count, 2)
  })
})
