/** An answer that must not tell by its time what was found takes this long, if the work is done by then. */
const STEADY_MS = 250

export async function steadily<T>(work: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([work, new Promise((resolve) => setTimeout(resolve, STEADY_MS))])
  return answer
}
