// Runs the conformance runner: `npm run conformance -- FILE…`.
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"

await import(pathToFileURL(await bundled("test/conformance/main.ts", "conformance")).href)
