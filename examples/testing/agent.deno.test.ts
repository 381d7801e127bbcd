import { tests } from "./agentTests.ts"

tests((title, run) => Deno.test(title, run))
