import type { Role } from '../kernel/access.ts'
import type { Identity } from './index.ts'

/** Somebody who is signed in, for tests: `headers` go into a request as they are. */
export async function signInAs(identity: Identity, role: Role = 'customer') {
  const email = `${role}-${crypto.randomUUID()}@example.com`
  const user = await identity.createUser({ email, role }, { system: 'test' })
  const grant = await identity.startSession({ userId: user.id, role, client: 'a test' })
  const actor = { userId: user.id, role, sessionId: grant.sessionId }
  return { user, email, grant, actor, headers: { authorization: `Bearer ${grant.accessToken}` } }
}
