/** The methods that some route takes at `path`; middleware, which takes all of them, does not count. */
export function allowedMethods(routes: readonly { method: string; path: string }[], path: string): string[] {
  const taken = routes
    .filter((route) => route.method !== 'ALL' && pattern(route.path).test(path))
    .map(({ method }) => method)
  return [...new Set(taken.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].toSorted()
}

/** Hono's `/a/:b/:c{.+}` as a regular expression. */
function pattern(path: string): RegExp {
  const source = path.replace(/:\w+\{([^}]+)\}|:\w+|\*|[.+?^$()|[\]\\]/g, (part, own: string | undefined) => {
    if (own !== undefined) return `(?:${own})`
    if (part.startsWith(':')) return '[^/]+'
    return part === '*' ? '.*' : `\\${part}`
  })
  return new RegExp(`^${source}$`)
}
