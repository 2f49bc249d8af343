export { createPictures, type Pictures } from './pictures.ts'
export { createMedia, type Media } from './service.ts'
export type { Encoding, PictureFormat, PictureLimits, PictureRefusal, ReadPicture } from './sharp.ts'
