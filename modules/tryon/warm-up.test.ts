import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { createPictures } from '../media/index.ts'
import { createPoseEstimator } from './pose.ts'
import { warmUp } from './warm-up.ts'

setDefaultTimeout(120_000)

const estimator = createPoseEstimator({ modelsDir: join(import.meta.dir, '../../var/models') })
afterAll(() => estimator.close())

test('warming up goes through all stages without a fault, in steps that it can be left after', async () => {
  let steps = 0
  for await (const _ of warmUp({ pictures: createPictures(), estimator })) steps++
  expect(steps).toBe(7)
})
