import { it } from "bun:test"
import { tests } from "./agentTests.ts"

tests(it)
