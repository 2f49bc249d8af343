import autocannon from 'autocannon'

/** `bench api` runs this in a process of its own, so that the load takes no time from the event loop it measures. */
const [url = '', paths = '[]', connections = '32', seconds = '5'] = process.argv.slice(2)

const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: (JSON.parse(paths) as string[]).map((path) => ({ method: 'GET' as const, path })),
})
console.log(
  JSON.stringify({
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: result.errors + result.timeouts + result.non2xx,
  }),
)
