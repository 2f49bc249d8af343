import { Looks } from '../parts/looks.tsx'
import { hydrateIsland } from '../state/hydrate.ts'

hydrateIsland('looks', Looks)
