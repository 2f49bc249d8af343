import { Command, CommanderError } from 'commander'
import { type OpenedInfra, openInfra } from '../db/index.ts'
import { migrate } from '../db/migrations/index.ts'
import { createModules, type Modules } from '../modules/index.ts'
import { readConfig } from '../modules/kernel/config.ts'
import { AppError, ERRORS } from '../modules/kernel/errors.ts'

/**
 * How a command is written. `jobs/<verb-noun>.ts` exports one `register<VerbNoun>(cli)`, which `jobs/main.ts` calls:
 *
 *     export function registerImportProducts(cli: Command): void {
 *       const command = addCommand(cli, 'import products', 'Import a catalogue of CSV or JSON')
 *         .argument('<file>', 'the catalogue')
 *         .option('--images <dir>', 'where its pictures are')
 *       runs<{ images?: string }>(command, async ({ args: [file], options, out }) => {
 *         await withShop(async (modules) => { ... out.progress('rows', rows.length) ... })
 *         out.result({ imported }, `${imported} products`)
 *       })
 *     }
 *
 * Every command has `--help` and `--json`. The one answer goes to stdout, as text or as one JSON object; notes and the
 * progress bar go to stderr, the bar only on a terminal. Exit codes: 0 done, 1 failed, 2 refused or bad input (throw an
 * `AppError` with a status below 500, or give `result` the code).
 */
export function addCommand(cli: Command, path: string, about: string): Command {
  const words = path.split(' ')
  const name = words.pop() ?? path
  const parent = words.reduce((at, word) => at.commands.find((c) => c.name() === word) ?? at.command(word), cli)
  return parent.command(name).description(about).option('--json', 'answer with one JSON object')
}

export type Output = {
  /** The answer, once. Exit code 0 unless given. */
  result(value: object, text: string, exitCode?: number): void
  /** One line for a person, on stderr. */
  note(line: string): void
  /** Call `step` after each of `total` pieces of work, and `end` after the last. */
  progress(label: string, total: number): { step(): void; end(): void }
}

type Run<Options> = (context: { args: string[]; options: Options; out: Output }) => Promise<void>

/** Makes `run` the command's action: errors become one line on stderr (with `--json` an object on stdout) and an exit code. */
export function runs<Options extends object = object>(command: Command, run: Run<Options>): void {
  command.action(async () => {
    const options = command.opts<Options & { json?: boolean }>()
    const out = createOutput(options.json === true)
    try {
      await run({ args: command.args, options, out })
    } catch (error) {
      const code = error instanceof AppError ? error.code : 'internal'
      const message = error instanceof Error ? error.message : String(error)
      if (code === 'internal') console.error(error)
      const details = error instanceof AppError ? error.details : undefined
      const answer = { status: 'failed', code, message, ...(details ? { details } : {}) }
      out.result(answer, '', ERRORS[code].status < 500 ? 2 : 1)
      if (code !== 'internal') out.note(message)
    }
  })
}

function createOutput(asJson: boolean): Output {
  const terminal = process.stderr.isTTY
  let barStands = false
  const leaveBar = () => {
    if (barStands) process.stderr.write('\n')
    barStands = false
  }
  return {
    result(value, text, exitCode = 0) {
      leaveBar()
      if (asJson) console.log(JSON.stringify(value, null, 2))
      else if (text) console.log(text)
      process.exitCode = exitCode
    },
    note(line) {
      leaveBar()
      console.error(line)
    },
    progress(label, total) {
      let done = 0
      const draw = () => {
        const filled = Math.round((24 * done) / Math.max(total, 1))
        barStands = true
        process.stderr.write(`\r${label} [${'#'.repeat(filled).padEnd(24, '.')}] ${done}/${total}`)
      }
      return {
        step() {
          done += 1
          if (terminal) draw()
        },
        end: leaveBar,
      }
    },
  }
}

/** Opens the shop's stores from the environment, brings the schema up to date, and closes them whatever `work` does. */
export async function withShop<T>(work: (modules: Modules, infra: OpenedInfra) => Promise<T>): Promise<T> {
  const infra = await openInfra(readConfig(process.env))
  try {
    await migrate(infra.sql)
    const modules = createModules(infra)
    return await work(modules, infra).finally(modules.close)
  } finally {
    await infra.close()
  }
}

/** A word that only groups commands, such as `models`, says which. */
const describe = (command: Command) => command.description() || command.commands.map((one) => one.name()).join(', ')

/** Reads `argv` (without the program's own name) and runs its command; usage errors exit 2. */
export async function runCli(register: readonly ((cli: Command) => void)[], argv: string[]): Promise<void> {
  const cli = new Command('eshotry').description('EshoTry: the shop and its tools').showHelpAfterError().exitOverride()
  cli.configureHelp({ subcommandDescription: describe })
  for (const add of register) add(cli)
  try {
    await cli.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = error.exitCode === 0 ? 0 : 2
  }
}
