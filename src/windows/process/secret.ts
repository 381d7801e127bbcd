/**
 * Keeps a secret out of what is shown: the host's words about a failure, its error output, recordings.
 *
 * @internal
 */
import type { Fields } from "../conversation/frames.ts"

/** What stands in its place. */
export const hidden = "<secret>"

/** Shorter than this it could not be told from an ordinary word. */
const shortest = 4

/** Takes a secret out of a text. */
export const scrubber = (secret: string | undefined): (text: string) => string =>
  secret === undefined || secret.length < shortest ? (text) => text : (text) => text.replaceAll(secret, hidden)

const deep = (value: unknown, scrub: (text: string) => string): unknown =>
  typeof value === "string"
    ? scrub(value)
    : Array.isArray(value)
    ? value.map((one) => deep(one, scrub))
    : typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, deep(one, scrub)]))
    : value

/** Takes a secret out of the failures in a frame; paths and values stay as they are. */
export const cleaner = (secret: string | undefined): (fields: Fields) => Fields => {
  if (secret === undefined || secret.length < shortest) return (fields) => fields
  const scrub = scrubber(secret)
  return (fields) => {
    const { error, r } = fields
    if (error === undefined && !Array.isArray(r)) return fields
    return {
      ...fields,
      ...(error === undefined ? {} : { error: deep(error, scrub) }),
      ...(Array.isArray(r)
        ? {
          r: r.map((one: unknown) =>
            typeof one === "object" && one !== null && "error" in one ? { ...one, error: deep(one.error, scrub) } : one
          )
        }
        : {})
    }
  }
}

/** A request without the secret in it, for a recording. */
export const withoutSecret = (fields: Fields): Fields =>
  Object.hasOwn(fields, "secret") ? { ...fields, secret: hidden } : fields
