import type { SearchIndex } from '../../db/search/index.ts'

/** To be raised whenever `documentOf` makes another document of the same product. */
const SHAPE = '2'

const mark = (position: string | undefined) => position && `${SHAPE} ${position}`

/**
 * The index, with positions only where it was made of documents as they are made today. Older ones go on serving as one does
 * that has lost its place: a new one is built beside them.
 */
export const ofTodaysShape = (index: SearchIndex): SearchIndex => ({
  ...index,
  put: (documents, position) => index.put(documents, mark(position)),
  remove: (ids, position) => index.remove(ids, mark(position)),
  async build(options) {
    const generation = await index.build(options)
    return { ...generation, commit: (position) => generation.commit(`${SHAPE} ${position}`) }
  },
  async status() {
    const status = await index.status()
    const [shape, position] = status.position?.split(' ', 2) ?? []
    return { ...status, position: shape === SHAPE ? position : undefined }
  },
})
