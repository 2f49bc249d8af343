/**
 * The few words of WebAssembly that our kernel is written in, each as its bytes; code is their concatenation.
 * Numbers are those of the specification: https://webassembly.github.io/spec/core/binary/
 */
export type Code = readonly number[]

const I32 = 0x7f
const V128 = 0x7b
const EMPTY = 0x40
const MAGIC_AND_VERSION: Code = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]

export const code = (...parts: readonly Code[]): Code => parts.flat()

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number): Code => [0x21, ...unsigned(local)]
export const int = (value: number): Code => [0x41, ...signed(value)]
export const addInt: Code = [0x6a]
export const subtractInt: Code = [0x6b]

/** Runs `body` until what it leaves on the stack is 0. */
export const loop = (body: Code): Code => [0x03, EMPTY, ...body, 0x0d, 0, 0x0b]

/** Four floats from the address on the stack plus `offset` bytes. */
export const load4 = (offset: number): Code => [0xfd, 0x00, 2, ...unsigned(offset)]
/** One float from there, four times. */
export const loadOneAs4 = (offset: number): Code => [0xfd, 0x09, 2, ...unsigned(offset)]
export const store4 = (offset: number): Code => [0xfd, 0x0b, 2, ...unsigned(offset)]
export const zero4: Code = [0xfd, 0x0c, ...Array.from<number>({ length: 16 }).fill(0)]
export const add4: Code = [0xfd, 0xe4, 0x01]
export const subtract4: Code = [0xfd, 0xe5, 0x01]
export const multiply4: Code = [0xfd, 0xe6, 0x01]

/**
 * A module that exports one function `run` of `parameters` integers and no answer. It imports its memory as `host.memory`.
 * After the parameters come `integers` locals of 32 bits, then `vectors` locals of four floats.
 */
export function assemble(
  { parameters, integers, vectors }: { parameters: number; integers: number; vectors: number },
  body: Code,
): Uint8Array<ArrayBuffer> {
  const locals = list([
    [...unsigned(integers), I32],
    [...unsigned(vectors), V128],
  ])
  return Uint8Array.from([
    ...MAGIC_AND_VERSION,
    ...section(1, list([[0x60, ...list(Array.from({ length: parameters }, () => [I32])), 0]])),
    ...section(2, list([[...name('host'), ...name('memory'), 0x02, 0x00, 0]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name('run'), 0x00, 0]])),
    ...section(10, list([sized([...locals, ...body, 0x0b])])),
  ])
}

const sized = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes]
const list = (entries: readonly Code[]): Code => [...unsigned(entries.length), ...entries.flat()]
const section = (id: number, bytes: Code): Code => [id, ...sized(bytes)]
const name = (text: string): Code => sized(Array.from(text, (letter) => letter.charCodeAt(0)))

/** LEB128, seven bits a byte, the lowest first. */
function unsigned(value: number): Code {
  const bytes: number[] = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value]
}

function signed(value: number): Code {
  const bytes: number[] = []
  for (; value < -0x40 || value > 0x3f; value >>= 7) bytes.push((value & 0x7f) | 0x80)
  return [...bytes, value & 0x7f]
}
