import { dataFolder } from '../../src/config.ts'
import { connectDb } from '../../src/db/open.ts'
import { listTeamsOfUser } from '../../src/db/teams.ts'
import { findUserByEmail } from '../../src/db/users.ts'
import { createApiKey } from '../../src/services/api-keys.ts'

/** A key to the API, made beside the running server as `npm run key` does it. */
export function makeApiKey(folder: string, email: string): string {
  const db = connectDb(dataFolder(folder).appDb)
  try {
    const user = findUserByEmail(db, email)
    const [team] = user === undefined ? [] : listTeamsOfUser(db, user.id)
    if (user === undefined || team === undefined) throw new Error('the server has made no owner')
    return createApiKey({ db }, { user, team }, 'tests').key
  } finally {
    db.$client.close()
  }
}
