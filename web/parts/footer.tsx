import type { Category } from '../state/views.ts'

export function Footer({ categories }: { categories: Category[] }) {
  const departments = ['women', 'men'].map((department) => ({
    department,
    links: categories.filter((category) => category.parent === department),
  }))
  return (
    <footer class="mt-20 sm:mt-28 border-t border-line bg-sand">
      <div class="wrap py-12 sm:py-16 grid gap-10 grid-cols-2 lg:grid-cols-4">
        <div class="col-span-2 lg:col-span-1 max-w-xs">
          <p class="font-display text-2xl">EshoTry</p>
          <p class="mt-3 text-sm text-soft">
            Clothes tried on your own photo, in the size you would really wear, before you buy.
          </p>
        </div>
        {departments.map(({ department, links }) => (
          <FooterList
            key={department}
            title={department === 'women' ? 'Women' : 'Men'}
            links={[
              { href: `/${department}`, label: `Everything for ${department}` },
              ...links.map(({ slug, name }) => ({ href: `/c/${slug}`, label: name })),
            ]}
          />
        ))}
        <FooterList
          title="Good to know"
          links={[
            { href: '/privacy-of-photos', label: 'What happens to my photo' },
            { href: '/looks', label: 'My looks' },
            { href: '/your-data', label: 'Your data' },
            { href: '/docs', label: 'For developers' },
          ]}
        />
      </div>
    </footer>
  )
}

function FooterList({ title, links }: { title: string; links: { href: string; label: string }[] }) {
  return (
    <nav aria-label={title}>
      <h2 class="label text-soft">{title}</h2>
      <ul class="mt-4 text-[0.95rem]">
        {links.map(({ href, label }) => (
          <li key={href}>
            <a href={href} class="inline-flex items-center min-h-8 hover:underline underline-offset-4">
              {label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
