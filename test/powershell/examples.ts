/** Where `npm run test:powershell` runs the examples that need a Windows computer. A program of its own: see the script. */
export { farComputer } from "./farComputer.ts"
export { lookForEngine } from "./engine.ts"
