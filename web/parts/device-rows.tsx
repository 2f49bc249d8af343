import type { PickRow } from '../state/picks.ts'
import type { Seen } from '../state/seen.ts'
import { PickSection } from './pick-row.tsx'
import { Picture } from './picture.tsx'

/** What a device picks by itself, and what it remembers. */
export function DeviceRows({ picked, seen }: { picked: PickRow | undefined; seen: Seen[] }) {
  return (
    <>
      {picked && (
        <PickSection row={picked}>
          <a href="/your-data" class="quiet shrink-0 text-sm max-sm:hidden">
            Worked out on your device
          </a>
        </PickSection>
      )}
      <section class="mt-16 sm:mt-24" aria-labelledby="seen">
        <div class="flex items-end justify-between gap-6 mb-6 sm:mb-8">
          <h2 id="seen" class="heading text-3xl sm:text-4xl">
            You looked at
          </h2>
          <a href="/your-data" class="quiet shrink-0 text-sm">
            Forget these
          </a>
        </div>
        <ul class="pick-row">
          {seen.map((one, index) => (
            <li key={one.id}>
              <SeenCard seen={one} position={index} />
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** As much of a product as the device remembers: no price, which may have changed since. */
function SeenCard({ seen: { id, slug, name, brand, picture }, position }: { seen: Seen; position: number }) {
  return (
    <article class="group relative" data-product-id={id} data-position={position}>
      <div class="aspect-3/4 overflow-hidden bg-sand">
        {picture && (
          <Picture
            picture={picture}
            sizes="(min-width: 48rem) 19rem, 42vw"
            decorative
            class="w-full h-full object-cover transition-transform duration-500 group-hover:scale-[1.03]"
          />
        )}
      </div>
      <p class="mt-3 text-xs text-soft">{brand}</p>
      <h3 class="text-[0.95rem] leading-snug">
        <a href={`/p/${slug}`} class="after:absolute after:inset-0 group-hover:underline underline-offset-4">
          {name}
        </a>
      </h3>
    </article>
  )
}
