/** A page of the shop as the server draws it; undefined when it cannot be had, or is called off. */
export async function fetchPage(url: string, signal?: AbortSignal): Promise<Document | undefined> {
  try {
    const response = await fetch(url, { signal: signal ?? null, headers: { accept: 'text/html' } })
    if (!response.ok) return undefined
    return new DOMParser().parseFromString(await response.text(), 'text/html')
  } catch {
    return undefined
  }
}
