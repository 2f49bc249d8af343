import { hydrateIsland } from '../state/hydrate.ts'
import { TryOn } from '../tryon/try-on.tsx'

hydrateIsland('try-on', TryOn)
