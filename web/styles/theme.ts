/**
 * Design tokens: warm neutral ground, near-black ink, one deep green accent; `soft` on any ground has more than 4.5:1.
 * `sand` is the ground of the shop's own product pictures, so they stand on it without an edge.
 */
export const theme = {
  colors: {
    ink: '#1d1b19',
    soft: '#5c5650',
    line: '#ddd7cf',
    edge: '#8b837a',
    paper: '#fcfbf9',
    sand: '#f3f2f0',
    card: '#ffffff',
    accent: '#20493f',
    accentdeep: '#15342d',
    accentpale: '#e4ece8',
    alert: '#8c2f27',
    alertpale: '#f8e9e6',
  },
  font: {
    sans: "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif",
    display:
      "'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', P052, 'Book Antiqua', 'Noto Serif', 'Liberation Serif', Georgia, serif",
  },
}

/** Names for what recurs: one look for a button, a field, a label, wherever it stands. */
export const shortcuts = {
  wrap: 'mx-auto w-full max-w-[84rem] px-4 sm:px-6 lg:px-10',
  label: 'text-xs tracking-[0.14em] uppercase',
  heading: 'font-display font-normal tracking-[-0.015em] leading-[1.08] text-balance',
  button:
    'inline-flex items-center justify-center gap-2 min-h-12 px-7 py-3 text-[0.95rem] leading-tight text-center cursor-pointer transition-colors duration-200 disabled:cursor-not-allowed',
  solid: 'button bg-ink text-paper hover:bg-accent disabled:bg-sand disabled:text-soft',
  outline: 'button border border-ink text-ink bg-transparent hover:bg-ink hover:text-paper',
  quiet:
    'inline-flex items-center min-h-11 gap-2 underline underline-offset-4 decoration-edge hover:decoration-ink cursor-pointer',
  field: 'w-full min-h-11 px-3 py-2 bg-card border border-edge text-ink placeholder:text-soft',
}
