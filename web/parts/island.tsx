import type { ComponentChildren } from 'preact'

type IslandProps = { name: string; props: object; class?: string; children: ComponentChildren }

/**
 * A part of the page that comes alive. The server draws it whole; the island's script takes the same props from the data
 * block beside it and hydrates. A data block is not a script, so the content security policy lets it stand.
 */
export function Island({ name, props, class: className, children }: IslandProps) {
  return (
    <>
      <div data-island={name} class={className}>
        {children}
      </div>
      <script type="application/json" data-props={name} dangerouslySetInnerHTML={{ __html: jsonOf(props) }} />
    </>
  )
}

/** Data for a script of this page, in `[data-<name>]`. */
export function DataBlock({ name, data }: { name: string; data: object }) {
  const mark = { [`data-${name}`]: true }
  return <script type="application/json" {...mark} dangerouslySetInnerHTML={{ __html: jsonOf(data) }} />
}

const jsonOf = (data: object): string => JSON.stringify(data).replace(/</g, '\\u003c')
