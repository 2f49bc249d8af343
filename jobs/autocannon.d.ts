/** The little of autocannon that the benches use; the package carries no types. */
declare module 'autocannon' {
  type Options = {
    url: string
    connections: number
    duration?: number
    amount?: number
    requests?: { setupRequest?: (request: object) => object }[]
    setupClient?: (client: { setRequests(list: object[]): void }) => void
  }
  type Result = {
    requests: { average: number }
    latency: { p50: number; p99: number }
    /** In seconds. */
    duration: number
    '2xx': number
    errors: number
    timeouts: number
    non2xx: number
  }
  export default function autocannon(options: Options): Promise<Result>
}
