import { useRef, useState } from 'preact/hooks'

type Shown = { url: string; width: number; height: number }

/** Before and after in one frame. The range over the pictures is the handle: drag, tap, or the arrow keys. */
export function Compare({ before, after, name, size }: { before: Shown; after: string; name: string; size: string }) {
  const frame = useRef<HTMLDivElement>(null)
  const [cut, setCut] = useState(50)
  const move = (value: number) => {
    setCut(value)
    frame.current?.style.setProperty('--cut', `${value}%`)
  }
  return (
    <div ref={frame} class="compare max-w-full w-fit mx-auto bg-sand">
      <img
        src={after}
        alt={`You in the ${name}, size ${size}`}
        width={before.width}
        height={before.height}
        class="block max-h-[78vh] w-auto"
      />
      <img src={before.url} alt="Your photo before" width={before.width} height={before.height} class="upper" />
      <span class="seam" />
      <span aria-hidden="true" class="absolute top-3 left-3 px-2.5 py-1 text-xs bg-card/90">
        Before
      </span>
      <span aria-hidden="true" class="absolute top-3 right-3 px-2.5 py-1 text-xs bg-card/90">
        After
      </span>
      <input
        type="range"
        min="0"
        max="100"
        value={cut}
        aria-label="Before and after"
        aria-valuetext={`${cut} percent before, ${100 - cut} percent after`}
        onInput={(event) => move(event.currentTarget.valueAsNumber)}
      />
    </div>
  )
}

type SideBySideProps = { pictures: { size: string; url: string }[]; shape: Shown; name: string }

/** Two sizes on the same photo, next to each other. */
export function SideBySide({ pictures, shape, name }: SideBySideProps) {
  return (
    <div class="grid grid-cols-2 gap-2 sm:gap-4">
      {pictures.map(({ size, url }) => (
        <figure key={size}>
          <img
            src={url}
            alt={`You in the ${name}, size ${size}`}
            width={shape.width}
            height={shape.height}
            class="w-full h-auto bg-sand"
          />
          <figcaption class="mt-2 text-center text-[0.95rem]">Size {size}</figcaption>
        </figure>
      ))}
    </div>
  )
}
