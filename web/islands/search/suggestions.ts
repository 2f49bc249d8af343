import type { Suggestions } from './shapes.ts'

/** Two requests are at least so far apart: hardly noticed, and enough for fast typing to skip letters. */
const PACE_MS = 150
/** How many of a kind. */
const EACH = 4
/** How many answers are kept, so that taking letters back needs no request. */
const KEPT = 50

/**
 * Asks the shop how a text may go on and hands the answer to `show`; a text that is asked for meanwhile takes the place of
 * the one before, whose answer is never shown. What cannot be had is answered with nothing: typing goes on.
 */
export function createSuggester(show: (text: string, found: Suggestions) => Promise<void>) {
  const kept = new Map<string, Suggestions>()
  let underway = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let askedAt = -PACE_MS

  async function fetchFor(text: string): Promise<void> {
    askedAt = performance.now()
    underway = new AbortController()
    const { signal } = underway
    try {
      const response = await fetch(`/v1/search/suggest?limit=${EACH}&q=${encodeURIComponent(text)}`, { signal })
      if (!response.ok) return
      const found = (await response.json()) as Suggestions
      if (kept.size >= KEPT) kept.clear()
      kept.set(text, found)
      if (!signal.aborted) await show(text, found)
    } catch {
      // Called off, or no network: the list stays as it is.
    }
  }

  function stop(): void {
    clearTimeout(timer)
    underway.abort()
  }

  function ask(text: string): void {
    stop()
    const known = kept.get(text)
    if (known) return void show(text, known)
    timer = setTimeout(() => void fetchFor(text), Math.max(0, askedAt + PACE_MS - performance.now()))
  }

  return { ask, stop }
}
