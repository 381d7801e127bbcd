/**
 * Rights on a namespace (`put-async` 10).
 *
 * @since 0.1.0
 * @module
 */

/**
 * The rights that a put or a change of the descriptor of a namespace can need, with the bits that WMI uses.
 *
 * @since 0.1.0
 * @category models
 */
export const Right: {
  readonly Enable: 0x1
  readonly FullWrite: 0x4
  readonly PartialWrite: 0x8
  readonly ProviderWrite: 0x10
  readonly RemoteEnable: 0x20
  /** Reading the descriptor of a namespace. */
  readonly ReadControl: 0x20000
  /** Changing the descriptor of a namespace. */
  readonly WriteDac: 0x40000
} = {
  Enable: 0x1,
  FullWrite: 0x4,
  PartialWrite: 0x8,
  ProviderWrite: 0x10,
  RemoteEnable: 0x20,
  ReadControl: 0x20000,
  WriteDac: 0x40000
}

/**
 * The name of a right.
 *
 * @since 0.1.0
 * @category models
 */
export type RightName = keyof typeof Right

/**
 * The bits of all rights.
 *
 * @since 0.1.0
 * @category models
 */
export const all: number = 0x6003d

/**
 * The bits of some rights.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (...names: ReadonlyArray<RightName>): number => names.reduce((bits, name) => bits | Right[name], 0)

/**
 * Whether the bits `rights` contain a right. Full Write implies Partial Write; it does not imply Provider Write (`put-async` K-7).
 *
 * @since 0.1.0
 * @category predicates
 */
export const allows = (rights: number, right: RightName): boolean =>
  (rights & Right[right]) !== 0 || (right === "PartialWrite" && (rights & Right.FullWrite) !== 0)
