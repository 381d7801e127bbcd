import { it } from "vitest"
import { tests } from "./agentTests.ts"

tests(it)
