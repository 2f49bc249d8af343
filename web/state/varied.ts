/** The first `count` of a list, taken in turn from each group so that no two neighbours look alike while others are left. */
export function varied<T>(items: readonly T[], groupOf: (item: T) => string, count: number): T[] {
  const groups = Map.groupBy(items, groupOf)
  const picked: T[] = []
  for (let round = 0; picked.length < Math.min(count, items.length); round++)
    for (const group of groups.values()) if (group[round] !== undefined) picked.push(group[round] as T)
  return picked.slice(0, count)
}
