// Prints the score over facts about real Windows and over the cases of the rules: `npm run faithful`.
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"

await import(pathToFileURL(await bundled("test/windows-facts/score.ts", "faithful")).href)
