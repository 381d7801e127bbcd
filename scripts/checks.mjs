// Checks that are programs of their own: a line each, how many passed at the end.
let passed = 0
let failed = 0

export const check = async (name, body) => {
  try {
    await body()
    passed++
    console.log(`ok      ${name}`)
  } catch (error) {
    failed++
    console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export const finish = () => {
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed > 0 || passed === 0 ? 1 : 0)
}
