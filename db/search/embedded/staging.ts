import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchDocument } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { openFile, writeWhole } from './files.ts'
import { mergeSegments } from './merge.ts'
import type { Segment } from './segment.ts'
import { buildSegment } from './segment-builder.ts'

type Lump = { from: number; to: number; segment: Segment }

/** Lumps of a like size are joined as they come, up to here: the last join then has few to read. */
const LARGEST_LUMP = 131_072
const GROWTH = 4
const FILE = /^(\d+)-(\d+)\.segment$/

/** What of a build is there already, each `add` in a file of its own until it is joined with its neighbours. */
export function openStaging(dir: string, { resume, analyzer }: { resume: boolean; analyzer: Analyzer }) {
  if (!resume) rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const pathOf = (from: number, to: number) => join(dir, `${from}-${to}.segment`)
  const lumps = readLumps(dir)
  const lastId = () => lumps.at(-1)?.segment.meta.lastId

  function write(from: number, to: number, bytes: Uint8Array): void {
    writeWhole(pathOf(from, to), bytes)
    const segment = openFile(pathOf(from, to), false)
    if (!segment) throw new Error(`What was just written to ${dir} cannot be read`)
    lumps.push({ from, to, segment })
  }

  function joinLumps(): void {
    for (;;) {
      const [older, newer] = [lumps.at(-2), lumps.at(-1)]
      if (!older || !newer) return
      const sum = older.segment.documents + newer.segment.documents
      if (older.segment.documents > GROWTH * newer.segment.documents || sum > LARGEST_LUMP) return
      const merged = mergeSegments([older, newer].map(({ segment }) => ({ segment, dead: undefined })))
      lumps.splice(-2)
      write(older.from, newer.to, merged)
      for (const { from, to } of [older, newer]) rmSync(pathOf(from, to), { force: true })
    }
  }

  return {
    lastId,
    add(documents: readonly SearchDocument[]): void {
      let last = lastId() ?? ''
      for (const { id } of documents) {
        if (id <= last)
          throw new AppError('invalid', `A build takes documents by ascending id, and ${id} came after ${last}`)
        last = id
      }
      if (documents.length === 0) return
      const next = (lumps.at(-1)?.to ?? 0) + 1
      write(next, next, buildSegment(documents, analyzer))
      joinLumps()
    },
    /** All of it as one segment. */
    end: (): Uint8Array => mergeSegments(lumps.map(({ segment }) => ({ segment, dead: undefined }))),
    discard: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** The whole files in order; what was joined already counts once, and after a gap nothing counts. */
function readLumps(dir: string): Lump[] {
  const ranges = readdirSync(dir)
    .map((file) => FILE.exec(file))
    .filter((match) => match !== null)
    .map(([, from, to]) => ({ from: Number(from), to: Number(to) }))
    .sort((a, b) => a.from - b.from || b.to - a.to)
  const lumps: Lump[] = []
  for (const { from, to } of ranges) {
    const after = lumps.at(-1)?.to ?? 0
    if (to <= after) continue
    const segment = from === after + 1 ? openFile(join(dir, `${from}-${to}.segment`), true) : undefined
    if (segment) lumps.push({ from, to, segment })
  }
  return lumps
}
