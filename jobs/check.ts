import { mkdirSync, rmSync } from 'node:fs'

/** What must hold before a change is done, in the order of how fast it fails. The tests count one by one. */
const STEPS: [name: string, command: string[]][] = [
  ['lint', ['oxlint', '--deny-warnings']],
  ['format', ['oxfmt', '--check']],
  ['types', ['tsc', '--noEmit']],
  ['types of pure code', ['tsc', '--noEmit', '-p', 'modules/tsconfig.pure.json']],
  ['dead code', ['knip', '--no-progress']],
  ['API drift', ['bun', 'openapi/generate.ts', '--check']],
]
const REPORT = 'var/test/junit.xml'
/** Far above what any test takes: networks, browsers and servers are slow on a busy machine, and that is no fault. */
const PATIENCE_MS = 120_000

let [passed, failed] = [0, 0]
for (const [name, command] of STEPS) {
  const ok = (await run(command)) === 0
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`)
  if (ok) passed += 1
  else failed += 1
}

mkdirSync('var/test', { recursive: true })
rmSync(REPORT, { force: true })
const exitCode = await run([
  'bun',
  'test',
  `--timeout=${PATIENCE_MS}`,
  '--reporter=junit',
  `--reporter-outfile=${REPORT}`,
  ...process.argv.slice(2),
])
const report = Bun.file(REPORT)
const [summary = ''] = /<testsuites[^>]*>/.exec((await report.exists()) ? await report.text() : '') ?? []
const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(summary)?.[1] ?? 0)
const failures = count('failures') + count('errors')
passed += count('tests') - count('skipped') - failures
// A run that broke outside of its tests, or ran none, has failed all the same.
failed += exitCode !== 0 || count('tests') === 0 ? Math.max(failures, 1) : failures
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** The tools are scripts for Node; `--bun` runs them on a machine that has none. */
async function run(command: string[]): Promise<number> {
  const line = command[0] === 'bun' ? command.slice(1) : ['--bun', 'run', ...command]
  return Bun.spawn([process.execPath, ...line], { stdio: ['ignore', 'inherit', 'inherit'] }).exited
}
