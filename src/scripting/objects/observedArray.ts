/**
 * Arrays that stand for the value of a property: the owner of the value accepts or refuses each change before it happens.
 *
 * @internal
 */

/** Methods that change an array. Each call is one change, however many elements it assigns. */
const changing: ReadonlySet<PropertyKey> = /* @__PURE__ */ new Set(
  ["copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"]
)

/** An array that calls `accept` before each change with the requested elements. `accept` returns the elements to store, or throws. */
export const observedArray = <A>(
  elements: ReadonlyArray<A>,
  accept: (requested: ReadonlyArray<unknown>) => ReadonlyArray<A>
): Array<A> => {
  const list = [...elements]
  const change = <B>(edit: (copy: Array<unknown>) => B): B => {
    const copy: Array<unknown> = [...list]
    const result = edit(copy)
    const accepted = accept(Array.from(copy)) // a hole becomes undefined, which no property accepts
    list.length = 0
    for (const element of accepted) list.push(element)
    return result
  }
  const proxy: Array<A> = new Proxy(list, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== "function" || !changing.has(name)) return member
      return (...args: ReadonlyArray<unknown>) =>
        change((copy) => {
          const result: unknown = Reflect.apply(member, copy, args)
          return result === copy ? proxy : result
        })
    },
    set: (_, name, value) => change((copy) => Reflect.set(copy, name, value)),
    defineProperty: (_, name, descriptor) => change((copy) => Reflect.defineProperty(copy, name, descriptor)),
    deleteProperty: (_, name) => change((copy) => Reflect.deleteProperty(copy, name))
  })
  return proxy
}
