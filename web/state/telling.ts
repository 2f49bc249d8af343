/** What a shopper did, as the API's `POST /v1/events` names it. */
export type Doing = {
  kind: 'view' | 'search' | 'click' | 'add' | 'try_on' | 'wishlist'
  productId?: string | undefined
  query?: string | undefined
  searchId?: string | undefined
  position?: number | undefined
  shown?: string[] | undefined
  context?: string | undefined
}

const NAME = 'shop:done'

/** Says on this page what was done; the island `events` decides whether anybody else may know. */
export function tell(doing: Doing): void {
  document.dispatchEvent(new CustomEvent<Doing>(NAME, { detail: doing }))
}

export function onTold(hear: (doing: Doing) => void): void {
  document.addEventListener(NAME, (event) => hear((event as CustomEvent<Doing>).detail))
}
