/** Pairs the cases of a bench in two checkouts by the title of their group and by their own name. */
import type { Case, Group } from "./Bench.ts"

/** A case of this checkout with its counterpart in the other one, or why it has none. The places are those of `BENCH_CASE`. */
export type Pair =
  & { readonly one: Case; readonly at: string }
  & ({ readonly atThere: string } | { readonly reason: string })

/** A group of this checkout, or one that is in the other checkout only. */
export interface PairedGroup {
  readonly group: Group
  readonly cases: ReadonlyArray<Pair>
  /** The names of cases that this checkout lacks. */
  readonly onlyThere: ReadonlyArray<string>
}

/** Cases that use nothing of `src` are left out. */
const compares = ({ foreign }: Case): boolean => foreign !== true

const namesOf = (cases: ReadonlyArray<Case>): ReadonlyArray<string> => cases.filter(compares).map(({ name }) => name)

/** Pairs the groups of this checkout with those of the other one. */
export const pairedGroups = (here: ReadonlyArray<Group>, there: ReadonlyArray<Group>): ReadonlyArray<PairedGroup> => [
  ...here.map((group, i): PairedGroup => {
    const otherIndex = there.findIndex(({ title }) => title === group.title)
    const others = there[otherIndex]?.cases ?? []
    const pair = (one: Case, j: number): Pair => {
      const at = `${i}/${j}`
      if (otherIndex < 0) return { one, at, reason: "its group is not in the other checkout" }
      const same = (wanted: string | undefined): number =>
        others.findIndex((other) => compares(other) && other.name === wanted)
      const index = same(one.name) >= 0 ? same(one.name) : same(one.comparedWith)
      if (index < 0) return { one, at, reason: "it is not in the other checkout" }
      return (others[index]!.figure ?? "time") === (one.figure ?? "time")
        ? { one, at, atThere: `${otherIndex}/${index}` }
        : { one, at, reason: "its figure is of another kind in the other checkout" }
    }
    const names = new Set(namesOf(group.cases))
    return {
      group,
      cases: group.cases.flatMap((one, j) => compares(one) ? [pair(one, j)] : []),
      onlyThere: namesOf(others).filter((name) => !names.has(name))
    }
  }),
  ...there.filter(({ title }) => !here.some((group) => group.title === title))
    .map((group): PairedGroup => ({ group, cases: [], onlyThere: namesOf(group.cases) }))
]

/** The groups of a bench that the other checkout does not have, or cannot build. */
export const unpaired = (here: ReadonlyArray<Group>, reason: string): ReadonlyArray<PairedGroup> =>
  here.map((group, i) => ({
    group,
    cases: group.cases.flatMap((one, j) => compares(one) ? [{ one, at: `${i}/${j}`, reason }] : []),
    onlyThere: []
  }))
