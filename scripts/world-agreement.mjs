// Compares the classes of the world with those of a real computer: `npm run world-agreement -- FOLDER [--write]`.
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"

await import(pathToFileURL(await bundled("test/worlds/agreementMain.ts", "world-agreement")).href)
