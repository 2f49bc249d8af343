import type { Command } from 'commander'
import { joinInteractions } from '../modules/recommend/pure/interactions.ts'
import { addCommand, runs } from './command.ts'
import { addFileOptions, type FileOptions, readFiles } from './recommend/files.ts'
import { describeEvaluation, describeTraining, holdBack, judge, trainModel } from './recommend/train-model.ts'
import { readTrained } from './recommend/trained-file.ts'

type Options = FileOptions & { model?: string }

export function registerRecommendEvaluate(cli: Command): void {
  const about = 'Recall, NDCG, hit rate and coverage of the collaborative recommender on any file of interactions'
  const command = addFileOptions(addCommand(cli, 'recommend evaluate', about))
    .option(
      '--test <file>',
      'what should have been guessed (without it: the last of each user, or one in ten without times)',
    )
    .option('--model <file>', 'what `recommend train` wrote; without it a model is trained first')
  runs<Options>(command, async ({ options, out }) => {
    const trained = options.model ? await readTrained(options.model) : undefined
    const files = await readFiles(options, trained?.items)
    const { test } = files
    const split = test ? { known: files.train, wanted: test } : holdBack(files.train)
    if (!test) out.note(files.train.times ? 'judged on the last of each user' : 'judged on one in ten of each user')
    if (trained) {
      const known = files.valid ? joinInteractions(split.known, files.valid) : split.known
      const judged = describeEvaluation(judge({ ...trained, known }, split.wanted, options), options)
      return out.result(judged.json, judged.lines.join('\n'))
    }
    const fresh = trainModel({ train: split.known, valid: files.valid }, options, out)
    const judged = describeEvaluation(judge(fresh, split.wanted, options), options)
    const training = describeTraining(fresh)
    out.result({ ...judged.json, ...training.json }, [...judged.lines, ...training.lines].join('\n'))
  })
}
