import { useState } from 'preact/hooks'
import { showMoney } from '../state/money.ts'
import type { Detail, Variant } from '../state/views.ts'
import { Picture } from './picture.tsx'
import { Dot } from './swatch.tsx'

export type ChooserProps = {
  product: Pick<Detail, 'id' | 'slug' | 'name' | 'brand' | 'colours' | 'sizes' | 'pictures' | 'variants' | 'sizeTable'>
  colour: string
  size?: string | undefined
  /** Why it was not put into the bag. */
  trouble?: string | undefined
  /** Whether it is on the wishlist of whoever looks. */
  wished?: boolean
}

type Choice = { colour: string; size: string | undefined }
/** Given only in the browser. `onAdd` puts a piece into the bag and resolves to why it could not, if so. */
type Opening = { onTryOn?: (choice: Choice) => void; onAdd?: (form: HTMLFormElement) => Promise<string | undefined> }

/**
 * The pictures and choices of a product. Without script colours are links and sizes belong to the form that leads to the
 * bag or the try-on; with script all that happens in place.
 */
export function Chooser({ product, onTryOn, onAdd, ...initial }: ChooserProps & Opening) {
  const [colour, setColour] = useState(initial.colour)
  const [size, setSize] = useState(initial.size)
  const [bag, setBag] = useState<Bag>({ trouble: initial.trouble })
  const variants = product.variants.filter((variant) => variant.colour === colour)
  const own = product.pictures.filter((one) => one.colour === colour || one.colour === null)
  const shown = own.length > 0 ? own : product.pictures
  const submit = (event: SubmitEvent) => {
    const wishesTryOn = event.submitter?.hasAttribute('formaction')
    if (wishesTryOn && onTryOn) {
      event.preventDefault()
      onTryOn({ colour, size })
    } else if (!wishesTryOn && onAdd && event.currentTarget instanceof HTMLFormElement) {
      event.preventDefault()
      if (bag.busy) return
      setBag({ busy: true })
      void onAdd(event.currentTarget).then((trouble) => setBag({ trouble, added: !trouble }))
    }
  }
  return (
    <div class="grid grid-cols-1 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] items-start gap-8 lg:gap-16">
      <Gallery key={colour} pictures={shown} name={product.name} />
      <div class="lg:pt-4 lg:sticky lg:top-0">
        <p class="label text-soft">{product.brand}</p>
        <h1 class="heading text-3xl sm:text-5xl mt-3">{product.name}</h1>
        <p class="text-xl mt-4 tabular-nums" aria-live="polite">
          {priceText(variants, size)}
        </p>
        <form method="post" action="/cart" onSubmit={submit}>
          <input type="hidden" name="slug" value={product.slug} />
          <ColourChoice product={product} colour={colour} onChoose={setColour} />
          <SizeChoice sizes={product.sizes} variants={variants} size={size} onChoose={setSize} />
          <BagNews bag={bag} />
          <div class="grid gap-3 mt-6">
            <button type="submit" class="solid w-full min-h-14!" aria-disabled={bag.busy ? 'true' : undefined}>
              Add to bag
            </button>
            <button
              type="submit"
              formmethod="get"
              formaction={`/p/${product.slug}/try-on`}
              class="outline w-full min-h-14!"
            >
              Try it on your photo
            </button>
          </div>
        </form>
        <p class="mt-3 text-sm text-soft">
          Your photo is looked at once and not kept.{' '}
          <a href="/privacy-of-photos" class="underline underline-offset-4">
            What happens to it
          </a>
        </p>
        <WishButton product={product} colour={colour} wished={initial.wished ?? false} />
      </div>
    </div>
  )
}

type WishButtonProps = { product: ChooserProps['product']; colour: string; wished: boolean }

/** For a guest, too, who is asked to sign in first. */
function WishButton({ product: { id, slug }, colour, wished }: WishButtonProps) {
  return (
    <form method="post" action={`/account/wishlist/${wished ? 'remove' : 'add'}`} class="mt-4">
      <input type="hidden" name="productId" value={id} />
      <input type="hidden" name="back" value={`/p/${slug}?colour=${colour}`} />
      <button class="quiet">
        <svg
          width="20"
          height="20"
          viewBox="0 0 24 24"
          fill={wished ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="1.5"
          aria-hidden="true"
        >
          <path d="M12 20S4 15 4 9.2A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.2C20 15 12 20 12 20z" />
        </svg>
        {wished ? 'On your wishlist: take it off' : 'Save for later'}
      </button>
    </form>
  )
}

type Bag = { trouble?: string | undefined; added?: boolean; busy?: boolean }

/** What came of the wish to have it; the place for it is there from the start, so that it is read out when it fills. */
function BagNews({ bag }: { bag: Bag }) {
  return (
    <div role="status" class="mt-6 min-h-6 text-[0.95rem]">
      {bag.trouble && (
        <p id="size-trouble" class="text-alert">
          {bag.trouble}
        </p>
      )}
      {bag.added && (
        <p class="text-accent">
          It is in your bag.{' '}
          <a href="/cart" class="underline underline-offset-4">
            See your bag
          </a>
        </p>
      )}
    </div>
  )
}

/** One price, or "from the lowest when sizes differ in price and none is chosen yet. */
function priceText(variants: Variant[], size: string | undefined): string {
  const chosen = variants.find((variant) => variant.size === size)
  if (chosen) return showMoney(chosen.price)
  const [first, ...rest] = variants.map(({ price }) => price).toSorted((a, b) => a.amount - b.amount)
  if (!first) return ''
  return rest.some(({ amount }) => amount !== first.amount) ? `from ${showMoney(first)}` : showMoney(first)
}

/** On a large screen the first picture is large and the rest stand in pairs; one left over is large too. */
const wide = (index: number, count: number) => index === 0 || (index === count - 1 && count % 2 === 0)

function Gallery({ pictures, name }: { pictures: Detail['pictures']; name: string }) {
  const several = pictures.length > 1
  return (
    <ul
      class={`rail snap-x snap-mandatory gap-3! ${several ? 'lg:grid! lg:grid-cols-2' : 'lg:block!'}`}
      aria-label={`Pictures of ${name}`}
      tabindex={several ? 0 : undefined}
    >
      {pictures.map(({ picture }, index) => (
        <li
          key={picture.src}
          class={`snap-center shrink-0 bg-sand aspect-3/4 ${several ? 'w-[86%] sm:w-[60%] lg:w-full' : 'w-full'} ${wide(index, pictures.length) ? 'lg:col-span-2' : ''}`}
        >
          <Picture
            picture={picture}
            sizes="(min-width: 64rem) 46vw, 100vw"
            first={index === 0}
            class="w-full h-full object-cover"
          />
        </li>
      ))}
    </ul>
  )
}

type ColourChoiceProps = { product: ChooserProps['product']; colour: string; onChoose: (slug: string) => void }

function ColourChoice({ product, colour, onChoose }: ColourChoiceProps) {
  const current = product.colours.find(({ slug }) => slug === colour)
  return (
    <div class="mt-8">
      <p class="text-[0.95rem]">
        Colour: <span class="text-soft">{current?.name}</span>
      </p>
      <input type="hidden" name="colour" value={colour} />
      <ul class="flex flex-wrap gap-1 mt-2 -ml-1.5" aria-label="Colours">
        {product.colours.map(({ slug, name, hex }) => (
          <li key={slug}>
            <a
              href={`/p/${product.slug}?colour=${slug}`}
              aria-current={slug === colour ? 'true' : undefined}
              title={name}
              onClick={(event) => {
                event.preventDefault()
                history.replaceState(null, '', event.currentTarget.href)
                onChoose(slug)
              }}
              class="grid place-items-center w-11 h-11 rounded-full border-2 border-transparent hover:border-line aria-[current=true]:border-ink"
            >
              <Dot hex={hex} size={32} />
              <span class="sr-only">{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

type SizeChoiceProps = {
  sizes: string[]
  variants: Variant[]
  size: string | undefined
  onChoose: (size: string) => void
}

function SizeChoice({ sizes, variants, size, onChoose }: SizeChoiceProps) {
  return (
    <fieldset class="mt-6">
      <legend class="text-[0.95rem]">Size</legend>
      <div class="flex flex-wrap gap-2 mt-3">
        {sizes.map((one) => {
          const variant = variants.find((each) => each.size === one)
          return (
            <label key={one} class="choice">
              <input
                type="radio"
                name="size"
                value={one}
                checked={one === size}
                disabled={!variant}
                onChange={() => onChoose(one)}
              />
              <span class="face">
                {one}
                {variant && !variant.inStock && <span class="text-xs text-soft ml-2">sold out</span>}
              </span>
            </label>
          )
        })}
      </div>
      <p class="mt-3 text-sm">
        <a href="#sizes" class="underline underline-offset-4">
          Size table
        </a>
      </p>
    </fieldset>
  )
}
