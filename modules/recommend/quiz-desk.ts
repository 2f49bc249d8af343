import type { Catalog, ProductCard } from '../catalog/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Profile } from '../profile/index.ts'
import type { createAskers, Who } from './asker.ts'
import type { Keeper } from './keeper.ts'
import { familyOf } from './pure/item.ts'
import { type Asked, askAgain, describeAnswers, MOST_QUESTIONS, nextQuestion } from './pure/quiz.ts'
import type { Shelf } from './pure/shelf.ts'
import { type Answers, writeAnswers } from './pure/taste.ts'
import type { Quiz, QuizAnswer, QuizQuery } from './schema.ts'

type Needs = {
  catalog: Pick<Catalog, 'findCards'>
  keeper: Pick<Keeper, 'current'>
  askers: ReturnType<typeof createAskers>
  profile: Pick<Profile, 'getPreferences' | 'putPreferences'>
}

type QuizImage = NonNullable<Quiz['question']>['options'][number]['image']

/** In the colour that the option is about, where it is about one. */
function pictureOf(card: ProductCard | undefined, question: string, option: string): QuizImage {
  const slug = card?.colours.find(({ hex }) => question === 'colour' && familyOf(hex) === option)?.slug
  return card?.images.find(({ colour }) => slug !== undefined && colour === slug) ?? card?.images[0] ?? null
}

/** The style quiz. Of a guest nothing is kept: the answers come with each question and go back with it. */
export function createQuizDesk({ catalog, keeper, askers, profile }: Needs) {
  async function show(shelf: Shelf, answers: Answers, asked: Asked | undefined): Promise<Quiz> {
    const idOf = (place: number | undefined) => (place === undefined ? undefined : shelf.items[place]?.id)
    const cards = await catalog.findCards((asked?.options ?? []).flatMap(({ place }) => idOf(place) ?? []))
    const answered = Object.keys(answers).length
    const question = asked && {
      id: asked.question.id,
      text: asked.question.text,
      kind: asked.question.kind,
      chosen: [...(answers[asked.question.id] ?? [])],
      options: asked.options.map(({ id, label, hex, place }) => ({
        id,
        label,
        hex,
        image: pictureOf(cards.get(idOf(place) ?? ''), asked.question.id, id),
      })),
    }
    return {
      answers: writeAnswers(answers),
      question: question ?? null,
      progress: { answered, of: question ? Math.max(answered + 1, MOST_QUESTIONS) : answered },
      given: describeAnswers(shelf, answers),
    }
  }

  async function keep(userId: string, quiz: Answers): Promise<void> {
    const stored = await profile.getPreferences(userId)
    const plain = Object.fromEntries(Object.entries(quiz).map(([id, options]) => [id, [...options]]))
    await profile.putPreferences(userId, { ...stored, quiz: plain })
  }

  return {
    /** The question that was named, else the one that tells most. */
    async quiz(who: Who, { answers: said, question }: QuizQuery): Promise<Quiz> {
      const { shelf } = await keeper.current()
      const { answers } = await askers.preferencesOf(who, said)
      const asked = question === undefined ? nextQuestion(shelf, answers) : askAgain(shelf, answers, question)
      return show(shelf, answers, asked)
    },

    /** Counts at once; of who is signed in it is kept, sealed with their preferences. Throws invalid. */
    async answer(who: Who, { questionId, optionIds, answers: said }: QuizAnswer): Promise<Quiz> {
      const { shelf } = await keeper.current()
      const { answers: before } = await askers.preferencesOf(who, said)
      const asked = askAgain(shelf, before, questionId)
      if (!asked) throw new AppError('invalid', `There is no question ${questionId}`)
      const unknown = optionIds.find((id) => !asked.options.some((option) => option.id === id))
      if (unknown !== undefined) throw new AppError('invalid', `${questionId} has no option ${unknown}`)
      if (asked.question.kind === 'one' && optionIds.length > 1)
        throw new AppError('invalid', `${questionId} takes one option`)
      const answers = { ...before, [questionId]: [...new Set(optionIds)] }
      if (who.actor) await keep(who.actor.userId, answers)
      return show(shelf, answers, nextQuestion(shelf, answers))
    },

    forgetAnswers: (actor: Actor): Promise<void> => keep(actor.userId, {}),
  }
}
