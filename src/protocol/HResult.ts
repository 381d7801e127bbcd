/**
 * Lookups in the table of statuses: by number, by name, and what a number means (`errors` 4).
 *
 * The number identifies an error, the name does not (ER-3). Canonical numbers are unsigned 32-bit; scripts see the signed form of the
 * same bits (ER-1).
 *
 * @since 0.1.0
 * @module
 */
import { type Retry, statuses, type StatusSource } from "./statuses.ts"

export type { Retry } from "./statuses.ts"

/**
 * The name of a status.
 *
 * @since 0.1.0
 * @category models
 */
export type Status = (typeof statuses)[number]["status"]

/**
 * One status.
 *
 * @since 0.1.0
 * @category models
 */
export interface StatusRow {
  /** The library's name, the COM name without its prefix. */
  readonly status: Status
  /** The number, unsigned. */
  readonly hresult: number
  /** The constant of the scripting enumeration, or of COM where scripting has none. */
  readonly com: string
  /** What the status says, as a phrase without a capital letter. */
  readonly meaning: string
  /** Whether it helps to put the same object again. */
  readonly retry: Retry
  /** The number that the PutAsync page prints, where it is another one. */
  readonly page?: number
  /** The status of an HTTP answer that reports the failure; 200 for a success. */
  readonly http: number
  /**
   * The members of the error class of the status and their types, `{ path: "ObjectPath" }`; a name that ends in `?` is optional. It
   * is undefined for a status whose error is `WbemError.WbemOther`.
   */
  readonly facts?: Readonly<Record<string, string>>
}

/** The HTTP status of a number that has no row, or whose row has none. */
const defaultHttp = (hresult: number): number => (hresult | 0) < 0 ? 500 : 200

/**
 * The complete table, by number.
 *
 * @since 0.1.0
 * @category models
 */
export const table: ReadonlyArray<StatusRow> = /* @__PURE__ */ statuses.map((
  row: StatusSource & { status: Status }
) => ({
  com: `wbemErr${row.status}`,
  retry: "No",
  http: defaultHttp(row.hresult),
  ...row
}))

/**
 * The unsigned form of a number, from either form.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unsigned = (hresult: number): number => hresult >>> 0

/**
 * The signed form of a number, as `Err.Number` and `iHResult` show it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const signed = (hresult: number): number => hresult | 0

/**
 * `0x80041002`, from either form.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { HResult } from "effect-wmi"
 *
 * assert.equal(HResult.hex(-2147217406), "0x80041002")
 * assert.equal(HResult.signed(0x80041002), -2147217406)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const hex = (hresult: number): string => "0x" + unsigned(hresult).toString(16).toUpperCase().padStart(8, "0")

/**
 * Whether the severity bit is set (ER-2).
 *
 * @since 0.1.0
 * @category predicates
 */
export const isFailure = (hresult: number): boolean => (hresult | 0) < 0

/**
 * The row of a number, signed or unsigned. It is `undefined` for a number outside the table: such a number passes through without a
 * name (ER-4).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { HResult } from "effect-wmi"
 *
 * assert.equal(HResult.fromNumber(-2147217406)?.status, "NotFound")
 * assert.equal(HResult.fromNumber(0x80070005), undefined)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromNumber = (hresult: number): StatusRow | undefined => {
  const number = unsigned(hresult)
  return table.find((row) => row.hresult === number)
}

/**
 * The row of a status by the library's name, or by a COM constant (`NotFound`, `wbemErrNotFound`, `WBEM_E_NO_KEY`), without
 * case. The two vetoes go by the library's meaning: `wbemErrVetoPut` is 0x8004107A (`errors` K-2).
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { HResult } from "effect-wmi"
 *
 * assert.equal(HResult.fromName("wbemErrNotFound")?.hresult, 0x80041002)
 * assert.equal(HResult.fromName("vetoput")?.meaning, "put refused by the provider")
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const fromName = (name: string): StatusRow | undefined => {
  const bare = name.replace(/^wbemErr/i, "").toLowerCase()
  const com = name.toLowerCase()
  return table.find((row) => row.status.toLowerCase() === bare) ?? table.find((row) => row.com.toLowerCase() === com)
}

/**
 * The number that the PutAsync page prints for a status: the true one, except for the two misprints (`errors` 3).
 *
 * @since 0.1.0
 * @category combinators
 */
export const documented = (status: Status): number => {
  const row: StatusRow = table.find((candidate) => candidate.status === status)!
  return row.page ?? row.hresult
}

/**
 * Whether it helps to put the object of a put that ended with this number again (`errors` 5.3). The object of a `TransportFailure`
 * whose `sent` is `false` was not stored: it may be put again unchanged.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { HResult } from "effect-wmi"
 *
 * assert.equal(HResult.retry(0x8004106d), "Unchanged") // TransactionConflict
 * assert.equal(HResult.retry(0x80041069), "ReadFirst") // Timeout
 * assert.equal(HResult.retry(0x80041002), "No") // NotFound
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const retry = (hresult: number): Retry => fromNumber(hresult)?.retry ?? "No"

/**
 * The status of an HTTP answer that reports a call with this number, signed or unsigned: 404 for `NotFound`, 403 for `AccessDenied`, 409
 * for `AlreadyExists` and other conflicts with what is stored, 422 for an object that is not valid, 504 for `Timeout`, 500 for a number
 * outside the table, 200 for a success. The mapping is a choice of this library; `docs/spec/errors.md` section 7 has the table.
 *
 * @example
 * ```ts
 * import * as assert from "node:assert/strict"
 * import { HResult } from "effect-wmi"
 *
 * assert.equal(HResult.toHttpStatus(0x80041002), 404) // NotFound
 * assert.equal(HResult.toHttpStatus(-2147217405), 403) // AccessDenied, as a script sees it
 * assert.equal(HResult.toHttpStatus(0x80070005), 500)
 * ```
 *
 * @since 0.1.0
 * @category combinators
 */
export const toHttpStatus = (hresult: number): number => fromNumber(hresult)?.http ?? defaultHttp(hresult)
