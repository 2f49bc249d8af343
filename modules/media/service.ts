import { createPictures } from './pictures.ts'

export type Media = ReturnType<typeof createMedia>

export function createMedia(_needs: { blobs?: object } = {}) {
  return { ...createPictures() }
}
