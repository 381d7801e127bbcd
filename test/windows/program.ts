/** What `npm run test:powershell` uses of the tests: a remote computer, and its engine. See `scripts/powershell.mjs`. */
export { remoteComputer } from "./remoteComputer.ts"
export { lookForEngine } from "./engine.ts"
