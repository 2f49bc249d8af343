import { createHash } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Draft, DraftColour, Remark } from './draft.ts'

/** A picture's file, not yet decoded; `hash` is of its bytes. */
export type PictureFile = { name: string; bytes: Uint8Array; hash: string }

const MOST_BYTES = 32 * 1024 * 1024

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Throws with a reason for a name that is no file below `dir`, by `..`, an absolute path or a link that leads out. */
async function readBelow(dir: string, name: string): Promise<Uint8Array> {
  const path = resolve(dir, name)
  if (isAbsolute(name) || name.includes('\0') || !isInside(resolve(dir), path))
    throw new Error('lies outside of --images')
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) throw new Error('is not in --images')
  if (!isInside(await realpath(dir), real)) throw new Error('lies outside of --images')
  if (Bun.file(real).size > MOST_BYTES) throw new Error('image_too_large')
  return readFile(real).catch(() => {
    throw new Error('cannot be read')
  })
}

/** The files of each colour, in order; what cannot be read goes to `refused`. */
export async function openPictures(
  draft: Draft,
  dir: string | undefined,
  refused: Remark[],
): Promise<Map<DraftColour, PictureFile[]>> {
  const files = new Map<DraftColour, PictureFile[]>()
  for (const colour of draft.colours) {
    const opened: PictureFile[] = []
    for (const name of colour.images) {
      try {
        if (dir === undefined) throw new Error('is named, but --images is not given')
        const bytes = await readBelow(dir, name)
        opened.push({ name, bytes, hash: createHash('sha256').update(bytes).digest('base64url') })
      } catch (error) {
        const reason = `${name} ${error instanceof Error ? error.message : String(error)}`
        refused.push({ line: colour.line, column: 'images', reason, handle: draft.handle })
      }
    }
    files.set(colour, opened)
  }
  return files
}
