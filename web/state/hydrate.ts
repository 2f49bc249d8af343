import { type ComponentType, h, hydrate } from 'preact'

/** Brings the server-drawn part named `name` to life with the props written beside it. */
export function hydrateIsland<P extends object>(name: string, component: ComponentType<P>): void {
  const root = document.querySelector(`[data-island="${name}"]`)
  const props = document.querySelector(`[data-props="${name}"]`)?.textContent
  if (root && props) hydrate(h(component, JSON.parse(props) as P), root)
}
