import type { Catalog, ProductCard } from '../catalog/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Quiz, QuizAnswer, QuizQuery, Reason, Recommendations, RecommendationsQuery, Vectors } from './schema.ts'

export type Recommend = ReturnType<typeof createRecommend>

/** Who asks; `consents` are those that a guest's browser says it gave. */
export type Who = { actor?: Actor; visitor?: string; consents?: string[] }

type Needs = { catalog: Pick<Catalog, 'listProducts' | 'findCards' | 'listCategories'> }

const NEW: Reason = { kind: 'new', text: 'New in' }

export function createRecommend({ catalog }: Needs) {
  const listed = (cards: ProductCard[], reason: Reason): Recommendations => ({
    items: cards.map((product, place) => ({ product, reason, score: 1 / (1 + place) })),
    model: 'none',
  })

  const newest = async (limit: number) => listed((await catalog.listProducts({ sort: 'newest', limit })).items, NEW)

  async function cardOf(id: string): Promise<ProductCard> {
    const card = (await catalog.findCards([id])).get(id)
    if (!card) throw new AppError('not_found', `No product ${id}`)
    return card
  }

  return {
    forYou: (_who: Who, { limit }: RecommendationsQuery) => newest(limit),

    async similarTo(id: string, limit: number): Promise<Recommendations> {
      const { category, name } = await cardOf(id)
      const { items } = await catalog.listProducts({ sort: 'newest', category: category.slug, limit: limit + 1 })
      const others = items.filter((item) => item.id !== id).slice(0, limit)
      return listed(others, { kind: 'similar', text: `Similar to ${name}`, productId: id })
    },

    async complete(id: string, limit: number): Promise<Recommendations> {
      const { category, name } = await cardOf(id)
      const { items } = await catalog.listProducts({ sort: 'newest', limit: 60 })
      const others = items.filter((item) => item.category.slug !== category.slug).slice(0, limit)
      return listed(others, { kind: 'completes', text: `Completes ${name}`, productId: id })
    },

    trending: newest,
    featured: newest,
    recentlyViewed: async (_who: Who, _limit: number): Promise<Recommendations> => listed([], NEW),
    quiz: async (_who: Who, { answers = '' }: QuizQuery): Promise<Quiz> => ({
      answers,
      question: null,
      progress: { answered: 0, of: 0 },
      given: [],
    }),
    answer: async (_who: Who, { answers = '' }: QuizAnswer): Promise<Quiz> => ({
      answers,
      question: null,
      progress: { answered: 0, of: 0 },
      given: [],
    }),
    async forgetAnswers(_actor: Actor): Promise<void> {},
    async currentVectors(): Promise<Vectors> {
      throw new AppError('not_found', 'There are no vectors yet')
    },
    async readVectors(version: string): Promise<Uint8Array> {
      throw new AppError('not_found', `No vectors ${version}`)
    },
  }
}
