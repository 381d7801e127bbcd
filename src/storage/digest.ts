/**
 * Hashes of texts. SHA-256 is for index columns, where speed does not matter: by hand, because the Web Crypto API is asynchronous and
 * `node:crypto` does not exist on every runtime.
 *
 * @internal
 */

/** The first 32 bits of the fractional parts of roots of the first primes: of square roots, or of cube roots. */
const fractions = (count: number, root: (prime: number) => number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n++) {
    let isPrime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false
    if (isPrime) found.push(((root(n) % 1) * 0x100000000) | 0)
  }
  return found
}

const start = /* @__PURE__ */ fractions(8, Math.sqrt)
const constants = /* @__PURE__ */ fractions(64, Math.cbrt)

const rotate = (x: number, by: number): number => (x >>> by) | (x << (32 - by))

/** The digest of the UTF-8 form of a text, in hexadecimal. */
export const sha256 = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array((bytes.length + 8 >> 6) * 64 + 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(padded.length - 4, bytes.length * 8 >>> 0)
  const hash = [...start]
  const w = new Int32Array(64)
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4)
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!, y = w[i - 2]!
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
      w[i] = w[i - 16]! + s0 + w[i - 7]! + s1 | 0
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i]! + w[i]! | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c)) | 0
      h = g
      g = f
      f = e
      e = d + t1 | 0
      d = c
      c = b
      b = a
      a = t1 + t2 | 0
    }
    const sum = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i++) hash[i] = hash[i]! + sum[i]! | 0
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
export const fnv1a = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
