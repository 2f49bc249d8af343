import { expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { createPoseEstimator } from './pose.ts'
import { startPoseEstimator } from './pose-thread.ts'
import { drawMannequin } from './testing-mannequin.ts'

// The networks take a second to load, and longer on a busy machine.
setDefaultTimeout(120_000)

const modelsDir = join(import.meta.dir, '../../var/models')

test('a thread of its own finds the same people, and pictures are answered each with its own', async () => {
  const own = startPoseEstimator({ modelsDir })
  const here = createPoseEstimator({ modelsDir })
  const pictures = [drawMannequin(), drawMannequin({ width: 300, height: 360 })]
  const found = await Promise.all(pictures.map((picture) => own.estimate(picture)))
  expect(found).toEqual([await here.estimate(pictures[0]!), await here.estimate(pictures[1]!)])
  own.close()
  here.close()
})

test('models that cannot be put in place fail the picture that needs them, and say why', async () => {
  const own = startPoseEstimator({ modelsDir: '/dev/null/models' })
  expect(own.estimate(drawMannequin())).rejects.toThrow('/dev/null')
  own.close()
})
