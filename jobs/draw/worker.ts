import type { Colourway } from './render.ts'
import { createPen, type Drawable, drawDetail, renderColour } from './draw-product.ts'

declare const self: Worker

type Job = { handle: string; drawable: Drawable; colours: { name: string; colourway: Colourway }[] }

const { drawProduct } = createPen()

self.addEventListener('message', (event: MessageEvent<Job>) => {
  const { handle, drawable, colours } = event.data
  const drawing = drawProduct(drawable)
  const drawn = colours.map(({ name, colourway }) => Object.assign(renderColour(drawing, colourway), { colour: name }))
  const detail = drawDetail(drawing, drawn[0]!.picture)
  const rasters = [detail, ...drawn.flatMap(({ picture, prepared }) => [picture, prepared.cutout])]
  const buffers = [drawing.inside.buffer, ...rasters.map(({ data }) => data.buffer)]
  self.postMessage({ handle, drawn, detail }, buffers as ArrayBuffer[])
})
