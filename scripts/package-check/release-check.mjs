// Whether a version can be released: `node scripts/package-check/release-check.mjs v0.1.0 [ADDRESS]`. Prints a line for each fault and fails if there
// is one. ADDRESS is the repository that the release runs in; npm accepts provenance only if package.json names the same.
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

/** What has to be changed before a release of `tag`: a sentence each. */
export const releaseFaults = ({ address, changelog, deno, npm, tag }) => {
  const [, version] = /^v(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(tag ?? "") ?? []
  if (version === undefined) return [`the tag ${tag} is no version: write v and three numbers, such as v0.1.0`]
  const faults = []
  for (const [file, stated] of [["package.json", npm.version], ["deno.json", deno.version]]) {
    if (stated !== version) {
      faults.push(`${file} has the version ${stated}, the tag is ${tag}: set the version in ${file}`)
    }
  }
  const entry = changelog.split("\n").find((line) => line.startsWith(`## [${version}]`))
  if (entry === undefined) faults.push(`CHANGELOG.md has no entry "## [${version}] - DATE": rename "Unreleased"`)
  else if (!/ - \d{4}-\d{2}-\d{2}$/.test(entry)) {
    faults.push(`CHANGELOG.md: the entry of ${version} has no date: "${entry}"`)
  }
  if (npm.private === true) faults.push("package.json is private")
  if (address !== undefined) {
    const stated = npm.repository?.url
    if (stated === undefined) {
      faults.push("package.json has no repository: set `address` in scripts/exports.mjs and run `npm run exports`")
    } else if (stated !== `git+${address}.git`) {
      faults.push(
        `package.json names the repository ${stated}, but the release runs in ${address}: correct scripts/exports.mjs`
      )
    }
  }
  return faults
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")
  const [tag, address] = process.argv.slice(2)
  const faults = releaseFaults({
    tag,
    address,
    npm: JSON.parse(text("package.json")),
    deno: JSON.parse(text("deno.json")),
    changelog: text("CHANGELOG.md")
  })
  for (const fault of faults) console.error(fault)
  if (faults.length === 0) console.log(`${tag} can be released`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
