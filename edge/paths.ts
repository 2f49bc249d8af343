import type { OpenAPIHono } from '@hono/zod-openapi'

type Route = { method: string; path: string }

/** The methods that some route takes at `path`; middleware, which takes all of them, does not count. */
export function allowedMethods(routes: readonly Route[], path: string): string[] {
  const taken = routes.filter((route) => route.method !== 'ALL' && pattern(route.path).test(path))
  const methods = taken.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return [...new Set(methods)].toSorted()
}

/** Finds the content types that the document promises for the body of a request; undefined where it names none. */
export function bodyTypes({ openAPIRegistry }: Pick<OpenAPIHono, 'openAPIRegistry'>) {
  const promised = openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { method, path, request } = definition.route
    const types = Object.keys(request?.body?.content ?? {})
    const at = pattern(path.replaceAll(/\{(\w+)\}/g, ':$1'))
    return types.length > 0 ? [{ method: method.toUpperCase(), at, types }] : []
  })
  return ({ method, path }: Route) => promised.find((one) => one.method === method && one.at.test(path))?.types
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
