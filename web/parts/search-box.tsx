/**
 * A plain form that opens the results; the island `search-box` adds suggestions to it. On a small screen it is short beside
 * the links, and lies over them while it is used, so that nothing on the page moves.
 */
export function SearchBox({ searched = '' }: { searched?: string | undefined }) {
  return (
    <form
      id="search-box"
      action="/search"
      method="get"
      role="search"
      aria-label="The shop"
      class="flex items-stretch min-h-11 bg-card border border-edge focus-within:border-ink has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-solid has-[input:focus-visible]:outline-accent has-[input:focus-visible]:outline-offset-2 z-20 min-w-0 w-29 sm:max-md:w-64 max-md:focus-within:absolute max-md:focus-within:inset-x-0 max-md:focus-within:w-full md:relative md:w-full md:max-w-xs"
    >
      <label for="search" class="sr-only">
        Search the shop
      </label>
      <input
        id="search"
        name="q"
        type="search"
        value={searched}
        placeholder="Search"
        maxLength={120}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        enterkeyhint="search"
        class="grow min-w-0 pl-3 bg-transparent text-ink placeholder:text-soft text-base md:text-[0.95rem] outline-none"
      />
      <button aria-label="Search" class="shrink-0 grid place-items-center w-11 hover:text-accent cursor-pointer">
        <svg
          width="20"
          height="20"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          stroke-width="1.7"
          aria-hidden="true"
        >
          <circle cx="10.5" cy="10.5" r="6.5" />
          <path d="m15.5 15.5 5.5 5.5" />
        </svg>
      </button>
      <div
        id="suggestions"
        hidden
        class="contain-content absolute z-30 top-full left-0 right-0 md:left-auto md:w-[26rem] mt-1 max-h-[min(34rem,70dvh)] max-md:max-h-[56dvh] overflow-y-auto overscroll-contain bg-card border border-ink shadow-lg py-2"
      />
      <p id="suggested" role="status" class="sr-only" />
    </form>
  )
}
