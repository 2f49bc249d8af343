import { Hono } from 'hono'

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>EshoTry API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null })\n`

const TYPES: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
}

/** The browsable API: Swagger UI from our own disk, with no inline script, so it runs under the shop's CSP. */
export function docsPages(): Hono {
  return new Hono()
    .get('/', (c) => c.html(PAGE))
    .get('/start.js', (c) => c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
    .get('/:file', async (c) => {
      const file = c.req.param('file')
      const type = TYPES[file]
      if (!type) return c.notFound()
      const asset = await fetch(import.meta.resolve(`swagger-ui-dist/${file}`))
      return c.body(await asset.text(), 200, { 'content-type': type, 'cache-control': 'public, max-age=3600' })
    })
}
