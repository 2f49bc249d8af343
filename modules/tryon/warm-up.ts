import type { Pictures } from '../media/index.ts'
import type { PoseEstimator } from './pose.ts'
import { prepareGarment } from './prepare-garment.ts'
import { segmentPerson } from './pure/parts-segment.ts'
import { renderTryOn } from './pure/render-try-on.ts'
import { cutGarment, drawKnownPerson, photographGarment } from './pure/drawn-garment.ts'

/**
 * Takes the drawn figure of the tests through every stage, so that the networks are loaded and the compiler knows the loops
 * before somebody waits for them: the first try-on of a process takes three times as long as the third. Yields between steps of
 * at most a second, after any of which it may be left. Nothing comes out of it.
 */
export async function* warmUp({ pictures, estimator }: { pictures: Pictures; estimator: PoseEstimator }) {
  await estimator.load()
  yield
  const { picture, pose } = drawKnownPerson()
  await estimator.estimate(picture)
  yield
  const shown = await pictures.read(await pictures.encode(photographGarment(cutGarment('tee')), 'png'))
  if (shown.ok) await prepareGarment(shown.picture)
  yield
  const parts = segmentPerson(picture, pose)
  for (const name of ['tee', 'sweater', 'dress', 'trousers'] as const) {
    yield
    renderTryOn({ picture, pose, parts, garment: cutGarment(name), measures: {}, body: { heightCm: 170 } })
  }
}
