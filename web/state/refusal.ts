/** An answer of the API that a page cannot be drawn from. */
export class ShopError extends Error {
  readonly status: number
  constructor(status: number, what: string) {
    super(`${what} answered ${status}`)
    this.status = status
  }
}
