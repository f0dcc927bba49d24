import { existsSync } from 'node:fs'
import { readConfig } from './config.ts'
import { connectDb } from './db/open.ts'
import { listTeamsOfUser } from './db/teams.ts'
import { findUserByEmail } from './db/users.ts'
import { createApiKey } from './services/api-keys.ts'

/**
 * `npm run key -- <email>` prints one API key of that person on stdout, and everything else on stderr.
 *
 * This is the one exception to the rule that only the main process opens app.db. It writes one row in one short
 * transaction, and WAL with a busy timeout lets it do so while the server runs.
 */
function main(): void {
  const email = process.argv[2]?.trim().toLowerCase()
  if (email === undefined || email === '')
    throw new Unusable('Say whose key it is to be: npm run key -- ada@example.org')
  const { appDb, root } = readConfig(process.env).data
  if (!existsSync(appDb)) {
    throw new Unusable(
      `There is nothing in ${root} yet. Start Sheetport once with npm start and set it up, then make a key.`,
    )
  }
  const db = connectDb(appDb)
  try {
    const user = findUserByEmail(db, email)
    if (user === undefined) throw new Unusable(`Nobody here has the e-mail address ${email}.`)
    const [team] = listTeamsOfUser(db, user.id)
    if (team === undefined) throw new Unusable(`${email} is in no team, so a key would open nothing.`)
    const { key } = createApiKey({ db }, { user, team }, 'Made on the command line')
    process.stderr.write(`A key of ${user.name} to ${team.name}. It is shown only now:\n`)
    process.stdout.write(`${key}\n`)
  } finally {
    db.$client.close()
  }
}

class Unusable extends Error {}

try {
  main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof Unusable ? 2 : 1
}
