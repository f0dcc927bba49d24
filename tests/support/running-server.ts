import { onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { ensureOwner } from '../../src/services/accounts.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import type { Member } from '../../src/services/context.ts'
import { signIn } from '../../src/services/sign-in.ts'
import { Api } from './api.ts'
import { tempFolder } from './folder.ts'

export const OWNER = { email: 'ana@example.org', password: 'correct horse battery' }

/** A whole server in this process, with an owner (`member`) and a key for the API; stopped after the test. */
export async function runServer(
  env: Record<string, string> = {},
  folder = tempFolder(),
): Promise<RunningServer & { api: Api; folder: string; member: Member }> {
  const server = await runEmptyServer({ OWNER_EMAIL: OWNER.email, OWNER_PASSWORD: OWNER.password, ...env }, folder)
  await ensureOwner(server.context)
  const { member } = await signIn(server.context, { ...OWNER, address: '127.0.0.1' })
  const { key } = createApiKey(server.context, member, 'tests')
  return { ...server, api: new Api(server.url, key), folder, member }
}

/** A server that nobody has an account on; stopped after the test. */
export async function runEmptyServer(env: Record<string, string> = {}, folder = tempFolder()): Promise<RunningServer> {
  const server = await startServer(readConfig({ PORT: '0', DATA_DIR: folder, ...env }))
  onTestFinished(() => server.stop())
  return server
}
