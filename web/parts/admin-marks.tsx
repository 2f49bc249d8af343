import type { ComponentChildren } from 'preact'
import { momentText } from '../state/times.ts'

export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} class="whitespace-nowrap">
      {momentText(at)}
    </time>
  )
}

/** How something stands: `good` is done as it should be, `bad` went wrong or was called off, `open` waits for somebody. */
export type Tone = 'good' | 'bad' | 'open' | 'plain'

const TONES: Record<Tone, string> = {
  good: 'bg-accentpale text-accentdeep',
  bad: 'bg-alertpale text-alert',
  open: 'bg-ink text-paper',
  plain: 'bg-sand text-ink',
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`inline-block px-2 py-0.5 text-sm whitespace-nowrap ${TONES[tone]}`}>{children}</span>
}

type Fact = { name: string; value: ComponentChildren }

/** Names with their values; what has no value is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(({ value }) => value !== null && value !== undefined && value !== '')
  return (
    <dl class="text-[0.95rem] border-t border-line">
      {known.map(({ name, value }) => (
        <div
          key={name}
          class="grid grid-cols-[7.5rem_minmax(0,1fr)] sm:grid-cols-[11rem_minmax(0,1fr)] gap-3 py-2 border-b border-line"
        >
          <dt class="text-soft">{name}</dt>
          <dd class="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A part of a page under a heading of its own. */
export function Part({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section aria-labelledby={id} class="mt-10 first:mt-0">
      <h2 id={id} class="heading text-2xl mb-4">
        {title}
      </h2>
      {children}
    </section>
  )
}

/** Text as a machine wrote it: scrolls on its own, by keyboard too. */
export function Source({ label, text }: { label: string; text: string }) {
  return (
    <pre
      tabindex={0}
      role="region"
      aria-label={label}
      class="bg-sand p-4 text-sm overflow-auto max-h-[36rem] whitespace-pre-wrap break-words font-mono"
    >
      {text}
    </pre>
  )
}
