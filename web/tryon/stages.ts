const STAGES: Record<string, string> = {
  upload: 'Sending your photo',
  read: 'Opening your photo',
  decode: 'Opening your photo',
  pose: 'Finding how you stand',
  parts: 'Telling face, hair, arms and clothes apart',
  garment: 'Laying out the garment',
  size: 'Working out the size in centimetres',
  warp: 'Placing the garment on you',
  removal: 'Taking off what you wear',
  remove: 'Taking off what you wear',
  skin: 'Taking off what you wear',
  light: 'Matching the light of your photo',
  shade: 'Matching the light of your photo',
  compose: 'Putting it together',
  encode: 'Finishing the picture',
}

/** A stage of the work as a shopper reads it. */
export const stageText = (stage: string): string => STAGES[stage] ?? 'Working on your picture'
