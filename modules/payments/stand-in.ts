/** What goes wrong with one request: `before` it is worked on, or after, so that the work is done and nobody hears of it. */
export type Fault = {
  path: RegExp
  method?: string
  when: 'before' | 'after'
  how: 'status' | 'silence'
  times: number
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> }
export type Handle = (request: Request, body: string) => Answer | Promise<Answer>

/** A provider of our own on a free port, for tests: real HTTP, and it can be made to break. */
export function serveStandIn(handle: Handle) {
  const faults: Fault[] = []
  const asked: string[] = []
  const silences: (() => void)[] = []
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      asked.push(`${request.method} ${pathname}`)
      const fault = faults.find(
        (f) => f.times > 0 && f.path.test(pathname) && (!f.method || f.method === request.method),
      )
      if (fault) fault.times -= 1
      const body = await request.text()
      const answer = fault?.when === 'before' ? undefined : await handle(request, body)
      if (fault?.how === 'silence') await new Promise<void>((resolve) => silences.push(resolve))
      if (fault || !answer) return new Response('{}', { status: 503, headers: { 'content-type': 'application/json' } })
      return Response.json(answer.body, { status: answer.status, headers: answer.headers ?? {} })
    },
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    /** Each request so far, as `POST /v1/refunds`. */
    asked,
    breakNext(fault: Partial<Fault> & Pick<Fault, 'path'>): void {
      faults.push({ when: 'before', how: 'status', times: 1, ...fault })
    },
    async stop(): Promise<void> {
      for (const end of silences) end()
      await server.stop(true)
    },
  }
}
