import { type Frame, Layout } from '../parts/layout.tsx'
import { DevicePlace, PickSection, QuizInvitation } from '../parts/pick-row.tsx'
import { Picture } from '../parts/picture.tsx'
import {
  isKnown,
  listFeatured,
  listForYou,
  listRecentlyViewed,
  listTrending,
  type PickRow,
  rowsOf,
  without,
} from '../state/picks.ts'
import type { Shop } from '../state/shop.ts'
import { varied } from '../state/varied.ts'
import type { Card, Category, Picture as PictureView } from '../state/views.ts'
import type { Visit } from '../state/visit.ts'

type HomeProps = {
  frame: Frame
  hero: Card[]
  tiles: { category: Category; picture: PictureView }[]
  /** Picked for this visitor; nothing for who is not known. */
  own: PickRow[]
  general: PickRow[]
  known: boolean
}

const NO_FILTER = { brand: [], colour: [], size: [] }
const SEVERAL = 12
const POPULAR = { kind: 'popular', title: 'Popular now' }
const FEATURED = { kind: 'featured', title: 'Chosen by the shop' }

/**
 * Draws the home page: what suits whoever is known and allows it, then what is popular and new, mixed over categories, and
 * one picture for each category at the top.
 */
export async function drawHome(shop: Shop, frame: Frame, visit: Visit) {
  const tops = frame.categories.filter(({ parent, department }) => parent !== null && parent === department)
  const shown = alternating(tops).slice(0, 6)
  const known = isKnown(visit)
  const [newest, trending, featured, own, ...first] = await Promise.all([
    shop.listing(NO_FILTER, 96),
    listTrending(visit.api, SEVERAL),
    listFeatured(visit.api, SEVERAL),
    known ? ownRows(visit) : [],
    ...shown.map(({ slug }) => shop.listing({ ...NO_FILTER, category: slug }, 1)),
  ])
  const cards = varied(newest.cards, ({ category }) => category, 24)
  const tiles = shown.flatMap((category, index) => {
    const picture = first[index]?.cards[0]?.picture
    return picture ? [{ category, picture }] : []
  })
  const reason = { kind: 'new' as const, text: 'New in' }
  const fresh = { id: 'new', title: reason.text, picks: cards.slice(3).map((card) => ({ card, reason })) }
  const popular = without(own, sharedRow('popular', trending, POPULAR))
  const chosen = without([...own, popular], sharedRow('featured', featured, FEATURED))
  const general = [popular, chosen, without([...own, popular, chosen], fresh, 8)]
  return <HomePage {...{ frame, hero: cards.slice(0, 3), tiles, own, general, known }} />
}

async function ownRows(visit: Visit): Promise<PickRow[]> {
  const [picks, seen] = await Promise.all([
    listForYou(visit, { limit: 40, context: 'home' }),
    listRecentlyViewed(visit, 4),
  ])
  const rows = rowsOf(picks, 3)
  return seen.length > 0 ? [...rows, { id: 'seen', title: 'You looked at', picks: seen }] : rows
}

/**
 * Those that are shown for one kind of reason, under it where they share its words. What is only new, where nothing is known
 * of any, has a row of its own; fewer than fill a line have none.
 */
function sharedRow(id: string, picks: PickRow['picks'], { kind, title }: { kind: string; title: string }): PickRow {
  const own = picks.filter(({ reason }) => reason.kind === kind)
  const said = own[0]?.reason.text ?? title
  const shared = own.every(({ reason }) => reason.text === said)
  return { id, title: shared ? said : title, picks: own.length < 4 ? [] : own, mixed: !shared }
}

/** Categories of women and men in turn, each name once: two tiles called Knitwear would look like a mistake. */
function alternating(categories: Category[]): Category[] {
  const seen = new Set<string>()
  return varied(categories, ({ department }) => department, categories.length).filter(
    ({ name }) => !seen.has(name) && seen.add(name),
  )
}

const isOfQuiz = ({ picks }: PickRow): boolean => picks.some(({ reason }) => reason.kind === 'quiz')

function HomePage({ frame, hero, tiles, own, general, known }: HomeProps) {
  const tryOn = hero[0]
  return (
    <Layout
      frame={frame}
      title="EshoTry · Clothes tried on your own photo"
      description="A fashion shop that shows each garment on your own photo, in the size you choose, and does not keep the photo."
      islands={['for-you']}
    >
      <Hero hero={hero} tryOnHref={tryOn ? `/p/${tryOn.slug}/try-on` : '/women'} />
      <div class="wrap">
        {own.map((row) => (
          <PickSection key={row.id} row={row} />
        ))}
      </div>
      {tiles.length > 0 && <Tiles tiles={tiles} />}
      <div class="wrap">
        {!known && <DevicePlace picks="/picks" />}
        {general.map((row) => (
          <PickSection key={row.id} row={row}>
            <a href="/picks" class="quiet shrink-0 max-sm:hidden">
              See more
            </a>
          </PickSection>
        ))}
        {!own.some(isOfQuiz) && <QuizInvitation />}
      </div>
      <Promises />
    </Layout>
  )
}

function Hero({ hero, tryOnHref }: { hero: Card[]; tryOnHref: string }) {
  return (
    <section class="bg-sand">
      <div class="wrap grid lg:grid-cols-[1fr_1.35fr] items-center gap-8 lg:gap-12 py-10 sm:py-16 lg:py-20">
        <div class="max-w-xl">
          <p class="label text-soft">Women and men</p>
          <h1 class="heading text-[2.6rem] sm:text-6xl xl:text-7xl mt-4">See it on you. Then decide.</h1>
          <p class="mt-6 text-lg text-soft max-w-md">
            Every piece here can be tried on your own photo, in each of its sizes, with its real centimetres.
          </p>
          <div class="mt-8 flex flex-wrap gap-3">
            <a href="/women" class="solid">
              Shop women
            </a>
            <a href="/men" class="outline">
              Shop men
            </a>
          </div>
          <a href={tryOnHref} class="quiet mt-4">
            Try something on now
          </a>
        </div>
        <ul class="grid grid-cols-[1fr_1.3fr_1fr] items-center max-sm:-mx-2" aria-label="Picked pieces">
          {hero.slice(0, 3).map((card) => (
            <li key={card.slug}>
              <a href={`/p/${card.slug}`} class="block aspect-3/4 overflow-hidden">
                {card.picture && (
                  <Picture
                    picture={{ ...card.picture, alt: card.name }}
                    sizes="(min-width: 64rem) 22rem, 45vw"
                    first
                    class="w-full h-full object-cover scale-112"
                  />
                )}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function Tiles({ tiles }: { tiles: HomeProps['tiles'] }) {
  return (
    <section class="wrap mt-16 sm:mt-24" aria-labelledby="categories">
      <h2 id="categories" class="heading text-3xl sm:text-4xl mb-8">
        By category
      </h2>
      <ul class="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-6 gap-3 sm:gap-5">
        {tiles.map(({ category, picture }) => (
          <li key={category.slug}>
            <a href={`/c/${category.slug}`} class="group block">
              <span class="block aspect-3/4 overflow-hidden bg-sand">
                <Picture
                  picture={picture}
                  sizes="(min-width: 64rem) 13rem, (min-width: 40rem) 33vw, 50vw"
                  decorative
                  class="w-full h-full object-cover transition-transform duration-500 group-hover:scale-[1.03]"
                />
              </span>
              <span class="block mt-3 text-[0.95rem] group-hover:underline underline-offset-4">{category.name}</span>
              <span class="block text-sm text-soft capitalize">{category.department}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

const PROMISES = [
  {
    title: 'Your photo is yours',
    text: 'It goes to this shop’s own server, is worked on in memory, and is gone when the picture is done. Nothing is kept unless you save it, and then it is kept on your device.',
  },
  {
    title: 'True to size',
    text: 'S, M and L look different because they are different. The hem falls where the garment’s centimetres put it on your height, never where it flatters.',
  },
  {
    title: 'Nothing made up',
    text: 'Your face, hair and hands stay exactly as they are in your photo. If we cannot show a garment honestly, we say so and tell you what would help.',
  },
]

function Promises() {
  return (
    <section class="wrap mt-20 sm:mt-28" aria-labelledby="promise">
      <div class="bg-accent text-paper px-6 py-12 sm:px-12 sm:py-16 lg:px-16">
        <h2 id="promise" class="heading text-3xl sm:text-5xl max-w-2xl">
          A fitting room you can trust
        </h2>
        <ul class="mt-10 grid gap-10 md:grid-cols-3">
          {PROMISES.map(({ title, text }) => (
            <li key={title}>
              <h3 class="font-display text-xl">{title}</h3>
              <p class="mt-2 text-accentpale">{text}</p>
            </li>
          ))}
        </ul>
        <a
          href="/privacy-of-photos"
          class="inline-flex items-center min-h-11 mt-8 underline underline-offset-4 focus-visible:outline-paper"
        >
          What exactly happens to a photo
        </a>
      </div>
    </section>
  )
}
