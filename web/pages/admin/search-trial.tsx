import type { InferResponseType } from 'hono/client'
import type { Client } from '../../../openapi/client.ts'
import { AdminPage } from '../../parts/admin-layout.tsx'
import { Finder } from '../../parts/admin-list.tsx'
import { Badge } from '../../parts/admin-marks.tsx'
import { type Column, Table } from '../../parts/admin-table.tsx'
import { Picture } from '../../parts/picture.tsx'
import { read } from '../../state/admin.ts'
import { showMoney } from '../../state/money.ts'
import { pictureOf } from '../../state/shapes.ts'
import { createShop } from '../../state/shop.ts'
import { type AdminContext, asked, LIMIT, show } from './office.tsx'

type Answer = InferResponseType<Client['v1']['search']['$get'], 200>
type Item = Answer['items'][number]

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 3 })

const COLUMNS: readonly Column<Item & { place: number }>[] = [
  {
    name: 'Piece',
    cell: ({ place, slug, name, brand, images: [image] }) => (
      <span class="flex items-center gap-4">
        <span class="w-5 shrink-0 text-soft tabular-nums">{place}</span>
        {image && (
          <Picture picture={pictureOf(image)} sizes="3rem" decorative class="w-12 h-16 object-cover bg-sand shrink-0" />
        )}
        <span class="min-w-0">
          <span class="block text-xs text-soft">{brand.name}</span>
          <a href={`/p/${slug}`} class="quiet">
            {name}
          </a>
        </span>
      </span>
    ),
  },
  { name: 'Price', cell: ({ price }) => <span class="tabular-nums">{showMoney(price)}</span> },
  { name: 'Rule', cell: ({ pinned }) => pinned && <Badge tone="open">Pinned</Badge> },
  {
    name: 'Why it is here',
    cell: ({ name, explanation }) =>
      explanation && explanation.features.length > 0 && <Why of={name} explanation={explanation} />,
  },
]

type WhyProps = { of: string; explanation: NonNullable<Item['explanation']> }

function Why({ of, explanation: { score, features } }: WhyProps) {
  const told = features
    .filter(({ contribution }) => contribution !== 0)
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  return (
    <details>
      <summary class="underline underline-offset-4 min-h-6 tabular-nums">
        {`Score ${number.format(score)}`}
        <span class="sr-only"> of {of}</span>
      </summary>
      <table class="mt-2 text-sm">
        <thead>
          <tr class="text-soft text-left">
            <th class="font-normal pr-4">What</th>
            <th class="font-normal pr-4 text-right">Value</th>
            <th class="font-normal text-right">Adds</th>
          </tr>
        </thead>
        <tbody>
          {told.map(({ name, value, contribution }) => (
            <tr key={name}>
              <td class="pr-4">{name}</td>
              <td class="pr-4 text-right tabular-nums">{number.format(value)}</td>
              <td class="text-right tabular-nums">{number.format(contribution)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}

/** What a shopper finds who searches for this, and why each piece stands where it does. */
export async function drawTrial(c: AdminContext): Promise<Response> {
  const { view } = c.var
  const { q, category } = asked(c, ['q', 'category'])
  const { api } = view.desk
  const [categories, answer] = await Promise.all([
    createShop(api).categories(),
    q || category ? api.v1.search.$get({ query: { q, category, explain: 'true', limit: LIMIT } }) : undefined,
  ])
  const found = answer && (await read(answer, 'The search'))
  return show(
    c,
    <AdminPage view={view} title="Try a search" lead="As shoppers find it now, with the reasons that only staff see.">
      <Finder
        action="/admin/search/try"
        filters={[
          { name: 'q', label: 'Search', value: q, hint: 'what shoppers type' },
          {
            name: 'category',
            label: 'Category',
            value: category,
            all: 'All',
            options: categories.map(({ slug, name, department, parent }) => ({
              value: slug,
              label: parent === null ? name : `${name} (${department})`,
            })),
          },
        ]}
      />
      {found && (
        <>
          <p role="status" class="mb-4 text-soft">
            {summaryOf(found)}
          </p>
          <Table
            label="Results"
            columns={COLUMNS}
            rows={found.items.map((item, index) => Object.assign(item, { place: index + 1 }))}
            empty="Nothing is found."
          />
        </>
      )}
    </AdminPage>,
  )
}

const summaryOf = ({ total, correctedQuery, relaxed, items }: Answer): string =>
  [
    `${total} found${total > items.length ? `, the first ${items.length} are here` : ''}.`,
    correctedQuery && `Searched for “${correctedQuery}”.`,
    relaxed && 'Nothing has all of the words.',
  ]
    .filter(Boolean)
    .join(' ')
