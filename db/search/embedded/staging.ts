import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchDocument } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { openFile, writeWhole } from './files.ts'
import { mergeSegments } from './merge.ts'
import type { Segment } from './segment.ts'
import { createSegmentBuilder, createVocabulary } from './segment-builder.ts'

/** Documents of a file at most: what a crash costs at most. */
const LARGEST = 32_768
const SMALLEST = 256
/** What changed since an older build began may be forgotten by who keeps the changes. */
const RESUMED_WITHIN_MS = 86_400_000

const isOld = (first: string) =>
  Date.now() - (statSync(first, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > RESUMED_WITHIN_MS

/**
 * What of a build is there already. What is added goes to a file of its own as soon as it is as much as all files have, or
 * as much as one may have: so there are few files, and a crash costs half of a short build at most.
 */
export function openStaging(dir: string, { resume, analyzer }: { resume: boolean; analyzer: Analyzer }) {
  const pathOf = (number: number) => join(dir, `${number}.segment`)
  if (!resume || isOld(pathOf(0))) rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const files = readFiles(dir, pathOf)
  let written = files.reduce((sum, { documents }) => sum + documents, 0)
  let room = roomAfter(written)
  let vocabulary = createVocabulary(analyzer)
  let builder = createSegmentBuilder(room, vocabulary)
  const lastId = () => builder.lastId() ?? files.at(-1)?.meta.lastId

  function write(): void {
    const path = pathOf(files.length)
    writeWhole(path, builder.end())
    const segment = openFile(path, false)
    if (!segment) throw new Error(`What was just written to ${path} cannot be read`)
    files.push(segment)
    written += segment.documents
    room = roomAfter(written)
    if (vocabulary.isLarge()) vocabulary = createVocabulary(analyzer)
    builder = createSegmentBuilder(room, vocabulary)
  }

  return {
    lastId,
    add(documents: readonly SearchDocument[]): void {
      for (const document of documents) {
        const last = lastId() ?? ''
        if (document.id <= last)
          throw new AppError(
            'invalid',
            `A build takes documents by ascending id, and ${document.id} came after ${last}`,
          )
        builder.add(document)
        if (builder.count() === room) write()
      }
      if (written === 0 && builder.count() > 0) write()
    },
    /** All of it as one segment. */
    end(): Uint8Array {
      if (builder.count() > 0) write()
      return mergeSegments(files.map((segment) => ({ segment, dead: undefined })))
    },
    discard: () => rmSync(dir, { recursive: true, force: true }),
  }
}

const roomAfter = (written: number) => Math.min(LARGEST, Math.max(SMALLEST, written))

/** The whole files, from the first on; after a gap nothing counts. */
function readFiles(dir: string, pathOf: (number: number) => string): Segment[] {
  const files: Segment[] = []
  for (const _ of readdirSync(dir)) {
    const segment = openFile(pathOf(files.length), true)
    if (!segment) break
    files.push(segment)
  }
  return files
}
