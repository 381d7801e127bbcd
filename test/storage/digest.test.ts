/** The digest of long keys beside that of the runtime. */
import { assert, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { createHash } from "node:crypto"
import { sha256 } from "../../src/storage/digest.ts"

it("SHA-256 is that of the runtime, for texts of every length", () => {
  const expected = (text: string): string => createHash("sha256").update(text).digest("hex")
  for (let length = 0; length < 200; length++) {
    assert.strictEqual(sha256("a".repeat(length)), expected("a".repeat(length)))
  }
  FastCheck.assert(
    FastCheck.property(FastCheck.string({ unit: "binary" }), (text) => {
      assert.strictEqual(sha256(text), expected(text))
    }),
    { numRuns: 200 }
  )
})
