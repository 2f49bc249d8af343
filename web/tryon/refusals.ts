/** What a refusal says to the shopper: what we saw, and what would help. */
export type Refusal = { title: string; advice: string }

const REFUSALS: Record<string, Refusal> = {
  no_person: {
    title: 'We could not find a person in this photo.',
    advice: 'Use a photo that shows you standing, facing the camera, in good light.',
  },
  several_people: {
    title: 'There is more than one person in this photo.',
    advice: 'Use a photo with only you in it, or crop the others away.',
  },
  person_cropped: {
    title: 'Too much of you is outside the photo.',
    advice:
      'Step back until you are in the picture from head to hips, or to the feet for trousers, skirts and dresses.',
  },
  person_from_behind: {
    title: 'You seem to be facing away.',
    advice: 'Turn towards the camera: we show the front of the garment.',
  },
  pose_unsupported: {
    title: 'This pose hides where the garment would go.',
    advice: 'Stand upright with your arms a little away from your body.',
  },
  garment_not_found: {
    title: 'We could not make out the garment in its picture.',
    advice: 'This one is our fault, not yours. Please try another piece; your photo is fine.',
  },
  size_unknown: {
    title: 'This piece is not made in that size.',
    advice: 'Choose one of the sizes shown here; your photo is fine.',
  },
  image_unreadable: {
    title: 'We could not open this file as a picture.',
    advice: 'Use a JPEG, PNG or WebP photo. If it came from an iPhone, share it as “Most Compatible”.',
  },
  image_too_small: {
    title: 'This photo is too small to work with.',
    advice: 'Use the original rather than a thumbnail: at least 256 pixels on its shorter side.',
  },
  image_too_large: {
    title: 'This photo is too large.',
    advice: 'Use a smaller version of it; 1,600 pixels on the longer side is plenty.',
  },
  no_photo: {
    title: 'There is no photo yet.',
    advice: 'Choose a photo, or take one with the camera, and try again.',
  },
}

const FALLBACK: Refusal = {
  title: 'We could not make an honest picture from this photo.',
  advice: 'Try another photo: standing, facing the camera, alone, in good light.',
}

/** Never empty: a reason this page does not know yet still gets a clear sentence, the server's own where it gave one. */
export const refusalOf = (reason: string, message?: string): Refusal =>
  REFUSALS[reason] ?? (message ? { ...FALLBACK, title: message } : FALLBACK)

/** What went wrong through no fault of the photo; `message` is the server's or the browser's own. */
export const failureOf = (message: string): Refusal => ({
  title: 'Something went wrong on the way.',
  advice: `${message && `${message.replace(/\.?$/, '.')} `}Your photo is fine. Please try again in a moment.`,
})
