/** What `npm run test:powershell` needs of the tests: a computer that is none, and the engine under it. See the script. */
export { farComputer } from "./farComputer.ts"
export { lookForEngine } from "./engine.ts"
