/** 0, 1, 2 and so on. */
export function everyPlace(count: number): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(count)
  for (let place = 0; place < count; place++) places[place] = place
  return places
}

/** Where a list by ascending number has it; -1 where it has not. */
export function findPlace({ documents, count }: { documents: Uint32Array; count: number }, document: number): number {
  const place = placeOf(documents, 0, count, document)
  return place < count && documents[place] === document ? place : -1
}

/** The first place from `from` to `end` that is not below `sought`. */
export function placeOf(sorted: Uint32Array, from: number, end: number, sought: number): number {
  let low = from
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < sought) low = middle + 1
    else high = middle
  }
  return low
}
