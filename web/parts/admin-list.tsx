type Filter = { name: string; label: string; value: string | undefined } & (
  | { options: readonly { value: string; label: string }[]; all?: string }
  | { hint: string }
)

type FinderProps = { action: string; filters: readonly Filter[] }

/** A plain GET form: the address of a list says what is in it. */
export function Finder({ action, filters }: FinderProps) {
  const isOn = filters.some(({ value }) => value)
  return (
    <form action={action} method="get" role="search" class="mb-6 flex flex-wrap items-end gap-x-4 gap-y-3">
      {filters.map((filter) => (
        <FilterField key={filter.name} filter={filter} />
      ))}
      <button class="outline min-h-11! px-5! py-2!">Find</button>
      {isOn && (
        <a href={action} class="quiet text-sm">
          Clear
        </a>
      )}
    </form>
  )
}

function FilterField({ filter }: { filter: Filter }) {
  const { name, label, value } = filter
  const id = `find-${name}`
  return (
    <div class={'options' in filter ? 'max-sm:w-full' : 'grow max-w-sm max-sm:w-full'}>
      <label for={id} class="block text-sm text-soft mb-1">
        {label}
      </label>
      {'options' in filter ? (
        <select id={id} name={name} class="field pr-8">
          {filter.all !== undefined && <option value="">{filter.all}</option>}
          {filter.options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          name={name}
          type="search"
          value={value}
          placeholder={filter.hint}
          maxLength={254}
          autocomplete="off"
          class="field"
        />
      )}
    </div>
  )
}

type PagerProps = { path: string; query: Record<string, string | undefined>; nextCursor: string | null }

/** On to older entries, and back to the newest; lists have no numbered pages, as they grow while they are read. */
export function Pager({ path, query, nextCursor }: PagerProps) {
  const { cursor, ...filters } = query
  if (!cursor && !nextCursor) return null
  return (
    <nav aria-label="Pages" class="mt-6 flex flex-wrap gap-x-6">
      {cursor && (
        <a href={address(path, filters)} class="quiet">
          Back to the first page
        </a>
      )}
      {nextCursor && (
        <a href={address(path, { ...filters, cursor: nextCursor })} class="quiet">
          Next page
        </a>
      )}
    </nav>
  )
}

function address(path: string, query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))
  const text = new URLSearchParams(given).toString()
  return path + (text && `?${text}`)
}
