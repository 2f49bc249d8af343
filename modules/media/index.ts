export { createPictures, type Pictures } from './pictures.ts'
export { mediaRoutes } from './routes.ts'
export { createMedia, type Media, type StoredPicture } from './service.ts'
export type { Encoding, PictureFormat, PictureLimits, PictureRefusal, ReadPicture } from './sharp.ts'
