import type { Picture as PictureView } from '../state/views.ts'

type PictureProps = {
  picture: PictureView
  /** The `sizes` attribute: how wide the picture is drawn at which viewport width. */
  sizes: string
  /** The first picture on the screen: loaded at once and ahead of the rest. */
  first?: boolean
  class?: string
  /** Where a text beside the picture already says the same. */
  decorative?: boolean
}

export function Picture({ picture, sizes, first, decorative, class: className }: PictureProps) {
  return (
    <picture>
      {picture.sources.map(({ type, srcset }) => (
        <source key={type} type={type} srcset={srcset} sizes={sizes} />
      ))}
      <img
        src={picture.src}
        alt={decorative ? '' : picture.alt}
        width={picture.width}
        height={picture.height}
        loading={first ? 'eager' : 'lazy'}
        fetchpriority={first ? 'high' : 'auto'}
        decoding="async"
        class={className}
      />
    </picture>
  )
}
