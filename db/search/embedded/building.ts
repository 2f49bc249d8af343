import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchDocument } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { openFolder } from './files.ts'
import { mergeSegments, type Source } from './merge.ts'
import { openSegment } from './segment.ts'
import type { Serving } from './serving.ts'
import { openStaging } from './staging.ts'

/** What builds the next generation, from the start or of what serves and its changes. One at a time on a folder. */
export function createBuilding(dir: string, now: () => number) {
  const folder = openFolder(dir)
  let under: { staging: ReturnType<typeof openStaging>; since: number; release(): void } | undefined

  const running = () => {
    if (!under) throw new AppError('conflict', 'This build has ended')
    return under
  }

  function end(): void {
    running().staging.discard()
    running().release()
    under = undefined
  }

  return {
    begin({ resume }: { resume: boolean }): { resumeAfter: string | undefined } {
      const lock = folder.lock()
      if (!lock) throw new AppError('conflict', 'The search index is being built already')
      const staging = openStaging(folder.building, { resume, analyzer: createAnalyzer() })
      under = { staging, since: now(), release: lock.release }
      return { resumeAfter: staging.lastId() }
    },
    /** A list of documents, as JSON. */
    add: (documents: string) => running().staging.add(JSON.parse(documents) as SearchDocument[]),
    commit(position: string): void {
      const { staging, since } = running()
      folder.commit(staging.end(), { position, since })
      end()
    },
    abandon: end,

    /** Gives false when somebody else is at it, or was since. */
    merge({ base, dead, changes, position, since, by }: ReturnType<Serving['forMerge']>): boolean {
      const lock = folder.lock()
      if (!lock) return false
      try {
        if (folder.current()?.name !== base) return false
        const sources: Source[] = []
        if (base !== undefined) {
          const segment = folder.open(base, false)
          if (!segment) return false
          sources.push({ segment, dead })
        }
        for (const bytes of changes) {
          const segment = openSegment(bytes)
          if (segment) sources.push({ segment, dead: undefined })
        }
        folder.commit(mergeSegments(sources), { position, since, by })
        return true
      } finally {
        lock.release()
      }
    },
  }
}

export type Building = ReturnType<typeof createBuilding>
