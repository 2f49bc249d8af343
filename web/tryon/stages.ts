const STAGES: Record<string, string> = {
  upload: 'Sending your photo',
  read: 'Opening your photo',
  garment: 'Laying out the garment',
  pose: 'Finding how you stand',
  parts: 'Telling face, hair, arms and clothes apart',
  warp: 'Placing the garment on you',
  undress: 'Taking off what you wear',
  light: 'Matching the light of your photo',
  render: 'Placing the garment on you, in its size and your light',
  encode: 'Finishing the picture',
}

/** A stage of the work as a shopper reads it. */
export const stageText = (stage: string): string => STAGES[stage] ?? 'Working on your picture'
