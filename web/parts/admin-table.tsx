import type { ComponentChildren } from 'preact'

export type Column<T> = {
  name: string
  /** Nothing where there is nothing to say. */
  cell: (row: T) => ComponentChildren
  /** Figures stand at the right. */
  end?: boolean
}

type TableProps<T> = { label: string; columns: readonly Column<T>[]; rows: readonly T[]; empty: ComponentChildren }

/**
 * Rows under headings where there is room, and a list where there is not: each value beside its name. The roles are written
 * out because a browser forgets them once rows are no longer drawn as rows.
 */
export function Table<T>({ label, columns, rows, empty }: TableProps<T>) {
  if (rows.length === 0) return <div class="border-y border-line py-10 text-soft">{empty}</div>
  const [first, ...others] = columns
  return (
    <table role="table" aria-label={label} class="w-full text-[0.95rem] border-t border-line max-md:block">
      <thead role="rowgroup" class="max-md:sr-only">
        <tr role="row" class="border-b border-ink">
          {columns.map(({ name, end }) => (
            <th
              key={name}
              role="columnheader"
              scope="col"
              class={`font-medium py-2.5 pr-5 last:pr-0 ${end ? 'text-right' : 'text-left'}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" class="max-md:block">
        {rows.map((row, index) => (
          <tr key={index} role="row" class="border-b border-line max-md:block max-md:py-3">
            <th
              role="rowheader"
              scope="row"
              class="font-normal text-left py-2 pr-5 align-baseline max-md:block max-md:p-0"
            >
              {first?.cell(row)}
            </th>
            {others.map((column) => (
              <Cell key={column.name} column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<T>({ column: { name, cell, end }, row }: { column: Column<T>; row: T }) {
  const value = cell(row)
  const nothing = value === null || value === undefined || value === false || value === ''
  return (
    <td
      role="cell"
      class={`py-2 pr-5 last:pr-0 align-baseline max-md:p-0 max-md:pt-1 ${
        nothing ? 'max-md:hidden' : 'max-md:grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3 items-baseline'
      } ${end ? 'md:text-right tabular-nums' : ''}`}
    >
      <span aria-hidden="true" class="md:hidden text-soft text-sm">
        {name}
      </span>
      <div class="min-w-0">{nothing ? <span class="text-soft">–</span> : value}</div>
    </td>
  )
}
