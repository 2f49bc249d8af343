import type { InferResponseType } from 'hono/client'
import { readAnswers } from '../../modules/recommend/pure/taste.ts'
import type { Client } from '../../openapi/client.ts'
import { type Problem, problemOf } from './forms.ts'
import { keepQuizAnswers, quizAnswers } from './picks.ts'
import { ShopError } from './shop.ts'
import type { Visit } from './visit.ts'

export type Quiz = InferResponseType<Client['v1']['quiz']['$get'], 200>
export type Question = NonNullable<Quiz['question']>

/** What a guest answered so far goes along; of who is signed in the account knows it. */
const soFar = (visit: Visit): { answers?: string } => {
  const answers = visit.hasSession ? '' : quizAnswers(visit)
  return answers ? { answers } : {}
}

/** The question to ask next, or `question` once more. */
export async function askQuiz(visit: Visit, question?: string): Promise<Quiz> {
  const query = { ...soFar(visit), ...(question && { question }) }
  const answer = await visit.api.v1.quiz.$get({ query })
  if (!answer.ok) throw new ShopError(answer.status, 'The quiz')
  return answer.json()
}

/** No options: the question is passed over. A guest's own browser keeps what came of it. */
export async function answerQuiz(
  visit: Visit,
  { questionId, optionIds }: { questionId: string; optionIds: string[] },
): Promise<{ ok: true; quiz: Quiz } | { ok: false; problem: Problem }> {
  const answer = await visit.api.v1.quiz.answers.$post({ json: { questionId, optionIds, ...soFar(visit) } })
  if (!answer.ok) return { ok: false, problem: await problemOf(answer) }
  const quiz = await answer.json()
  if (!visit.hasSession) keepQuizAnswers(visit, quiz.answers)
  return { ok: true, quiz }
}

export async function forgetQuiz(visit: Visit): Promise<void> {
  keepQuizAnswers(visit, '')
  if (visit.hasSession) await visit.api.v1.quiz.answers.$delete()
}

/** After signing in: what was answered as a guest is the account's, unless it has answers of its own. */
export async function bringQuiz(visit: Visit): Promise<void> {
  const answers = quizAnswers(visit)
  if (!answers) return
  const { given } = await askQuiz(visit)
  if (given.length === 0)
    for (const [questionId, optionIds] of Object.entries(readAnswers(answers)))
      await visit.api.v1.quiz.answers.$post({ json: { questionId, optionIds: [...optionIds] } })
  keepQuizAnswers(visit, '')
}
