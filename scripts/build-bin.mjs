// The command as one file that needs no other package, the public cases of a put in it.
import { chmodSync, readFileSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))
rmSync(`${root}dist/bin`, { recursive: true, force: true })
/** JSON without the space between its parts; whole numbers stay as they are written. */
const compact = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? "")
const cases = ["put-cases.json", "rule-cases.json"]
  .map((file) => compact(readFileSync(`${root}test/conformance/${file}`, "utf8")))

await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/main.ts"],
  outfile: "dist/bin/effect-wmi.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "inline",
  // The main file of jsonc-parser loads its parts by a variable `require`, which no bundler follows.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  // tinyglobby reads a variable of the environment when it is loaded, which Deno allows only with a permission.
  define: { PUBLIC_CASES: JSON.stringify(cases), "process.env.TINYGLOBBY_DEBUG": "undefined" },
  logLevel: "error",
  // Two of the packages inside are CommonJS and ask for Node's own modules.
  banner: {
    js:
      'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);'
  }
})
chmodSync(`${root}dist/bin/effect-wmi.js`, 0o755)
