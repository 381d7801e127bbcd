/**
 * Arrays that stand for a value of somebody else: every change is asked for first.
 *
 * @internal
 */

/** Methods that change an array. Each is one change here, whatever it assigns on its way. */
const changing: ReadonlySet<PropertyKey> = /* @__PURE__ */ new Set(
  ["copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"]
)

/** An array that asks before it changes: `accept` is given the elements that are wanted, and answers those it is to have, or throws. */
export const askingArray = <A>(
  elements: ReadonlyArray<A>,
  accept: (wanted: ReadonlyArray<unknown>) => ReadonlyArray<A>
): Array<A> => {
  const list = [...elements]
  const change = <B>(edit: (copy: Array<unknown>) => B): B => {
    const copy: Array<unknown> = [...list]
    const answer = edit(copy)
    const accepted = accept(Array.from(copy)) // a hole is wanted as undefined, which no property takes
    list.length = 0
    for (const element of accepted) list.push(element)
    return answer
  }
  const asking: Array<A> = new Proxy(list, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== "function" || !changing.has(name)) return member
      return (...args: ReadonlyArray<unknown>) =>
        change((copy) => {
          const answer: unknown = Reflect.apply(member, copy, args)
          return answer === copy ? asking : answer
        })
    },
    set: (_, name, value) => change((copy) => Reflect.set(copy, name, value)),
    defineProperty: (_, name, descriptor) => change((copy) => Reflect.defineProperty(copy, name, descriptor)),
    deleteProperty: (_, name) => change((copy) => Reflect.deleteProperty(copy, name))
  })
  return asking
}
