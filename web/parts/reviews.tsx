import type { FormState } from '../state/forms.ts'
import type { OwnReview, Review } from '../state/reviews.ts'
import type { ReviewSummary } from '../state/views.ts'
import { FieldNote } from './form.tsx'

const STAR = 'M10 1.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L1.6 7.7l5.8-.8z'

/** `rating` of five stars, to the half. */
export function Stars({ rating }: { rating: number }) {
  return (
    <span class="inline-flex items-center gap-0.5 align-[-0.15em]">
      <span class="sr-only">{Math.round(rating * 10) / 10} out of 5 stars</span>
      {[1, 2, 3, 4, 5].map((place) => (
        <svg key={place} width="16" height="16" viewBox="0 0 20 20" aria-hidden="true">
          <path d={STAR} fill={rating >= place - 0.25 ? '#20493f' : 'none'} stroke="#20493f" stroke-width="1.4" />
        </svg>
      ))}
    </span>
  )
}

const FITS = { small: 'Small', true: 'True to size', large: 'Large' }
type Fit = keyof typeof FITS

/** What wearers say in sum. */
export function Summary({ summary: { count, rating, fit } }: { summary: ReviewSummary }) {
  if (count === 0 || rating === null) return <p class="text-soft">Nobody has said anything about it yet.</p>
  const said = fit.small + fit.true + fit.large
  return (
    <div class="flex flex-wrap gap-x-12 gap-y-5 items-center">
      <p>
        <span class="font-display text-5xl mr-3">{rating.toFixed(1)}</span>
        <Stars rating={rating} />
        <span class="block text-sm text-soft mt-1">{count === 1 ? 'from one review' : `from ${count} reviews`}</span>
      </p>
      {said > 0 && (
        <dl class="grid grid-cols-[auto_8rem_auto] gap-x-4 gap-y-1 items-center text-[0.95rem]">
          {(Object.keys(FITS) as Fit[]).map((name) => (
            <div key={name} class="contents">
              <dt>{FITS[name]}</dt>
              <dd class="contents">
                <progress value={fit[name]} max={said} aria-label={FITS[name]} class="h-1.5!" />
                <span class="tabular-nums text-soft">{Math.round((100 * fit[name]) / said)}%</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  )
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

export function ReviewList({ reviews, back }: { reviews: Review[]; back: string }) {
  return (
    <ul class="divide-y divide-line border-y border-line">
      {reviews.map((review) => (
        <li key={review.id} id={`review-${review.id}`} class="py-6">
          <p class="flex flex-wrap items-center gap-x-4">
            <Stars rating={review.rating} />
            {review.fit && <span class="text-sm text-soft">Fit: {FITS[review.fit].toLowerCase()}</span>}
          </p>
          {review.text && <p class="mt-2 whitespace-pre-line max-w-2xl">{review.text}</p>}
          <Photos review={review} />
          <div class="mt-2 flex flex-wrap items-center gap-x-6 text-sm text-soft">
            <p>
              {review.author ?? 'A customer'},{' '}
              <time dateTime={review.createdAt}>{day.format(new Date(review.createdAt))}</time>
              {review.verified && ' · bought it here'}
            </p>
            <form method="post" action={`/reviews/${review.id}/helpful`}>
              <input type="hidden" name="back" value={back} />
              <button class="quiet">
                Helpful{review.helpful > 0 && ` (${review.helpful})`}
                <span class="sr-only">: the review by {review.author ?? 'a customer'}</span>
              </button>
            </form>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Photos({ review: { photos } }: { review: Pick<Review, 'photos'> }) {
  if (photos.length === 0) return null
  return (
    <ul class="mt-3 flex flex-wrap gap-2">
      {photos.map(({ key, url, width, height }, index) => (
        <li key={key}>
          <a href={`${url}/960.jpg`} class="block w-24 h-32 bg-sand">
            <img
              src={`${url}/320.jpg`}
              alt={`Photo ${index + 1} by the reviewer`}
              width={width}
              height={height}
              loading="lazy"
              class="w-full h-full object-cover"
            />
          </a>
        </li>
      ))}
    </ul>
  )
}

type ReviewFormProps = { slug: string; own: OwnReview | undefined; state: FormState }

const STANDS = {
  pending: 'It is being looked at, and appears here when that is done.',
  approved: 'It is shown here. A change is looked at again first.',
  rejected: 'It was not accepted.',
}

/** Writes a review, or anew the one there is. */
export function ReviewForm({ slug, own, state }: ReviewFormProps) {
  const kept = { ...valuesOf(own), ...state.values }
  return (
    <form
      method="post"
      action={`/p/${slug}/reviews`}
      enctype="multipart/form-data"
      class="grid gap-6 max-w-xl"
      novalidate
      aria-label="Your review"
    >
      {own && (
        <p class="text-soft">
          You have reviewed it. {STANDS[own.status]} {own.reason}
        </p>
      )}
      <fieldset aria-describedby={state.errors['rating'] ? 'rating-error' : undefined}>
        <legend class="font-medium text-[0.95rem]">How do you like it?</legend>
        <FieldNote name="rating" error={state.errors['rating']} />
        <div class="flex flex-wrap gap-2 mt-2">
          {[1, 2, 3, 4, 5].map((stars) => (
            <label key={stars} class="choice">
              <input
                type="radio"
                id={stars === 1 ? 'rating' : undefined}
                name="rating"
                value={stars}
                checked={kept['rating'] === String(stars)}
              />
              <span class="face">
                {stars}
                <span class="sr-only">{stars === 1 ? ' star' : ' stars'}</span>
                <span aria-hidden="true">&nbsp;★</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend class="font-medium text-[0.95rem]">
          How does it fall? <span class="font-normal text-soft">(optional)</span>
        </legend>
        <div class="flex flex-wrap gap-2 mt-2">
          {Object.entries(FITS).map(([value, label]) => (
            <label key={value} class="choice">
              <input type="radio" name="fit" value={value} checked={kept['fit'] === value} />
              <span class="face">{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Texts kept={kept} state={state} />
      <Pictures own={own} error={state.errors['photos']} />
      <button class="solid justify-self-start">{own ? 'Send it anew' : 'Send the review'}</button>
    </form>
  )
}

const valuesOf = (own: OwnReview | undefined): Record<string, string> =>
  own ? { rating: String(own.rating), fit: own.fit ?? '', text: own.text, author: own.author ?? '' } : {}

function Texts({ kept, state }: { kept: Record<string, string>; state: FormState }) {
  return (
    <>
      <div>
        <label for="text" class="block font-medium text-[0.95rem]">
          What would you tell a friend? <span class="font-normal text-soft">(optional)</span>
        </label>
        <textarea id="text" name="text" rows={5} maxLength={4000} class="field mt-2" value={kept['text']} />
      </div>
      <div>
        <label for="author" class="block font-medium text-[0.95rem]">
          Name to show <span class="font-normal text-soft">(optional)</span>
        </label>
        <FieldNote name="author" error={state.errors['author']} />
        <input
          id="author"
          name="author"
          maxLength={60}
          autocomplete="nickname"
          class="field mt-2"
          value={kept['author']}
        />
      </div>
    </>
  )
}

function Pictures({ own, error }: { own: OwnReview | undefined; error: string | undefined }) {
  return (
    <div>
      {own?.photos.map(({ key, url }, index) => (
        <label key={key} class="flex items-center gap-3 min-h-11">
          <input type="checkbox" name="keep" value={key} checked class="w-5 h-5" />
          <img src={`${url}/160.jpg`} alt="" width={36} height={48} class="w-9 h-12 object-cover bg-sand" />
          Keep photo {index + 1}
        </label>
      ))}
      <label for="photos" class="block font-medium text-[0.95rem]">
        Photos <span class="font-normal text-soft">(optional, 4 at most)</span>
      </label>
      <p id="photos-hint" class="text-sm text-soft mt-1">
        They are shown to everyone beside your review.
      </p>
      <FieldNote name="photos" error={error} />
      <input
        id="photos"
        type="file"
        name="photos"
        accept="image/*"
        multiple
        aria-describedby={error ? 'photos-error photos-hint' : 'photos-hint'}
        class="mt-2 w-full text-sm text-soft border border-dashed border-edge p-3 bg-card file:bg-ink file:text-paper file:px-4 file:min-h-11 file:mr-4 file:cursor-pointer cursor-pointer"
      />
    </div>
  )
}
