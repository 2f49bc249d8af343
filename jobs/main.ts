import { registerBenchApi } from './bench-api.ts'
import { registerBenchCart } from './bench-cart.ts'
import { registerBenchCheckout } from './bench-checkout.ts'
import { registerBenchOversell } from './bench-oversell.ts'
import { registerBenchRecommend } from './bench-recommend.ts'
import { registerBenchRecommendations } from './bench-recommendations.ts'
import { registerBenchSearch } from './bench-search.ts'
import { registerBenchSearchRoute } from './bench-search-route.ts'
import { registerBenchSearchable } from './bench-searchable.ts'
import { registerBenchTryOn } from './bench-try-on.ts'
import { registerBenchTyping } from './bench-typing.ts'
import { runCli } from './command.ts'
import { registerCreateUser } from './create-user.ts'
import { registerErasePerson } from './erase-person.ts'
import { registerExportPerson } from './export-person.ts'
import { registerImportProducts } from './import-products.ts'
import { registerMigrate } from './migrate.ts'
import { registerModelsList } from './models-list.ts'
import { registerModelsPull } from './models-pull.ts'
import { registerModelsRefresh } from './models-refresh.ts'
import { registerModelsRollback } from './models-rollback.ts'
import { registerReindex } from './reindex.ts'
import { registerRecommendEvaluate } from './recommend-evaluate.ts'
import { registerRecommendTrain } from './recommend-train.ts'
import { registerRotateKeys } from './rotate-keys.ts'
import { registerSearchEvaluate } from './search-evaluate.ts'
import { registerSeed } from './seed.ts'
import { registerServe } from './serve.ts'
import { registerStart } from './start.ts'
import { registerTryOn } from './try-on.ts'
import { registerVerifyAudit } from './verify-audit.ts'
import { registerWorker } from './worker.ts'

/** Every command, in the order that `--help` lists them. */
await runCli(
  [
    registerStart,
    registerServe,
    registerWorker,
    registerTryOn,
    registerMigrate,
    registerSeed,
    registerImportProducts,
    registerReindex,
    registerSearchEvaluate,
    registerCreateUser,
    registerRotateKeys,
    registerVerifyAudit,
    registerExportPerson,
    registerErasePerson,
    registerModelsPull,
    registerModelsRefresh,
    registerModelsRollback,
    registerModelsList,
    registerRecommendTrain,
    registerRecommendEvaluate,
    registerBenchApi,
    registerBenchCart,
    registerBenchCheckout,
    registerBenchOversell,
    registerBenchRecommend,
    registerBenchRecommendations,
    registerBenchSearch,
    registerBenchSearchRoute,
    registerBenchSearchable,
    registerBenchTryOn,
    registerBenchTyping,
  ],
  process.argv.slice(2),
)
