import { parentPort } from 'node:worker_threads'
import { createPoseEstimator, type PoseEstimator } from './pose.ts'
import type { Raster } from './pure/image.ts'
import type { Pose } from './pure/pose.ts'

/** What the worker hears: first where the models are, which loads them. */
export type ToPoseWorker = { kind: 'load'; modelsDir: string } | { kind: 'estimate'; id: number; picture: Raster }
export type FromPoseWorker = { kind: 'loaded' } | { id: number; poses: Pose[] } | { id: number; failed: string }

let estimator: PoseEstimator | undefined

const answer = (message: FromPoseWorker, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer)

parentPort?.on('message', (asked: ToPoseWorker) => {
  if (asked.kind === 'estimate') return void estimate(asked.id, asked.picture)
  estimator = createPoseEstimator({ modelsDir: asked.modelsDir })
  // A failure here comes back with the first picture, where it can be told.
  estimator
    .load()
    .catch(() => {})
    .finally(() => answer({ kind: 'loaded' }))
})

/** Masks are handed over, not copied. */
async function estimate(id: number, picture: Raster): Promise<void> {
  try {
    if (!estimator) throw new Error('The worker was given a picture before its models')
    const poses = await estimator.estimate(picture)
    answer({ id, poses }, poses.map(({ mask }) => mask.data.buffer) as ArrayBuffer[])
  } catch (error) {
    answer({ id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
