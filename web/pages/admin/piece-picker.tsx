import { Picture } from '../../parts/picture.tsx'
import { showMoney } from '../../state/money.ts'
import { createShop, ShopError } from '../../state/shop.ts'
import type { Card } from '../../state/views.ts'
import type { AdminContext } from './office.tsx'
import { pieceIn } from './rule-form.ts'

/** What was looked for, and the pieces that match. */
export type Picking = { text: string; cards: Card[] }

const MOST = 12

/** Puts the pieces that are ticked behind those that are named already. */
export function withPicked(form: FormData): FormData {
  const lines = String(form.get('products') ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const named = new Set(lines.map(pieceIn))
  const picked = form.getAll('pick').map(String)
  form.set('products', [...lines, ...picked.filter((slug) => !named.has(slug))].join('\n'))
  return form
}

/** Undefined where the form was sent to be kept: by another button, or by Enter in another field. */
export async function findPieces(c: AdminContext, form: FormData): Promise<Picking | undefined> {
  const text = String(form.get('find') ?? '')
    .trim()
    .slice(0, 120)
  if (form.get('act') !== 'find' || text === '') return undefined
  try {
    const { cards } = await createShop(c.var.view.desk.api).find({ q: text, brand: [], colour: [], size: [] })
    return { text, cards: cards.slice(0, MOST) }
  } catch (error) {
    if (error instanceof ShopError && error.status === 400) return { text, cards: [] }
    throw error
  }
}

/** A search in the midst of a form: its button sends the form, which comes back with what matches, to be ticked. */
export function PiecePicker({ picking }: { picking: Picking | undefined }) {
  return (
    <fieldset id="picker" class="mt-6 border border-line bg-card p-4 sm:p-5 min-w-0">
      <legend class="px-2 text-[0.95rem] font-medium">Find pieces</legend>
      <label for="find" class="text-sm text-soft">
        By name, brand or whatever a shopper would type. What you tick goes behind the pieces above.
      </label>
      <div class="flex gap-2 mt-2">
        <input id="find" name="find" type="search" maxLength={120} autocomplete="off" class="field min-w-0" />
        <button name="act" value="find" class="outline shrink-0 px-5!">
          Find
        </button>
      </div>
      <div id="matches">
        <p
          id="matches-said"
          role="status"
          tabindex={-1}
          autofocus={picking !== undefined}
          class="mt-3 text-sm outline-none"
        >
          {picking && said(picking)}
        </p>
        {picking && picking.cards.length > 0 && (
          <ul class="mt-2 grid grid-cols-1 sm:grid-cols-2 gap-2">
            {picking.cards.map((card) => (
              <Match key={card.id} card={card} />
            ))}
          </ul>
        )}
      </div>
    </fieldset>
  )
}

const said = ({ text, cards }: Picking): string =>
  cards.length === 0
    ? `Nothing matches “${text}”.`
    : `${cards.length === MOST ? `The first ${MOST}` : cards.length} for “${text}”`

function Match({ card: { slug, name, brand, price, picture } }: { card: Card }) {
  return (
    <li>
      <label class="flex items-center gap-3 p-2 border border-line hover:border-ink has-checked:border-accent has-checked:bg-accentpale cursor-pointer">
        <input type="checkbox" name="pick" value={slug} class="w-5 h-5 shrink-0" />
        <span class="shrink-0 w-12 h-16 bg-sand overflow-hidden">
          {picture && <Picture picture={picture} sizes="3rem" decorative class="w-full h-full object-cover" />}
        </span>
        <span class="min-w-0 text-[0.95rem] leading-snug">
          <span class="block text-xs text-soft">{brand}</span>
          {name} <span class="block text-sm text-soft tabular-nums">{showMoney(price)}</span>
        </span>
      </label>
    </li>
  )
}
