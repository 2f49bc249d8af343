import { createApp } from '../edge/app.ts'
import { createModules } from '../modules/index.ts'

/** Building the modules touches no store, so the document needs none. */
const app = createApp(createModules({ docs: () => ({}) } as never))
const document = `${JSON.stringify(await (await app.request('/openapi.json')).json(), null, 2)}\n`
const path = new URL('./openapi.json', import.meta.url)

if (!process.argv.includes('--check')) await Bun.write(path, document)
else if ((await Bun.file(path).text()) !== document) {
  console.error('openapi/openapi.json is not what the routes say: run `bun run openapi` and commit it')
  process.exitCode = 1
}
