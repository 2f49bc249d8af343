import type { SizeTable as SizeTableView } from '../state/views.ts'

/** Garment measures by size. Scrolls on its own on a narrow screen, by keyboard too. */
export function SizeTable({ table }: { table: SizeTableView }) {
  return (
    <>
      <p class="text-sm text-soft pb-3" id="size-note">
        The finished garment in centimetres. Chest, waist, hip, thigh and hem are measured all the way round.
      </p>
      <div class="overflow-x-auto" tabindex={0} role="region" aria-label="Size table">
        <table class="w-full text-[0.95rem] tabular-nums" aria-describedby="size-note">
          <thead>
            <tr class="border-b border-ink">
              <th scope="col" class="text-left font-medium py-2 pr-4">
                Size
              </th>
              {table.zones.map(({ name }) => (
                <th key={name} scope="col" class="text-right font-medium py-2 pl-4">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.sizes.map((size, row) => (
              <tr key={size} class="border-b border-line">
                <th scope="row" class="text-left font-medium py-2 pr-4">
                  {size}
                </th>
                {table.zones.map(({ name, cm }) => (
                  <td key={name} class="text-right py-2 pl-4">
                    {cm[row] ?? '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
