import { BackupRefused, backUp } from './backup/back-up.ts'
import { readConfig } from './config.ts'

/**
 * `npm run backup -- <folder>` copies the data folder, also while the server runs. It exits with 0 when the backup is
 * whole, with 2 when it was not begun, and with 1 when it failed. Like `npm run key` it opens app.db beside the server.
 */
async function main(): Promise<void> {
  const [folder, ...more] = process.argv.slice(2)
  if (folder === undefined || folder === '' || more.length > 0) {
    throw new BackupRefused('Say where the backup is to go: npm run backup -- /backups/2026-11-25')
  }
  const begun = performance.now()
  const { files } = await backUp(readConfig(process.env), folder, (sentence) => console.log(sentence))
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`Backed up ${files.length} files, ${(bytes / 1024 / 1024).toFixed(1)} MB, to ${folder} in ${seconds} s.`)
}

// Only the owner may read a backup: it holds everything that the team has.
process.umask(0o077)
try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof BackupRefused ? 2 : 1
}
