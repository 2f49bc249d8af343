import { registerBenchApi } from './bench-api.ts'
import { runCli } from './command.ts'
import { registerMigrate } from './migrate.ts'
import { registerModelsList } from './models-list.ts'
import { registerModelsPull } from './models-pull.ts'
import { registerServe } from './serve.ts'
import { registerStart } from './start.ts'
import { registerTryOn } from './try-on.ts'

/** Every command, in the order that `--help` lists them. */
await runCli(
  [
    registerStart,
    registerServe,
    registerTryOn,
    registerMigrate,
    registerModelsPull,
    registerModelsList,
    registerBenchApi,
  ],
  process.argv.slice(2),
)
