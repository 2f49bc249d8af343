import { pictureOf } from '../state/shapes.ts'
import type { Question, Quiz } from '../state/quiz.ts'
import { FieldNote } from './form.tsx'
import { Picture } from './picture.tsx'
import { Dot } from './swatch.tsx'

type QuestionFormProps = { question: Question; error?: string | undefined; back?: string | undefined }

/** One question as a plain form of radio buttons or checkboxes, most of them with a picture. */
export function QuestionForm({ question: { id, text, kind, options, chosen }, error, back }: QuestionFormProps) {
  const pictured = options.some(({ image }) => image !== null)
  return (
    <form method="post" action="/quiz">
      <input type="hidden" name="questionId" value={id} />
      <fieldset aria-describedby={error ? 'option-error' : undefined}>
        <legend class="w-full">
          <h1 class="heading text-4xl sm:text-6xl">{text}</h1>
        </legend>
        <p class="mt-3 text-soft">{kind === 'one' ? 'Choose one.' : 'Choose as many as you like.'}</p>
        <div class="mt-2">
          <FieldNote name="option" error={error} />
        </div>
        <div class={`mt-6 sm:mt-8 ${pictured ? 'pictured' : 'worded'}`}>
          {options.map((option) => (
            <label key={option.id} class="option">
              <input
                type={kind === 'one' ? 'radio' : 'checkbox'}
                name="option"
                value={option.id}
                checked={chosen.includes(option.id)}
              />
              <span class="face">
                {option.image && (
                  <span class="block aspect-3/4 overflow-hidden bg-sand">
                    <Picture
                      picture={pictureOf(option.image)}
                      sizes="(min-width: 64rem) 16rem, 50vw"
                      decorative
                      first
                      class="w-full h-full object-cover"
                    />
                  </span>
                )}
                <span class="flex items-center gap-3 min-h-12 px-3 py-2">
                  {option.hex && <Dot hex={option.hex} size={24} />}
                  <span class="grow">{option.label}</span>
                  <svg class="tick" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
                    <path d="M3 9.5 7.2 14 15 4.5" fill="none" stroke="currentColor" stroke-width="2" />
                  </svg>
                </span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div class="mt-8 flex flex-wrap items-center gap-x-6 gap-y-3">
        <button class="solid">Next</button>
        <button name="skip" value="yes" class="outline">
          Skip this one
        </button>
        {back && (
          <a href={back} class="quiet">
            Back
          </a>
        )}
      </div>
    </form>
  )
}

export function QuizProgress({ answered, of }: Quiz['progress']) {
  const number = Math.min(answered + 1, of)
  return (
    <div class="max-w-md mb-8 sm:mb-10">
      <p id="quiz-progress" class="label text-soft mb-3">
        Question {number} of {of}
      </p>
      <progress aria-labelledby="quiz-progress" value={number} max={Math.max(of, 1)} />
    </div>
  )
}

/** What was answered; each can be asked once more. */
export function GivenAnswers({ given }: Pick<Quiz, 'given'>) {
  return (
    <dl class="border-t border-line max-w-2xl">
      {given.map(({ questionId, text, labels }) => (
        <div key={questionId} class="grid grid-cols-[1fr_auto] gap-x-6 py-3 border-b border-line">
          <dt class="text-sm text-soft">{text}</dt>
          <dd class="col-start-1">{labels.length > 0 ? labels.join(', ') : 'Passed over'}</dd>
          <dd class="col-start-2 row-start-1 row-span-2 self-center">
            <a href={`/quiz?question=${questionId}`} class="quiet text-sm" aria-label={`Change: ${text}`}>
              Change
            </a>
          </dd>
        </div>
      ))}
    </dl>
  )
}
