import type { ComponentChildren } from 'preact'
import { Chooser } from '../parts/chooser.tsx'
import { Island } from '../parts/island.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { ProductGrid } from '../parts/product-card.tsx'
import { SizeTable } from '../parts/size-table.tsx'
import { Trail, type TrailStep } from '../parts/trail.tsx'
import type { Shop } from '../state/shop.ts'
import type { Card, Detail } from '../state/views.ts'

type Asked = { colour?: string; size?: string }

/** Draws a product in the colour asked for, or its first, with others of its category below. */
export async function drawProduct(
  shop: Shop,
  frame: Frame,
  { product, asked, trouble }: { product: Detail; asked: Asked; trouble?: string | undefined },
) {
  const colour = colourOf(product, asked.colour)
  const [own, wider] = [slugAt(product.trail.at(-1)), slugAt(product.trail.at(1) ?? product.trail.at(-1))]
  const { cards } = await shop.listing({ category: wider, brand: [], colour: [], size: [] })
  const others = cards.filter(({ slug }) => slug !== product.slug)
  const alike = others.toSorted((a, b) => Number(b.category === own) - Number(a.category === own)).slice(0, 4)
  return <ProductPage {...{ frame, product, colour, size: asked.size, trouble, alike }} />
}

const slugAt = (step: TrailStep | undefined) => step?.href.split('/').at(-1)

/** The colour asked for when the product has it, else its first. */
export const colourOf = ({ colours }: Pick<Detail, 'colours'>, asked: string | undefined): string =>
  colours.find(({ slug }) => slug === asked)?.slug ?? colours[0]?.slug ?? ''

type ProductPageProps = {
  frame: Frame
  product: Detail
  colour: string
  size?: string | undefined
  /** Why it could not be put into the bag. */
  trouble?: string | undefined
  alike: Card[]
}

function ProductPage({ frame, product, colour, size, trouble, alike }: ProductPageProps) {
  const { id, slug, name, brand, colours, sizes, pictures, variants, sizeTable } = product
  const props = {
    product: { id, slug, name, brand, colours, sizes, pictures, variants, sizeTable },
    colour,
    size,
    trouble,
  }
  return (
    <Layout
      frame={frame}
      title={`${name} · ${brand} · EshoTry`}
      description={product.description}
      islands={['product']}
    >
      <div class="wrap pt-6 sm:pt-10">
        <Trail trail={product.trail} title={name} />
        <div class="mt-6">
          <Island name="product" props={props}>
            <Chooser {...props} />
          </Island>
        </div>
        <div class="mt-16 sm:mt-24 grid grid-cols-1 lg:grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] gap-12 lg:gap-16">
          {product.sizeTable && (
            <Section id="sizes" title="Sizes">
              <SizeTable table={product.sizeTable} />
            </Section>
          )}
          <div>
            <Section id="about" title="About this piece">
              <p>{product.description}</p>
              <dl class="mt-6 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-[0.95rem]">
                {product.facts.map((fact) => (
                  <div key={fact.name} class="contents">
                    <dt class="text-soft">{fact.name}</dt>
                    <dd>{fact.value}</dd>
                  </div>
                ))}
              </dl>
            </Section>
            {(product.fabric || product.care.length > 0) && (
              <Section id="care" title="Fabric and care" class="mt-12">
                {product.fabric && <p>{product.fabric}</p>}
                <ul class="mt-3 text-[0.95rem] text-soft list-disc pl-5">
                  {product.care.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </Section>
            )}
          </div>
        </div>
        {alike.length > 0 && (
          <section class="mt-20 sm:mt-28" aria-labelledby="alike">
            <h2 id="alike" class="heading text-3xl sm:text-4xl mb-8">
              More like this
            </h2>
            <ProductGrid cards={alike} eager={0} />
          </section>
        )}
      </div>
    </Layout>
  )
}

type SectionProps = { id: string; title: string; class?: string; children: ComponentChildren }

function Section({ id, title, class: className, children }: SectionProps) {
  return (
    <section aria-labelledby={id} class={className}>
      <h2 id={id} class="heading text-2xl sm:text-3xl mb-5">
        {title}
      </h2>
      {children}
    </section>
  )
}
