import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from '../../postgres/lock.ts'
import { openSegment, type Segment } from './segment.ts'

/** The pointer that is swapped: the generation that serves, and what its commit said. */
export type Current = {
  name: string
  /** How far the changes are in it. */
  position: string | undefined
  /** When whoever made it began: what was put before is in it. Milliseconds since 1970. */
  since: number
  /** The live index whose changes were merged; absent for what was built from the start. */
  by?: string | undefined
}

const FILE = /^generation-(.+)\.index$/

/** An index folder: CURRENT, the generation it names, and `building/` while there is something unfinished. */
export function openFolder(dir: string) {
  const pathOf = (name: string) => join(dir, `generation-${name}.index`)
  const pointer = join(dir, 'CURRENT')

  function current(): Current | undefined {
    try {
      return JSON.parse(readFileSync(pointer, 'utf8')) as Current
    } catch {
      // None yet, or unreadable: which is as good as none.
      return undefined
    }
  }

  return {
    current,

    /** Undefined when the file is not there, not whole, or of another format. */
    open: (name: string, verify: boolean): Segment | undefined => openFile(pathOf(name), verify),

    /** Takes the place of what served before, whose readers keep what they have open. */
    commit(bytes: Uint8Array, next: Omit<Current, 'name'>): Current {
      const made: Current = { name: newName(), ...next }
      writeWhole(pathOf(made.name), bytes)
      writeWhole(pointer, new TextEncoder().encode(JSON.stringify(made)))
      for (const file of readdirSync(dir)) {
        const other = FILE.exec(file)?.[1]
        if (other !== undefined && other !== made.name) rmSync(join(dir, file), { force: true })
      }
      return made
    },

    /** For who builds or merges: one at a time, whatever process it is in. */
    lock(): { release(): void } | undefined {
      mkdirSync(dir, { recursive: true })
      return takeLock(join(dir, 'lock'), 0)
    },

    building: join(dir, 'building'),
  }
}

const newName = () => `${Date.now().toString(36)}-${crypto.randomUUID().slice(0, 8)}`

/** Mapped, so that processes share one copy, and what is never asked for is never read. */
export function openFile(path: string, verify: boolean): Segment | undefined {
  let bytes: Uint8Array
  try {
    bytes = Bun.mmap(path, { shared: false })
  } catch {
    return undefined
  }
  return openSegment(bytes, { verify })
}

/** A reader finds all of it or nothing. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes, { flush: true })
  renameSync(`${path}.part`, path)
}
