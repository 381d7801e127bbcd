/** A process that is no host and writes without end: it is stopped, and the error says what it wrote. */
import * as NodeCommandExecutor from "@effect/platform-node-shared/NodeCommandExecutor"
import * as NodeFileSystem from "@effect/platform-node-shared/NodeFileSystem"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Wmi from "../../src/Wmi.ts"
import * as PowerShellRepository from "../../src/windows/PowerShellRepository.ts"

const executor = Layer.provide(NodeCommandExecutor.layer, NodeFileSystem.layer)
const flood = PowerShellRepository.layer({ prefix: ["sh", "-c", "exec yes not-a-host"], startRetry: { attempts: 1 } })

it.skipIf(process.platform === "win32")("the start of a host that floods its output fails", () =>
  Effect.runPromise(
    Wmi.get("Win32_BIOS").pipe(
      Effect.flip,
      Effect.provide(Layer.provide(Wmi.layer(flood), executor)),
      Effect.map((error) => {
        assert.strictEqual(error.status, "ConnectionFailed")
        assert.match(error.message, /Protocol.*more than 1048576 characters of other output before hello/s)
      })
    )
  ))
