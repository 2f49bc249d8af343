import type { ComponentChildren } from 'preact'
import { type Frame, Layout } from '../parts/layout.tsx'

export type Notice = { title: string; code: string; text: string }

/** `again` is where what went wrong can be tried once more. */
type NoticeProps = Notice & { frame: Frame; again?: string | undefined }

/** A page that says what went wrong and where to go from here. */
export function NoticePage({ frame, title, code, text, again }: NoticeProps) {
  return (
    <Layout frame={frame} title={`${title} · EshoTry`}>
      <div class="wrap py-20 sm:py-32 max-w-3xl!">
        <p class="label text-soft">{code}</p>
        <h1 class="heading text-4xl sm:text-6xl mt-4">{title}</h1>
        <p class="mt-6 text-lg text-soft">{text}</p>
        <div class="mt-10 flex flex-wrap gap-3">
          {again && (
            <a href={again} class="solid">
              Try again
            </a>
          )}
          <a href="/" class={again ? 'outline' : 'solid'}>
            To the home page
          </a>
          <a href="/women" class="outline">
            Shop women
          </a>
          <a href="/men" class="outline">
            Shop men
          </a>
        </div>
      </div>
    </Layout>
  )
}

export function PrivacyPage({ frame }: { frame: Frame }) {
  return (
    <Layout
      frame={frame}
      title="What happens to my photo · EshoTry"
      description="Where a try-on photo goes, how long it exists, and who decides whether anything is kept."
    >
      <article class="wrap py-12 sm:py-20 max-w-3xl!">
        <h1 class="heading text-4xl sm:text-6xl">What happens to my photo</h1>
        <p class="mt-6 text-lg text-soft">
          The short version: it is looked at once, to make your picture, and then it is gone.
        </p>
        <Question title="Where does it go?">
          To this shop’s own server, over the connection this page came through. No other company receives it. If your
          browser can, it first makes the picture smaller and drops what a camera hides in the file, such as the place
          where it was taken.
        </Question>
        <Question title="How long does it exist there?">
          For the seconds the picture takes. The photo is worked on in memory and forgotten when the answer is sent. It
          is written to no disk and no database, and it trains nothing.
        </Question>
        <Question title="What does “Save” do?">
          It keeps the finished picture on your own device, in this browser, under{' '}
          <a href="/looks" class="underline underline-offset-4">
            My looks
          </a>
          . You can delete it there at any time, and clearing the browser’s data deletes it too. We cannot see that
          list.
        </Question>
        <Question title="What does “Discard” do?">
          It makes this page forget your photo and every picture made from it. Closing the page does the same.
        </Question>
        <Question title="And your height?">
          It is used to work out the scale of your photo, so that a size falls where it would. It is sent with the photo
          and forgotten with it.
        </Question>
        <Question title="What if I would rather not?">
          Every page, size chart and measurement in this shop works without a photo.
        </Question>
      </article>
    </Layout>
  )
}

function Question({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="mt-10">
      <h2 class="font-display text-2xl">{title}</h2>
      <p class="mt-2">{children}</p>
    </section>
  )
}
