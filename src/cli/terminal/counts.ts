/**
 * Counts in the text of the command: `1 class`, `2 classes`.
 *
 * @internal
 */

/** A number and its noun in the singular or plural. The plural of a regular noun may be left out. */
export const counted = (count: number, one: string, many: string = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** Parts of a sentence, joined by commas and `and`: `1 class, 2 instances and 1 namespace`. */
export const listed = (parts: ReadonlyArray<string>): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]!}`
