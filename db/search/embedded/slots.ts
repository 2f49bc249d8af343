/** A list of postings, and what a full impact in it is worth. */
export type Entry = { term: number; weight: number }
/** Of many terms together: a bit for each document that has one, and the greatest impact. */
export type TermUnion = { marks: Int32Array; impacts: Uint8Array; count: number }
/** What a segment has for one word: any of its entries, and what begins with it when that is a single letter. */
export type WordMatch = { entries: Entry[]; letter: (TermUnion & { weight: number }) | undefined }
/** Words that must all be there; as a phrase, one right after the other. */
export type Way = { words: WordMatch[]; phrase: readonly string[] | undefined; weight: number }
/** What a segment has for one word of the query: any of its ways. */
export type Slot = Way[]
/** Ways other than the one that was typed score so many quarters. */
export const WHOLE = 4
