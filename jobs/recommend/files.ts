import type { Command } from 'commander'
import { AppError } from '../../modules/kernel/errors.ts'
import type { Interactions } from '../../modules/recommend/pure/interactions.ts'
import { createNumbering, type Format, FORMATS, type Numbering, readEvents, toInteractions } from './read-events.ts'

export type FileOptions = { train: string; valid?: string; test?: string; format: string; k: string; ease: string }

/** What `recommend train` and `recommend evaluate` both take. */
export const addFileOptions = (command: Command): Command =>
  command
    .requiredOption('--train <file>', 'interactions to learn from; may be gzipped')
    .option('--valid <file>', 'interactions to choose settings on (without it: a part of the training file)')
    .requiredOption(
      '--format <format>',
      'leave-list: lines of `user item item ...`; csv: columns user_id, item_id, [weight or rating], [timestamp]',
    )
    .option('--k <count>', 'length of the lists that are judged', '20')
    .option('--ease <items>', 'EASE on so many of the most active items, 0 to 10000', '5000')

export type Files = {
  numbering: Numbering
  train: Interactions
  valid: Interactions | undefined
  test: Interactions | undefined
}

/** Reads the files of a command; `items` are the ids that a model was trained with, in its order. */
export async function readFiles(options: FileOptions, items: readonly string[] = []): Promise<Files> {
  const format = formatOf(options.format)
  const numbering = createNumbering(items)
  const train = await readEvents(options.train, format, numbering)
  const valid = options.valid ? await readEvents(options.valid, format, numbering) : undefined
  const test = options.test ? await readEvents(options.test, format, numbering) : undefined
  return {
    numbering,
    train: toInteractions(train, numbering),
    valid: valid && toInteractions(valid, numbering),
    test: test && toInteractions(test, numbering),
  }
}

function formatOf(text: string): Format {
  const format = FORMATS.find((one) => one === text)
  if (!format) throw new AppError('invalid', `--format is ${FORMATS.join(' or ')}, not ${text}`)
  return format
}

/** An option that is a whole number between two. */
export function wholeOf(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new AppError('invalid', `--${name} is a whole number from ${least} to ${most}, not ${text}`)
  return value
}
