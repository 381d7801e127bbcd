// Asks every fact of a file about real Windows and prints those that differ: `npm run windows-facts [-- FILE]`.
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"

await import(pathToFileURL(await bundled("test/windows-facts/main.ts", "windows-facts")).href)
