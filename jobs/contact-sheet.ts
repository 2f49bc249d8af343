import type { Raster } from '../modules/tryon/pure/image.ts'
import { resizeRaster } from '../modules/tryon/pure/resize.ts'

/** Pictures side by side, `columns` in a row, each fitted into a cell of `width` x `height` px on light grey. */
export function contactSheet(
  cells: readonly (Raster | undefined)[],
  columns: number,
  [width, height]: [number, number],
): Raster {
  const rows = Math.ceil(cells.length / columns)
  const sheet: Raster = {
    width: columns * width,
    height: rows * height,
    data: new Uint8ClampedArray(columns * width * rows * height * 4),
  }
  sheet.data.fill(232)
  for (let i = 3; i < sheet.data.length; i += 4) sheet.data[i] = 255
  for (const [i, cell] of cells.entries()) {
    if (!cell) continue
    const scale = Math.min((width - 6) / cell.width, (height - 6) / cell.height)
    const small = resizeRaster(
      cell,
      Math.max(1, Math.round(cell.width * scale)),
      Math.max(1, Math.round(cell.height * scale)),
    )
    const left = (i % columns) * width + Math.floor((width - small.width) / 2)
    const top = Math.floor(i / columns) * height + Math.floor((height - small.height) / 2)
    paste(sheet, small, left, top)
  }
  return sheet
}

function paste(onto: Raster, picture: Raster, left: number, top: number): void {
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const from = (y * picture.width + x) * 4
      const to = ((y + top) * onto.width + x + left) * 4
      const alpha = (picture.data[from + 3] ?? 0) / 255
      for (let c = 0; c < 3; c++)
        onto.data[to + c] = (onto.data[to + c] ?? 0) * (1 - alpha) + (picture.data[from + c] ?? 0) * alpha
    }
  }
}
