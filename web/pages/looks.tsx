import { Island } from '../parts/island.tsx'
import { type Frame, Layout } from '../parts/layout.tsx'
import { Looks } from '../parts/looks.tsx'

export function LooksPage({ frame }: { frame: Frame }) {
  return (
    <Layout
      frame={frame}
      title="My looks · EshoTry"
      description="The try-on pictures you saved in this browser."
      islands={['looks']}
    >
      <div class="wrap pt-10 sm:pt-16">
        <h1 class="heading text-4xl sm:text-6xl">My looks</h1>
        <p class="mt-4 max-w-xl text-soft">
          The pictures you saved. They are kept in this browser on this device; the shop has no copy and cannot see
          them.
        </p>
        <noscript>
          <p class="mt-8 max-w-xl">
            This list is kept by your browser and needs JavaScript to be shown. Without it, pictures can be downloaded
            from the page they are made on.
          </p>
        </noscript>
        <Island name="looks" props={{}} class="mt-10">
          <Looks />
        </Island>
      </div>
    </Layout>
  )
}
