import { Island } from '../parts/island.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { Trail, type TrailStep } from '../parts/trail.tsx'
import type { Client } from '../../openapi/client.ts'
import type { Detail } from '../state/views.ts'
import { orderTryOn } from '../tryon/order.ts'
import { startSize, type TryOnProduct, tryOnProduct } from '../tryon/product.ts'
import { failureOf, type Refusal, refusalOf } from '../tryon/refusals.ts'
import { colourOf } from './product.tsx'
import { TryOn } from '../tryon/try-on.tsx'

type Asked = { colour?: string; size?: string }

/** Draws the try-on of a product as a form that works as it stands. */
export function drawTryOn(frame: Frame, product: Detail, asked: Asked, trouble?: Refusal) {
  const colour = colourOf(product, asked.colour)
  const lean = tryOnProduct(product)
  const size = startSize(lean, colour, asked.size)
  return <TryOnPage frame={frame} product={lean} trail={product.trail} {...{ colour, size, trouble }} />
}

type ResultNeeds = { api: Client; frame: Frame; product: Detail; form: FormData; asked: Asked }

/** Sends the plain form on to the API and draws its picture, or the form again with what would help. */
export async function drawResult({ api, frame, product, form, asked }: ResultNeeds) {
  const lean = tryOnProduct(product)
  const colour = colourOf(product, asked.colour)
  const size = startSize(lean, colour, String(form.get('size')))
  const answer = await orderTryOn(api, { product: lean, colour, size, form })
  if (answer.status === 'ok')
    return {
      status: 200,
      drawn: <ResultPage frame={frame} product={lean} {...{ colour, size, image: answer.image }} />,
    } as const
  if (answer.status === 'failed')
    return { status: 503, drawn: drawTryOn(frame, product, { colour, size }, failureOf(answer.message)) } as const
  const trouble = refusalOf(answer.reason, answer.message)
  return { status: 422, drawn: drawTryOn(frame, product, { colour, size }, trouble) } as const
}

type TryOnPageProps = {
  frame: Frame
  product: TryOnProduct
  trail: TrailStep[]
  colour: string
  size: string
  trouble?: Refusal | undefined
}

function TryOnPage({ frame, product, trail, colour, size, trouble }: TryOnPageProps) {
  const props = { product, colour, size, trouble }
  return (
    <Layout
      frame={frame}
      title={`${trouble ? 'Please try another photo: ' : 'Try on: '}${product.name} · EshoTry`}
      description={`See the ${product.name} on your own photo, in your size.`}
      islands={['try-on']}
    >
      <div class="wrap pt-6 sm:pt-10">
        <Trail
          trail={[...trail, { href: `/p/${product.slug}?colour=${colour}`, label: product.name }]}
          title="Try on"
        />
        <h1 class="heading text-3xl sm:text-5xl mt-4 mb-8">{product.name}, on you</h1>
        <Island name="try-on" props={props}>
          <TryOn {...props} />
        </Island>
      </div>
    </Layout>
  )
}

type ResultPageProps = { frame: Frame; product: TryOnProduct; colour: string; size: string; image: string }

/** The finished picture for a shopper without script. It exists in this page only: a reload asks for the photo again. */
function ResultPage({ frame, product, colour, size, image }: ResultPageProps) {
  const type = /^data:image\/([a-z]+)/.exec(image)?.[1] ?? 'png'
  return (
    <Layout frame={frame} title={`${product.name} on you, size ${size} · EshoTry`}>
      <div class="wrap pt-6 sm:pt-10">
        <h1 class="heading text-3xl sm:text-5xl">
          {product.name} on you, size {size}
        </h1>
        <div class="mt-8 grid lg:grid-cols-[1.3fr_1fr] gap-8 lg:gap-14 items-start">
          <img
            src={image}
            alt={`You in the ${product.name}, size ${size}`}
            class="block mx-auto max-h-[85vh] w-auto bg-sand"
          />
          <div>
            <p>
              Your photo has already been forgotten. This picture exists only in this page: download it to keep it, or
              leave the page to discard it.
            </p>
            <div class="mt-6 flex flex-wrap gap-3">
              <a class="solid" href={image} download={`${product.slug}-${size}.${type === 'jpeg' ? 'jpg' : type}`}>
                Download
              </a>
              <a class="outline" href={`/p/${product.slug}/try-on?colour=${colour}&size=${size}`}>
                Try another size
              </a>
              <a class="outline" href={`/p/${product.slug}?colour=${colour}`}>
                Back to the product
              </a>
            </div>
          </div>
        </div>
      </div>
    </Layout>
  )
}
