/** How pixel values (0 to 255) enter a network: (value - mean) / std. */
export type InputNormalization = { mean: number; std: number }

/**
 * What stands in a flatbuffer: a table by its fields (in schema order, missing ones undefined), a vector of references or of raw
 * bytes, and `at`, a reference into the model's own bytes. References point forward, so parents are laid out before children.
 */
type Value = { u8: number } | { u32: number } | { ref: Node } | undefined
type Node = { table: Value[] } | { refs: Node[] } | { bytes: Uint8Array; count: number; align: number } | { at: number }
type Placed = Map<Node, number>

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const string = (text: string): Node => ({ bytes: ascii(`${text}\0`), count: text.length, align: 1 })
const float = (value: number): Node => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return { bytes, count: 1, align: 4 }
}
const table = (...fields: Value[]): Node => ({ table: fields })
const ref = (node: Node): Value => ({ ref: node })
const u8 = (value: number): Value => ({ u8: value })

const align = (offset: number, to: number) => Math.ceil(offset / to) * to

/** Nodes in an order in which every parent stands before its children. */
function layOut(root: Node): Node[] {
  const order = [root]
  for (const node of order) {
    if ('table' in node) for (const field of node.table) if (field && 'ref' in field) order.push(field.ref)
    if ('refs' in node) order.push(...node.refs)
  }
  return order.filter((node) => !('at' in node))
}

/** Bytes a node takes, and the position (from its start) that references to it point at. A table's vtable stands before it. */
function measure(node: Node): { size: number; entry: number; alignment: number } {
  if ('table' in node) {
    const vtable = align(4 + 2 * node.table.length, 4)
    return { size: vtable + 4 + 4 * node.table.length, entry: vtable, alignment: 4 }
  }
  if ('refs' in node) return { size: 4 + 4 * node.refs.length, entry: 0, alignment: 4 }
  if ('at' in node) return { size: 0, entry: 0, alignment: 1 }
  // The length stands before the data, and the data must be aligned.
  const lead = Math.max(node.align, 4) - 4
  return { size: lead + 4 + node.bytes.length, entry: lead, alignment: Math.max(node.align, 4) }
}

function writeTable(view: DataView, fields: Value[], at: number, target: (node: Node) => number): void {
  const vtable = at - align(4 + 2 * fields.length, 4)
  view.setUint16(vtable, 4 + 2 * fields.length, true)
  view.setUint16(vtable + 2, 4 + 4 * fields.length, true)
  view.setInt32(at, at - vtable, true)
  fields.forEach((field, i) => {
    if (!field) return
    const slot = at + 4 + 4 * i
    view.setUint16(vtable + 4 + 2 * i, 4 + 4 * i, true)
    if ('u8' in field) view.setUint8(slot, field.u8)
    else if ('u32' in field) view.setUint32(slot, field.u32, true)
    else view.setUint32(slot, target(field.ref) - slot, true)
  })
}

/** A flatbuffer with the four-letter `identifier`; with `body`, that follows it 16-aligned and `at` references point into it. */
function serialize(root: Node, identifier: string, body: Uint8Array = new Uint8Array()): Uint8Array {
  const placed: Placed = new Map()
  let end = 8
  for (const node of layOut(root)) {
    const { size, entry, alignment } = measure(node)
    end = align(end, alignment)
    placed.set(node, end + entry)
    end += size
  }
  const base = align(end, 16)
  const out = new Uint8Array(base + body.length)
  const view = new DataView(out.buffer)
  const target = (node: Node) => ('at' in node ? base + node.at : placed.get(node)!)
  view.setUint32(0, target(root), true)
  out.set(ascii(identifier), 4)
  for (const [node, at] of placed) {
    if ('table' in node) writeTable(view, node.table, at, target)
    else if ('refs' in node) {
      view.setUint32(at, node.refs.length, true)
      node.refs.forEach((child, i) => view.setUint32(at + 4 + 4 * i, target(child) - (at + 4 + 4 * i), true))
    } else if ('bytes' in node) {
      view.setUint32(at, node.count, true)
      out.set(node.bytes, at + 4)
    }
  }
  out.set(body, base)
  return out
}

/** ModelMetadata of TFLite's metadata_schema.fbs: one RGB image input with its normalisation, nothing about the outputs. */
function describeInput({ mean, std }: InputNormalization): Uint8Array {
  const [imageProperties, normalizationOptions, rgb] = [2, 1, 1]
  const normalization = table(ref(float(mean)), ref(float(std)))
  const unit = table(u8(normalizationOptions), ref(normalization))
  const content = table(u8(imageProperties), ref(table(u8(rgb))))
  const input = table(ref(string('image')), undefined, undefined, ref(content), ref({ refs: [unit] }))
  const subgraph = table(undefined, undefined, ref({ refs: [input] }))
  return serialize(table(undefined, undefined, undefined, ref({ refs: [subgraph] })), 'M001')
}

/** Field `index` of the table at `at`, as an offset into the bytes; 0 when it is missing. */
function fieldAt(view: DataView, at: number, index: number): number {
  const vtable = at - view.getInt32(at, true)
  const slot = 4 + 2 * index
  const offset = slot < view.getUint16(vtable, true) ? view.getUint16(vtable + slot, true) : 0
  return offset === 0 ? 0 : at + offset
}

/** The entries of a vector of tables, as references into the model's bytes. */
function entries(view: DataView, slot: number): Node[] {
  if (slot === 0) return []
  const vector = slot + view.getUint32(slot, true)
  return Array.from({ length: view.getUint32(vector, true) }, (_, i) => {
    const at = vector + 4 + 4 * i
    return { at: at + view.getUint32(at, true) }
  })
}

/**
 * The same `.tflite` model with a `TFLITE_METADATA` entry that says how pixels enter it, which MediaPipe's tasks need and the
 * files of its older packages lack. A new Model table stands in front and points forward into the old bytes, which stay as they
 * are; one buffer and one entry are added (TFLite schema.fbs and metadata_schema.fbs).
 */
export function addInputMetadata(model: Uint8Array, normalization: InputNormalization): Uint8Array {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength)
  if (String.fromCharCode(...model.subarray(4, 8)) !== 'TFL3') throw new Error('Not a TFLite model')
  const root = view.getUint32(0, true)
  const keep = (index: number): Value => {
    const slot = fieldAt(view, root, index)
    return slot === 0 ? undefined : ref({ at: slot + view.getUint32(slot, true) })
  }
  const version = fieldAt(view, root, 0)
  const buffers = entries(view, fieldAt(view, root, 4))
  const metadata = entries(view, fieldAt(view, root, 6))
  const bytes = describeInput(normalization)
  const buffer = table(ref({ bytes, count: bytes.length, align: 16 }))
  const entry = table(ref(string('TFLITE_METADATA')), { u32: buffers.length })
  const fields = [
    version === 0 ? undefined : { u32: view.getUint32(version, true) },
    keep(1),
    keep(2),
    keep(3),
    ref({ refs: [...buffers, buffer] }),
    keep(5),
    ref({ refs: [...metadata, entry] }),
    keep(7),
  ]
  return serialize(table(...fields), 'TFL3', model)
}
