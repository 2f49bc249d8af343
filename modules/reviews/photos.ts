import type { PictureRefusal, StoredPicture } from '../media/index.ts'
import { MOST_PHOTOS } from './schema.ts'
import type { ReviewNeeds } from './service.ts'
import { deletePhoto, insertPhoto, listStrayPhotos } from './store.ts'

export type PhotoRefusal = PictureRefusal | 'too_many_photos'
export type Photos = ReturnType<typeof createPhotos>

type Asked = { reviewId: string; userId: string; kept: StoredPicture[]; files: File[] }

/** Older than any form takes to be read. */
const STRAY_AFTER_MS = 24 * 60 * 60 * 1000

/** Photos of reviews: each is on record before it lies in the blobs, so none is ever forgotten there. */
export function createPhotos({ sql, media, now }: Pick<ReviewNeeds, 'sql' | 'media' | 'now'>) {
  async function remove(keys: string[]): Promise<void> {
    for (const key of keys) {
      await media.remove(key)
      await deletePhoto(sql, key)
    }
  }

  return {
    remove,

    /** All photos of a review, those that stay first; one that is refused refuses all. */
    async add({ reviewId, userId, kept, files }: Asked) {
      if (kept.length + files.length > MOST_PHOTOS) return { ok: false, reason: 'too_many_photos' } as const
      const photos = [...kept]
      const note = (key: string) => insertPhoto(sql, { key, userId, createdAt: now() })
      for (const file of files) {
        const stored = await media.store(new Uint8Array(await file.arrayBuffer()), { owner: reviewId, note })
        if (!stored.ok) return { ok: false, reason: stored.reason } as const
        const { key, width, height } = stored
        if (!photos.some((photo) => photo.key === key)) photos.push({ key, width, height })
      }
      return { ok: true, photos } as const
    },

    /** Removes photos that no review shows: of forms that were refused, or that a crash cut short. */
    async sweep(): Promise<number> {
      const keys = await listStrayPhotos(sql, new Date(now().getTime() - STRAY_AFTER_MS))
      await remove(keys)
      return keys.length
    },
  }
}
