/**
 * Asks once, at the foot of the window and out of the way. It lies at the end of the page rather than over it, so nothing
 * stays hidden behind it, and both answers weigh the same.
 */
export function ConsentNotice({ back }: { back: string }) {
  return (
    <aside aria-label="Your choice" data-consent class="consent border-t border-line bg-card">
      <form
        method="post"
        action="/consent"
        class="wrap flex flex-wrap items-center justify-between gap-x-8 gap-y-3 py-3 sm:py-4"
      >
        <input type="hidden" name="back" value={back} />
        <p class="text-sm max-w-3xl grow basis-96">
          May the shop learn from what you look at, to pick what suits you? Nothing is noted unless you say yes.{' '}
          <a href="/your-data" class="underline underline-offset-4">
            Choose one by one
          </a>
        </p>
        <div class="grid grid-cols-2 gap-2 max-sm:w-full sm:w-64">
          <button name="answer" value="no" class="outline min-h-11! px-4!">
            No
          </button>
          <button name="answer" value="yes" class="outline min-h-11! px-4!">
            Yes
          </button>
        </div>
      </form>
    </aside>
  )
}
