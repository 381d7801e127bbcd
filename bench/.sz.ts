import { sizes } from "./bundle.ts"
const { least, put } = await sizes()
console.log(((put.gzip - least.gzip) / 1024).toFixed(3))
