import { type Context, Hono } from 'hono'
import { type Frame, Layout } from '../parts/layout.tsx'
import { News } from '../parts/form.tsx'
import { ProductCard } from '../parts/product-card.tsx'
import { GivenAnswers, QuestionForm, QuizProgress } from '../parts/quiz.tsx'
import { listForYou, type Pick } from '../state/picks.ts'
import { answerQuiz, askQuiz, forgetQuiz, type Question, type Quiz } from '../state/quiz.ts'
import { goTo, sendPrivate, type Site } from './site.tsx'

const PICKS = '/quiz/picks'
const UNCHOSEN = 'Choose at least one, or skip this question.'

/** The style quiz, one question a page, and what the shop picks by it. */
export function quizPages(site: Site) {
  const pages = new Hono()
  const ask = async (c: Context, asked: { question?: string | undefined; error?: string | undefined }) => {
    const quiz = await askQuiz(site.visit(c), asked.question)
    const { question } = quiz
    if (!question) return goTo(c, PICKS)
    // One question at a time: the shop's own can wait.
    const frame = { ...(await site.frame(c)), asks: false }
    const page = <QuizPage frame={frame} quiz={quiz} question={question} error={asked.error} />
    return sendPrivate(c, page, asked.error ? 422 : 200)
  }
  pages.get('/quiz', (c) => ask(c, { question: c.req.query('question') }))
  pages.post('/quiz', async (c) => {
    const form = await c.req.formData()
    const questionId = String(form.get('questionId') ?? '')
    const optionIds = form.get('skip') ? [] : form.getAll('option').map(String)
    if (!form.get('skip') && optionIds.length === 0) return ask(c, { question: questionId, error: UNCHOSEN })
    const outcome = await answerQuiz(site.visit(c), { questionId, optionIds })
    // What the quiz does not know any more was answered on a page of long ago: it goes on from where it is.
    return goTo(c, outcome.ok && !outcome.quiz.question ? PICKS : '/quiz')
  })
  pages.get(PICKS, async (c) => {
    const visit = site.visit(c)
    const quiz = await askQuiz(visit)
    if (quiz.given.length === 0 && quiz.question) return goTo(c, '/quiz')
    const [frame, picks] = await Promise.all([site.frame(c), listForYou(visit, { limit: 12 })])
    return sendPrivate(c, <PicksPage frame={frame} quiz={quiz} picks={picks} hasSession={visit.hasSession} />)
  })
  pages.post('/quiz/forget', async (c) => {
    await forgetQuiz(site.visit(c))
    return goTo(c, '/quiz')
  })
  return pages
}

type QuizPageProps = { frame: Frame; quiz: Quiz; question: Question; error?: string | undefined }

function QuizPage({ frame, quiz: { given, progress }, question, error }: QuizPageProps) {
  const at = given.findIndex(({ questionId }) => questionId === question.id)
  const previous = given.at(at < 0 ? -1 : at - 1)
  const back = previous && at !== 0 ? `/quiz?question=${previous.questionId}` : undefined
  return (
    <Layout frame={frame} title={`${question.text} · Style quiz · EshoTry`} unlisted>
      <div class="wrap py-8 sm:py-14">
        <QuizProgress {...progress} answered={at < 0 ? progress.answered : at} />
        <QuestionForm question={question} error={error} back={back} />
        {given.length > 0 && (
          <p class="mt-10">
            <a href={PICKS} class="quiet">
              Enough questions: show me what you picked
            </a>
          </p>
        )}
      </div>
    </Layout>
  )
}

type PicksPageProps = { frame: Frame; quiz: Quiz; picks: Pick[]; hasSession: boolean }

function PicksPage({ frame, quiz: { given, question }, picks, hasSession }: PicksPageProps) {
  return (
    <Layout frame={frame} title="Picked for you · EshoTry" unlisted>
      <div class="wrap py-10 sm:py-16">
        <h1 class="heading text-4xl sm:text-6xl">Picked for you</h1>
        <p class="mt-3 max-w-xl text-soft">By what you told us. Under each piece stands what spoke for it most.</p>
        {picks.length > 0 ? (
          <>
            <h2 class="sr-only">Products</h2>
            <ul class="mt-8 sm:mt-12 grid grid-cols-2 md:grid-cols-3 xl:grid-cols-4 gap-x-3 sm:gap-x-6 gap-y-10 sm:gap-y-14">
              {picks.map(({ card, reason }, index) => (
                <li key={card.id}>
                  <ProductCard card={card} first={index < 4} position={index} reason={reason.text} />
                </li>
              ))}
            </ul>
          </>
        ) : (
          <div class="mt-8">
            <News>Nothing that is in stock fits all of that. Change an answer below, and more will come.</News>
          </div>
        )}
        <section class="mt-16 sm:mt-24" aria-labelledby="answers">
          <h2 id="answers" class="heading text-2xl sm:text-3xl mb-5">
            What you told us
          </h2>
          <GivenAnswers given={given} />
          <div class="mt-6 flex flex-wrap items-center gap-x-6 gap-y-3">
            {question && (
              <a href="/quiz" class="outline">
                Answer more questions
              </a>
            )}
            <form method="post" action="/quiz/forget">
              <button class="quiet">Forget my answers</button>
            </form>
          </div>
          <p class="mt-4 text-sm text-soft max-w-2xl">
            {hasSession ? (
              'Your answers are kept with your account.'
            ) : (
              <>
                Your answers are kept in this browser alone.{' '}
                <a href={`/login?next=${encodeURIComponent(PICKS)}`} class="underline underline-offset-4">
                  Sign in
                </a>{' '}
                to keep them with your account.
              </>
            )}
          </p>
        </section>
      </div>
    </Layout>
  )
}
