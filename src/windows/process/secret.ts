/**
 * Redacts a secret in what is shown or stored: the host's failure messages, its error output, and recordings.
 *
 * @internal
 */
import type { Fields } from "../conversation/frames.ts"

/** The text in the place of a secret. */
export const placeholder = "<secret>"

/** A shorter secret is not replaced, because it would match parts of ordinary words. */
const minSecretLength = 4

/** A function that replaces a secret in a text. */
export const textRedactor = (secret: string | undefined): (text: string) => string =>
  secret === undefined || secret.length < minSecretLength
    ? (text) => text
    : (text) => text.replaceAll(secret, placeholder)

const redactDeep = (value: unknown, redact: (text: string) => string): unknown =>
  typeof value === "string"
    ? redact(value)
    : Array.isArray(value)
    ? value.map((item) => redactDeep(item, redact))
    : typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactDeep(item, redact)]))
    : value

/** A function that replaces a secret in the failures of a frame. Paths and values are not changed. */
export const failureRedactor = (secret: string | undefined): (fields: Fields) => Fields => {
  if (secret === undefined || secret.length < minSecretLength) return (fields) => fields
  const redact = textRedactor(secret)
  return (fields) => {
    const { error, r } = fields
    if (error === undefined && !Array.isArray(r)) return fields
    return {
      ...fields,
      ...(error === undefined ? {} : { error: redactDeep(error, redact) }),
      ...(Array.isArray(r)
        ? {
          r: r.map((item: unknown) =>
            typeof item === "object" && item !== null && "error" in item
              ? { ...item, error: redactDeep(item.error, redact) }
              : item
          )
        }
        : {})
    }
  }
}

/** A request with its `secret` field replaced, for a recording. */
export const withoutSecret = (fields: Fields): Fields =>
  Object.hasOwn(fields, "secret") ? { ...fields, secret: placeholder } : fields
