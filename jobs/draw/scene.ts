import type { Point } from '../../modules/tryon/pure/image.ts'
import { createRandom, densify, type Random } from './geometry.ts'
import { blurPlane, createNoise, type Noise } from './plane.ts'
import { type Coverage, fillPolygons } from './raster.ts'

export const PICTURE_WIDTH = 900
export const PICTURE_HEIGHT = 1200

/** What a pixel is made of. A colourway gives each slot a colour; a product gives each slot a fabric. */
export const SLOTS = ['main', 'second', 'inside', 'label', 'button', 'metal', 'thread', 'trim', 'dark'] as const
export type Slot = (typeof SLOTS)[number]
export const slotIndex = (slot: Slot): number => SLOTS.indexOf(slot)

/** Where cloth lies: u runs across and v along the grain, in cm from the frame's origin. */
export type Frame =
  | { kind: 'flat'; origin: Point; angle: number }
  | { kind: 'bent'; origin: Point; angle: number; second: { origin: Point; angle: number; v: number }; over: number }
  | { kind: 'polar'; origin: Point; radius: number }

/**
 * A garment being drawn: planes of the whole picture, filled back to front. Heights are in pixels; `coarse` has half
 * the resolution. Positions given to the functions that draw are cm of the cut; `place` puts them on the picture.
 */
export type Scene = {
  width: number
  height: number
  pxPerCm: number
  place: (p: Point) => Point
  random: Random
  noise: Noise
  alpha: Float32Array
  slot: Uint8Array
  slotUnder: Uint8Array
  /** share of `slot` against `slotUnder`, on soft edges between two slots */
  share: Float32Array
  u: Float32Array
  v: Float32Array
  /** light that reaches the cloth, 1 is all: shadows of one layer on another, grooves of seams */
  shade: Float32Array
  fine: Float32Array
  coarse: Float32Array
  ink: Uint8Array
  inkShare: Float32Array
  inside: Float32Array
  /** how light the cloth itself is, 1 is plain */
  tone: Float32Array
  /** what `Shading` is written into */
  light: Float32Array
  mirror: Float32Array
}

type Plane = 'alpha' | 'share' | 'u' | 'v' | 'shade' | 'fine' | 'inkShare' | 'inside' | 'tone' | 'light' | 'mirror'
type Planes = Record<Plane, Float32Array> & Pick<Scene, 'slot' | 'slotUnder' | 'ink' | 'coarse'>

/** Room for one drawing: some 50 MB, so a pen uses the same for one product after the other. */
export const createPlanes = (): Planes => {
  const size = PICTURE_WIDTH * PICTURE_HEIGHT
  const plane = (): Float32Array => new Float32Array(size)
  return {
    alpha: plane(),
    share: plane(),
    u: plane(),
    v: plane(),
    shade: plane(),
    fine: plane(),
    inkShare: plane(),
    inside: plane(),
    tone: plane(),
    light: plane(),
    mirror: plane(),
    slot: new Uint8Array(size),
    slotUnder: new Uint8Array(size),
    ink: new Uint8Array(size),
    coarse: new Float32Array(size / 4),
  }
}

/** An empty scene in these planes; what they held is gone. */
export const createScene = (planes: Planes, seed: number, pxPerCm: number, place: Scene['place']): Scene => {
  for (const plane of Object.values(planes)) plane.fill(0)
  planes.share.fill(1)
  planes.shade.fill(1)
  planes.tone.fill(1)
  return {
    ...planes,
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    pxPerCm,
    place,
    random: createRandom(seed ^ 0x51ed270b),
    noise: createNoise(seed),
  }
}

export type Shadow = { reach: number; strength: number; x?: number; y?: number }
export type Layer = {
  slot: Slot
  frame: Frame
  /** how far the layer stands above what lies under it, px */
  thickness?: number
  /** softness of its raised edge, px */
  bevel?: number
  shadow?: Shadow
  /** behind the neck or the front: never drawn over a body */
  inside?: boolean
  /** paint only where something lies already */
  clip?: boolean
  /** light on this layer before anything falls on it */
  light?: number
}

export const FLAT: Frame = { kind: 'flat', origin: { x: 0, y: 0 }, angle: 0 }

/** Coverage of cm polygons on the picture. */
export const cover = (scene: Scene, polygons: readonly (readonly Point[])[]): Coverage =>
  fillPolygons(
    polygons.map((polygon) => densify(polygon, 1.5).map(scene.place)),
    scene.width,
    scene.height,
  )

/** A copy with room for what spreads beyond the box, clipped to the picture. */
export const grow = (scene: Scene, area: Coverage, by: number): Coverage => {
  const left = Math.max(0, area.left - by)
  const top = Math.max(0, area.top - by)
  const width = Math.min(scene.width, area.left + area.width + by) - left
  const height = Math.min(scene.height, area.top + area.height + by) - top
  const data = new Float32Array(width * height)
  for (let y = 0; y < area.height; y++)
    data.set(area.data.subarray(y * area.width, (y + 1) * area.width), (y + area.top - top) * width + area.left - left)
  return { left, top, width, height, data }
}

const castShadow = (scene: Scene, area: Coverage, shadow: Shadow): void => {
  const reach = Math.max(1, Math.round(shadow.reach * scene.pxPerCm))
  const wide = grow(scene, area, reach * 3)
  blurPlane(wide.data, wide.width, wide.height, reach)
  const dx = Math.round((shadow.x ?? 0.12) * scene.pxPerCm)
  const dy = Math.round((shadow.y ?? 0.25) * scene.pxPerCm)
  for (let y = 0; y < wide.height; y++) {
    const toY = y + wide.top + dy
    if (toY < 0 || toY >= scene.height) continue
    for (let x = 0; x < wide.width; x++) {
      const dark = wide.data[y * wide.width + x]!
      const toX = x + wide.left + dx
      if (dark < 0.004 || toX < 0 || toX >= scene.width) continue
      scene.shade[toY * scene.width + toX]! *= 1 - shadow.strength * dark
    }
  }
}

/** Writes u and v (cm) of one frame into the planes for a run of pixels. */
const writeFrame = (scene: Scene, area: Coverage, frame: Frame): void => {
  const { width, pxPerCm, u, v } = scene
  const origin = scene.place(frame.origin)
  const perPx = 1 / pxPerCm
  const write = (visit: (i: number, dx: number, dy: number) => void): void => {
    for (let y = 0; y < area.height; y++)
      for (let x = 0; x < area.width; x++) {
        if (area.data[y * area.width + x]! < 0.4) continue
        visit(
          (y + area.top) * width + x + area.left,
          (x + area.left - origin.x) * perPx,
          (y + area.top - origin.y) * perPx,
        )
      }
  }
  if (frame.kind === 'polar') {
    write((i, dx, dy) => {
      u[i] = Math.atan2(dx, dy) * frame.radius
      v[i] = Math.sqrt(dx * dx + dy * dy)
    })
    return
  }
  const [c, s] = [Math.cos(frame.angle), Math.sin(frame.angle)]
  if (frame.kind === 'flat') {
    write((i, dx, dy) => {
      u[i] = dx * c - dy * s
      v[i] = dx * s + dy * c
    })
    return
  }
  const elbow = scene.place(frame.second.origin)
  const [bx, by] = [(elbow.x - origin.x) * perPx, (elbow.y - origin.y) * perPx]
  const [c2, s2] = [Math.cos(frame.second.angle), Math.sin(frame.second.angle)]
  const { over } = frame
  write((i, dx, dy) => {
    const [u1, v1] = [dx * c - dy * s, dx * s + dy * c]
    const [ex, ey] = [dx - bx, dy - by]
    const [u2, v2] = [ex * c2 - ey * s2, ex * s2 + ey * c2 + frame.second.v]
    const t = Math.min(1, Math.max(0, (v1 - frame.second.v + over) / (2 * over)))
    const w = t * t * (3 - 2 * t)
    u[i] = u1 + (u2 - u1) * w
    v[i] = v1 + (v2 - v1) * w
  })
}

/** Lays one piece of cloth (or a button, a label) over what is there. Returns where it lies. */
export const lay = (scene: Scene, polygons: readonly (readonly Point[])[], layer: Layer): Coverage => {
  const area = cover(scene, polygons)
  if (area.data.length === 0) return area
  if (layer.clip)
    for (let y = 0; y < area.height; y++)
      for (let x = 0; x < area.width; x++)
        area.data[y * area.width + x]! *= scene.alpha[(y + area.top) * scene.width + x + area.left]!
  if (layer.shadow) castShadow(scene, area, layer.shadow)
  const slot = slotIndex(layer.slot)
  const { alpha, share, shade, fine, ink, inkShare, inside, width } = scene
  const light = layer.light ?? 1
  for (let y = 0; y < area.height; y++)
    for (let x = 0; x < area.width; x++) {
      const c = area.data[y * area.width + x]!
      if (c === 0) continue
      const i = (y + area.top) * width + x + area.left
      const before = alpha[i]!
      alpha[i] = Math.min(1, before + c)
      shade[i] = shade[i]! * (1 - c) + light * c
      fine[i]! *= 1 - c
      inkShare[i]! *= 1 - c
      inside[i] = layer.inside ? Math.max(inside[i]!, c) : inside[i]! * (1 - c)
      if (c >= 0.5 || before < 0.5) {
        scene.slotUnder[i] = before > 0.01 ? scene.slot[i]! : slot
        share[i] = before > 0.01 ? c : 1
        scene.slot[i] = slot
        if (c > 0.5) ink[i] = 0
      } else if (share[i]! > 0.99) {
        scene.slotUnder[i] = slot
        share[i] = 1 - c
      }
    }
  writeFrame(scene, area, layer.frame)
  if (layer.thickness) raise(scene, area, layer.thickness, layer.bevel ?? 2)
  return area
}

/** Adds a plateau with soft edges to the fine height. */
export const raise = (scene: Scene, area: Coverage, thickness: number, bevel: number): void => {
  const wide = grow(scene, area, Math.ceil(bevel * 2) + 1)
  blurPlane(wide.data, wide.width, wide.height, bevel)
  for (let y = 0; y < wide.height; y++)
    for (let x = 0; x < wide.width; x++)
      scene.fine[(y + wide.top) * scene.width + x + wide.left]! += wide.data[y * wide.width + x]! * thickness
}
