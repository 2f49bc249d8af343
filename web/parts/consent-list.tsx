type ConsentListProps<P extends string> = {
  purposes: readonly P[]
  words: Readonly<Record<P, { title: string; text: string }>>
  granted: readonly P[]
}

/** Boxes of what may be allowed, each with what it means; those ticked are sent as `granted`. */
export function ConsentList<P extends string>({ purposes, words, granted }: ConsentListProps<P>) {
  return (
    <ul class="border border-edge bg-card divide-y divide-line">
      {purposes.map((purpose) => (
        <li key={purpose}>
          <label class="flex items-center gap-4 px-4 py-3 cursor-pointer hover:bg-sand">
            <input
              type="checkbox"
              name="granted"
              value={purpose}
              checked={granted.includes(purpose)}
              class="w-5 h-5 shrink-0"
            />
            <span>
              {words[purpose].title}
              <span class="block text-sm text-soft">{words[purpose].text}</span>
            </span>
          </label>
        </li>
      ))}
    </ul>
  )
}
