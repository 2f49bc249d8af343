import { Hono } from 'hono'
import type { Site } from './site.tsx'

/** What is kept for a person who is signed in. */
export function accountPages(_site: Site) {
  return new Hono()
}
