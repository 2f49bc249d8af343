/** A photo ready to send: upright, in pixels, with an object URL that whoever drops the photo revokes. */
export type Photo = { blob: Blob; url: string; width: number; height: number }

/** Enough for a screen, and small enough for a slow connection. */
const LONGEST_SIDE_PX = 1600

/**
 * Turns a chosen file into a photo of at most 1600 px, upright and without what the camera wrote into the file (place,
 * time, serial number). A file that this browser cannot open is passed on as it is: the server reads more formats.
 */
export async function photoOf(file: Blob): Promise<Photo> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return { blob: file, url: URL.createObjectURL(file), width: 3, height: 4 }
  }
  const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(bitmap.width, bitmap.height))
  const photo = await drawn(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale))
  bitmap.close()
  return photo
}

/** A still from a running camera, not mirrored, as others see you. */
export const photoOfVideo = (video: HTMLVideoElement): Promise<Photo> =>
  drawn(video, video.videoWidth, video.videoHeight)

async function drawn(source: CanvasImageSource, width: number, height: number): Promise<Photo> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot draw pictures.')
  context.imageSmoothingQuality = 'high'
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.drawImage(source, 0, 0, width, height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.93))
  if (!blob) throw new Error('This browser cannot write pictures.')
  return { blob, url: URL.createObjectURL(blob), width, height }
}
