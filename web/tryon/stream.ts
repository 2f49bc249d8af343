/** The last word of a try-on: a picture as a data URI, or why there is none. */
export type TryOnAnswer =
  | { status: 'ok'; image: string; report: TryOnReport }
  | { status: 'refused'; reason: string; message?: string | undefined }
  | { status: 'failed'; message: string }

/** The part of the report that the page shows. */
export type TryOnReport = {
  heightCm?: number
  heightAssumed?: boolean
  /** Girth of the cloth less girth of the body, by zone. */
  fit?: { zone: string; easeCm: number }[]
}

export type Progress = { stage: string; progress: number }

type Line = Partial<Progress> & {
  status?: string
  image?: string
  reason?: string
  message?: string
  report?: TryOnReport
}

/** Whole lines of a text stream, however the network cuts it. */
async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim()) yield rest
}

/** A response of `fetch` or of the typed client. */
type Answered = Pick<Response, 'ok' | 'status' | 'body' | 'json'>

/**
 * Reads what `POST /v1/try-on` answers with `format=stream`: newline-delimited JSON to its end, or the problem that came
 * instead of it.
 * @throws Error when there is no last word, so a broken connection is never taken for a result
 */
export async function readTryOn(response: Answered, onProgress: (progress: Progress) => void): Promise<TryOnAnswer> {
  if (!response.ok) return refusalIn(response)
  if (!response.body) throw new Error('The server sent nothing back.')
  for await (const text of readLines(response.body)) {
    const line = JSON.parse(text) as Line
    const answer = answerIn(line)
    if (answer) return answer
    if (line.stage) onProgress({ stage: line.stage, progress: line.progress ?? 0 })
  }
  throw new Error('The connection ended before the picture was done.')
}

function answerIn({ status, image, report, reason, message }: Line): TryOnAnswer | undefined {
  if (status === 'ok' && image) return { status, image, report: report ?? {} }
  if (status === 'refused') return { status, reason: reason ?? 'unknown', message }
  if (status === 'failed') return { status, message: message ?? '' }
  return undefined
}

type Problem = { reason?: string; detail?: string; details?: { reason?: string } }

async function refusalIn(response: Answered): Promise<TryOnAnswer> {
  const problem = ((await response.json().catch(() => undefined)) ?? {}) as Problem
  const reason = problem.details?.reason ?? problem.reason
  if (reason) return { status: 'refused', reason, message: problem.detail }
  if (response.status === 413) return { status: 'refused', reason: 'image_too_large' }
  return { status: 'failed', message: problem.detail ?? `The server answered ${response.status}` }
}

/** The bytes of a `data:` URI as a blob: a page under a strict policy may not fetch such a URI. */
export function blobOf(dataUri: string): Blob {
  const [head = '', data = ''] = dataUri.split(',')
  const text = atob(data)
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  return new Blob([bytes], { type: /^data:([^;]+)/.exec(head)?.[1] ?? 'image/png' })
}
