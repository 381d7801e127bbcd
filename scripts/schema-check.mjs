// Puts, puts again, prints and reads back every class of a schema: `npm run schema-check -- FILE…`.
import { pathToFileURL } from "node:url"
import { bundled } from "./bundled.mjs"

await import(pathToFileURL(await bundled("test/mof/schemaCheckMain.ts", "schema-check")).href)
