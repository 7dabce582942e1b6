// What was found in one statement, out of a list of all that was found in the note. May not: change the list's order.

const NONE: readonly never[] = []
const indexes = new WeakMap<readonly { readonly statement: number }[], ReadonlyMap<number, readonly { readonly statement: number }[]>>()

/** Those of a list that stand in a statement, in the list's order. The list is indexed when first asked; it must not change after that. */
export function ofStatement<T extends { readonly statement: number }>(list: readonly T[], statement: number): readonly T[] {
  let index = indexes.get(list) as ReadonlyMap<number, readonly T[]> | undefined
  if (!index) {
    const made = new Map<number, T[]>()
    for (const each of list) {
      const own = made.get(each.statement)
      if (own) own.push(each)
      else made.set(each.statement, [each])
    }
    indexes.set(list, (index = made))
  }
  return index.get(statement) ?? NONE
}
