import { Hono } from 'hono'
import { problemIn, read } from '../../state/admin.ts'
import { ShopError } from '../../state/shop.ts'
import { goTo } from '../site.tsx'
import { type AdminEnv, asked, LIMIT, type News, newsOf, show } from './office.tsx'
import { DeliveryView, EndpointView, findEndpoint, webhookPath } from './webhook.tsx'

const NEWS: News = {
  changed: 'The webhook is changed.',
  enabled: 'It is told of events from now on.',
  disabled: 'It is told of nothing until it is switched on again.',
  tested: 'A test message was sent. What came back stands below.',
  redelivered: 'It waits to be sent again, and usually is within seconds.',
}

/** A webhook with what it was told. */
export function deliveryPages() {
  const pages = new Hono<AdminEnv>()
  pages.get('/admin/webhooks/:id', async (c) => {
    const { view } = c.var
    const query = asked(c, [])
    const param = { id: c.req.param('id') }
    const [endpoint, deliveries] = await Promise.all([
      findEndpoint(c),
      view.desk.api.v1.admin.webhooks[':id'].deliveries
        .$get({ param, query: { ...query, limit: LIMIT } })
        .then((answer) => read(answer, 'The messages')),
    ])
    return show(c, <EndpointView {...{ view, endpoint, deliveries, query }} news={newsOf(c, NEWS)} />)
  })
  pages.post('/admin/webhooks/:id/ping', async (c) => {
    const id = c.req.param('id')
    const { api } = c.var.view.desk
    const { id: deliveryId } = await read(await api.v1.admin.webhooks[':id'].ping.$post({ param: { id } }), 'The test')
    return goTo(c, webhookPath(id, `/deliveries/${deliveryId}?said=tested`))
  })
  pages.get('/admin/webhooks/:id/deliveries/:deliveryId', async (c) => {
    const { view } = c.var
    const { api } = view.desk
    const param = { id: c.req.param('id'), deliveryId: c.req.param('deliveryId') }
    const message = api.v1.admin.webhooks[':id'].deliveries[':deliveryId']
    const [endpoint, delivery] = await Promise.all([
      findEndpoint(c),
      message.$get({ param }).then((answer) => read(answer, 'The message')),
    ])
    return show(c, <DeliveryView {...{ view, endpoint, delivery }} news={newsOf(c, NEWS)} />)
  })
  pages.post('/admin/webhooks/:id/deliveries/:deliveryId/redeliver', async (c) => {
    const { api } = c.var.view.desk
    const param = { id: c.req.param('id'), deliveryId: c.req.param('deliveryId') }
    const message = api.v1.admin.webhooks[':id'].deliveries[':deliveryId']
    const problem = await problemIn(await message.redeliver.$post({ param }), 'The message')
    if (problem) throw new ShopError(problem.status, 'The message')
    return goTo(c, webhookPath(param.id, `/deliveries/${param.deliveryId}?said=redelivered`))
  })
  return pages
}
