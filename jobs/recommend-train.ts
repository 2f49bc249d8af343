import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, runs } from './command.ts'
import { addFileOptions, type FileOptions, readFiles } from './recommend/files.ts'
import { modelFileOf } from './recommend/trained-file.ts'
import { describeEvaluation, describeTraining, judge, trainModel } from './recommend/train-model.ts'

type Options = FileOptions & { out?: string }

export function registerRecommendTrain(cli: Command): void {
  const about = 'Train the collaborative recommender on a file of interactions, its settings chosen on a part held back'
  const command = addFileOptions(addCommand(cli, 'recommend train', about))
    .option('--test <file>', 'judge the model on this file when it is trained')
    .option('--out <file>', 'where to write the model, for `recommend evaluate --model`')
  runs<Options>(command, async ({ options, out }) => {
    const files = await readFiles(options)
    const trained = trainModel(files, options, out)
    if (options.out) {
      const bytes = modelFileOf(trained, [...files.numbering.items.keys()])
      await writeFile(options.out, bytes).catch((error: Error) => {
        throw new AppError('invalid', `${options.out}: ${error.message}`)
      })
    }
    const training = describeTraining(trained)
    if (!files.test) return out.result(training.json, training.lines.join('\n'))
    const judged = describeEvaluation(judge(trained, files.test, options), options)
    out.result({ ...judged.json, ...training.json }, [...judged.lines, ...training.lines].join('\n'))
  })
}
