import autocannon from 'autocannon'

export type LoadRequest = { method: 'GET' | 'POST'; path: string; body?: string }
export type LoadPlan = {
  url: string
  connections: number
  /** For so long, each connection beginning somewhere else in the list; absent: each request once, whoever is free. */
  seconds?: number
  requests: LoadRequest[]
}

/** The benches run this in a process of its own, so that the load takes no time from the event loop it measures. */
const { url, connections, seconds, requests } = (await Bun.stdin.json()) as LoadPlan
const headers = { 'content-type': 'application/json' }
const sent = requests.map((request) => Object.assign(request, request.body === undefined ? {} : { headers }))

let next = 0
let client = 0
const run =
  seconds === undefined
    ? {
        amount: sent.length,
        requests: [{ setupRequest: (request: object) => ({ ...request, ...sent[next++ % sent.length] }) }],
      }
    : {
        duration: seconds,
        setupClient(one: { setRequests(list: object[]): void }) {
          const start = Math.floor((client++ * sent.length) / connections)
          one.setRequests([...sent.slice(start), ...sent.slice(0, start)])
        },
      }
const result = await autocannon({ url, connections, ...run })
console.log(
  JSON.stringify({
    perSecond: seconds === undefined ? result['2xx'] / result.duration : result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  }),
)
