import type { Raster } from '../../modules/tryon/pure/image.ts'
import type { DemoProduct } from './catalogue/product.ts'
import type { ColourDrawing } from './draw-product.ts'

/** Every colour of a product, and a close-up of the cloth of its first colour. The receiver owns the buffers. */
export type DrawnProduct = { product: DemoProduct; drawn: (ColourDrawing & { colour: string })[]; detail: Raster }

type Options = {
  products: readonly DemoProduct[]
  workers: number
  /** While it lasts its worker draws one more product and no further, so that slow storing holds the drawing back. */
  onProduct: (drawn: DrawnProduct) => void | Promise<void>
}

const askFor = ({ handle, sizeChart, spec, colours }: DemoProduct, worker: Worker) => {
  const answer = new Promise<Omit<DrawnProduct, 'product'>>((resolve, reject) => {
    worker.addEventListener('message', ({ data: { drawn, detail } }) => resolve({ drawn, detail }), { once: true })
    worker.addEventListener('error', (event) => reject(new Error(`drawing ${handle} failed: ${event.message}`)), {
      once: true,
    })
  })
  worker.postMessage(
    {
      handle,
      drawable: { handle, sizeChart, spec },
      colours: colours.map(({ name, colourway }) => ({ name, colourway })),
    },
    [],
  )
  return answer
}

/** Draws all products in parallel; rejects with the first error of a worker or of `onProduct`. */
export const drawCatalogue = async ({ products, workers, onProduct }: Options): Promise<void> => {
  const queue = [...products]
  const drawOn = async (worker: Worker): Promise<void> => {
    let storing: void | Promise<void> = undefined
    for (let product = queue.shift(); product; product = queue.shift()) {
      const [drawing] = await Promise.all([askFor(product, worker), storing])
      storing = onProduct({ product, ...drawing })
    }
    await storing
  }
  const started = Array.from(
    { length: Math.max(1, Math.min(workers, products.length)) },
    () => new Worker(new URL('./worker.ts', import.meta.url)),
  )
  try {
    await Promise.all(started.map(drawOn))
  } finally {
    for (const worker of started) worker.terminate()
  }
}
