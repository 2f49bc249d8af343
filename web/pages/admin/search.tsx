import { Hono } from 'hono'
import { Act, AdminForm, ConfirmPage } from '../../parts/admin-form.tsx'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder, Pager } from '../../parts/admin-list.tsx'
import { Badge, Facts, When } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { problemIn, read } from '../../state/admin.ts'
import { EMPTY_FORM, type FormState, isFilled, type Problem, refused, sayProblem } from '../../state/forms.ts'
import { createShop } from '../../state/shop.ts'
import { goTo } from '../site.tsx'
import { type AdminContext, type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'
import { findPieces, PiecePicker, type Picking, withPicked } from './piece-picker.tsx'
import {
  type FindProduct,
  type Kind,
  KINDS,
  nameIn,
  type Names,
  newRuleOf,
  readRuleForm,
  type Rule,
  ruleFields,
  ruleValues,
} from './rule-form.ts'
import { drawTrial } from './search-trial.tsx'

const NEWS: News = {
  created: 'The rule holds from the next search on.',
  changed: 'The rule is changed.',
  off: 'The rule is switched off.',
  on: 'The rule holds again.',
  removed: 'The rule is gone.',
}

const rulePath = (id: string, act = '') => `/admin/search/${id}${act}`
const kindOf = (value: string | undefined) => KINDS.find((kind) => kind.value === value)
const labelOf = (kind: Kind) => kindOf(kind)?.label ?? kind

function RuleBadge({ active, from, until }: Rule) {
  const now = new Date().toISOString()
  if (!active) return <Badge tone="bad">Off</Badge>
  if (until !== undefined && until <= now) return <Badge tone="plain">Over</Badge>
  if (from !== undefined && from > now) return <Badge tone="plain">Not yet</Badge>
  return <Badge tone="good">Holds</Badge>
}

function whenOf({ on: { query, category } }: Rule, { categories }: Names): string {
  if (query === undefined && category === undefined) return 'Every search'
  return [query && `“${query}”`, category && nameIn(categories)(category)].filter(Boolean).join(' in ')
}

function aboutOf({ words, oneWay, products = [], brands = [], categories = [] }: Rule, names: Names): string {
  if (words) return words.join(', ')
  if (oneWay) return `${oneWay.from} finds ${oneWay.to.join(', ')}`
  const pieces = products.length > 0 ? [`${products.length} ${products.length === 1 ? 'piece' : 'pieces'}`] : []
  const named = [...brands.map(nameIn(names.brands)), ...categories.map(nameIn(names.categories))]
  return [...pieces, ...named].join(', ')
}

const columnsOf = (names: Names): readonly Column<Rule>[] => [
  {
    name: 'Rule',
    cell: ({ id, kind, ...rule }) => (
      <a href={rulePath(id)} class="quiet font-medium">
        {`${labelOf(kind)}: ${aboutOf({ id, kind, ...rule }, names)}`}
      </a>
    ),
  },
  { name: 'For', cell: (rule) => whenOf(rule, names) },
  { name: 'Status', cell: (rule) => <RuleBadge {...rule} /> },
  { name: 'Note', cell: ({ note }) => note },
]

/** How searches are answered: the rules of merchandising, and a trial of what comes of them. */
export function searchAdminPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/search', (c) => drawList(c))
  pages.get('/admin/search/try', (c) => drawTrial(c))
  pages.get('/admin/search/new', (c) => drawNew(c, { values: {}, errors: {} }))
  pages.post('/admin/search/new', async (c) => {
    const kind = kindOf(c.req.query('kind'))?.value
    if (!kind) return goTo(c, '/admin/search/new')
    const { state, content, picking } = await readForm(c, kind)
    if (picking || !isFilled(state)) return drawNew(c, state, picking)
    const { api } = c.var.view.desk
    const json = newRuleOf(kind, content)
    const problem = await problemIn(await api.v1.admin.search.rules.$post({ json }), 'The rule')
    return problem ? drawNew(c, await refusedForm(c, { kind, state, problem })) : goTo(c, '/admin/search?said=created')
  })
  pages.get('/admin/search/:id', async (c) => {
    const [rule, names] = await Promise.all([findRule(c), namesOf(c)])
    return drawRule(c, rule, { values: ruleValues(rule, names, await piecesOf(c, rule)), errors: {} })
  })
  pages.post('/admin/search/:id', async (c) => {
    const rule = await findRule(c)
    const { state, content, picking } = await readForm(c, rule.kind)
    if (picking || !isFilled(state)) return drawRule(c, rule, state, picking)
    const problem = await change(c, content)
    if (!problem) return goTo(c, rulePath(rule.id, '?said=changed'))
    return drawRule(c, rule, await refusedForm(c, { kind: rule.kind, state, problem }))
  })
  for (const [act, active] of [
    ['off', false],
    ['on', true],
  ] as const)
    pages.post(`/admin/search/:id/${act}`, async (c) => {
      const problem = await change(c, { active })
      if (!problem) return goTo(c, rulePath(c.req.param('id'), `?said=${act}`))
      return drawRule(c, await findRule(c), { ...EMPTY_FORM, trouble: sayProblem(problem) })
    })
  removingPages(pages)
  return pages
}

function removingPages(pages: Hono<AdminEnv>): void {
  pages.get('/admin/search/:id/remove', async (c) => {
    const rule = await findRule(c)
    const back = { href: rulePath(rule.id), label: 'The rule' }
    const text = (
      <p>Searches no longer follow it. To have it back it must be written again; it can be switched off instead.</p>
    )
    const act = { title: 'Remove the rule?', action: rulePath(rule.id, '/remove'), button: 'Yes, remove it' }
    return show(c, <ConfirmPage view={c.var.view} back={back} text={text} {...act} />)
  })
  pages.post('/admin/search/:id/remove', async (c) => {
    const { api } = c.var.view.desk
    await problemIn(await api.v1.admin.search.rules[':id'].$delete({ param: { id: c.req.param('id') } }), 'The rule')
    return goTo(c, '/admin/search?said=removed')
  })
}

type Rules = AdminContext['var']['view']['desk']['api']['v1']['admin']['search']['rules']
type Patch = Parameters<Rules[':id']['$patch']>[0]['json']

const paramOf = (c: AdminContext) => ({ id: c.req.param('id') ?? '' })

const findRule = async (c: AdminContext): Promise<Rule> =>
  read(await c.var.view.desk.api.v1.admin.search.rules[':id'].$get({ param: paramOf(c) }), 'The rule')

const change = async (c: AdminContext, json: Patch): Promise<Problem | undefined> =>
  problemIn(await c.var.view.desk.api.v1.admin.search.rules[':id'].$patch({ param: paramOf(c), json }), 'The rule')

async function namesOf(c: AdminContext): Promise<Names> {
  const { api } = c.var.view.desk
  const [categories, brands] = await Promise.all([createShop(api).categories(), api.v1.brands.$get()])
  const nameOf = (slug: string | null): string[] => {
    const found = categories.find((one) => one.slug === slug)
    return found ? [...nameOf(found.parent), found.name] : []
  }
  return {
    brands: (await read(brands, 'The brands')).items,
    categories: categories.map(({ slug }) => ({ slug, name: nameOf(slug).join(' / ') })),
  }
}

/** The slugs of a rule's products; one that is gone keeps its id. */
async function piecesOf(c: AdminContext, { products = [] }: Rule): Promise<string[]> {
  const shop = createShop(c.var.view.desk.api)
  return Promise.all(products.map(async ({ productId }) => (await shop.product(productId))?.slug ?? productId))
}

async function readForm(c: AdminContext, kind: Kind) {
  const shop = createShop(c.var.view.desk.api)
  const findProduct: FindProduct = async (text) => (await shop.product(text))?.id
  const form = withPicked(await c.req.formData())
  const picking = await findPieces(c, form)
  const { state, content } = await readRuleForm(form, { kind, names: await namesOf(c), findProduct })
  // A form that only looks for pieces is not complained of.
  return { state: picking ? { ...state, errors: {} } : state, content, picking }
}

type Refused = { kind: Kind; state: FormState; problem: Problem }

const refusedForm = async (c: AdminContext, { kind, state, problem }: Refused): Promise<FormState> =>
  refused(state, ruleFields(kind, await namesOf(c)), problem)

async function drawList(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const query = asked(c, ['kind'])
  const kind = kindOf(query.kind)?.value
  const [{ items, nextCursor }, names] = await Promise.all([
    view.desk.api.v1.admin.search.rules
      .$get({ query: { ...query, kind, limit: LIMIT } })
      .then((answer) => read(answer, 'The rules')),
    namesOf(c),
  ])
  return show(
    c,
    <AdminPage
      view={view}
      title="Search"
      lead="Rules of what is found, and where it stands."
      news={newsOf(c, NEWS)}
      actions={
        <div class="flex flex-wrap gap-3">
          <a href="/admin/search/try" class="outline">
            Try a search
          </a>
          <a href="/admin/search/new" class="solid">
            New rule
          </a>
        </div>
      }
    >
      <Finder
        action="/admin/search"
        filters={[{ name: 'kind', label: 'Kind', value: kind, options: KINDS, all: 'All' }]}
      />
      <Table
        label="Rules"
        columns={columnsOf(names)}
        rows={items}
        empty={kind ? 'There is no rule of this kind.' : 'There is no rule yet: searches are ranked by themselves.'}
      />
      <Pager path="/admin/search" query={query} nextCursor={nextCursor} />
    </AdminPage>,
  )
}

async function drawNew(c: AdminContext, state: FormState, picking?: Picking): Promise<Response> {
  const { view } = c.var
  const kind = kindOf(c.req.query('kind'))
  if (!kind)
    return show(
      c,
      <AdminPage view={view} title="New rule" lead="What should it do?">
        <ul class="max-w-xl border-t border-line">
          {KINDS.map(({ value, label, does }) => (
            <li key={value} class="border-b border-line">
              <a href={`/admin/search/new?kind=${value}`} class="group block py-4">
                <span class="font-medium group-hover:underline underline-offset-4">{label}</span>
                <span class="block text-soft">{does}</span>
              </a>
            </li>
          ))}
        </ul>
      </AdminPage>,
    )
  const page = (
    <AdminPage
      view={view}
      title={`New rule: ${kind.label.toLowerCase()}`}
      back={{ href: '/admin/search/new', label: 'New rule' }}
      lead={kind.does}
      islands={['picker']}
    >
      <AdminForm
        action={`/admin/search/new?kind=${kind.value}`}
        specs={ruleFields(kind.value, await namesOf(c))}
        state={state}
        button="Create the rule"
      >
        {kind.value !== 'synonym' && <PiecePicker picking={picking} />}
      </AdminForm>
    </AdminPage>
  )
  return show(c, page, isFilled(state) && !state.trouble ? 200 : 422)
}

async function drawRule(c: AdminContext, rule: Rule, state: FormState, picking?: Picking): Promise<Response> {
  const { id, kind, active, createdAt, updatedAt } = rule
  const names = await namesOf(c)
  const page = (
    <AdminPage
      view={c.var.view}
      title={`${labelOf(kind)}: ${aboutOf(rule, names)}`}
      news={newsOf(c, NEWS)}
      lead={<RuleBadge {...rule} />}
      islands={['picker']}
      actions={
        <div class="flex flex-wrap items-center gap-3">
          {rule.on.query && (
            <a href={`/admin/search/try?${new URLSearchParams({ q: rule.on.query })}`} class="outline">
              Try it
            </a>
          )}
          <Act action={rulePath(id, active ? '/off' : '/on')} button={active ? 'Switch off' : 'Switch on'} />
          <a href={rulePath(id, '/remove')} class="quiet">
            Remove
          </a>
        </div>
      }
    >
      <AdminForm action={rulePath(id)} specs={ruleFields(kind, names)} state={state} button="Save">
        {kind !== 'synonym' && <PiecePicker picking={picking} />}
      </AdminForm>
      <div class="max-w-xl mt-10">
        <Facts
          facts={[
            { name: 'Made', value: <When at={createdAt} /> },
            { name: 'Changed', value: updatedAt !== createdAt && <When at={updatedAt} /> },
          ]}
        />
      </div>
    </AdminPage>
  )
  return show(c, page, isFilled(state) && !state.trouble ? 200 : 422)
}
