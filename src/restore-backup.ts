import { NoBackup } from './backup/manifest.ts'
import { restore } from './backup/restore.ts'
import { readConfig } from './config.ts'

/**
 * `npm run restore -- <backup folder>` puts a backup into DATA_DIR, which must be empty. It exits with 0 when everything
 * is there, with 2 when nothing was begun, and with 1 when it failed.
 */
async function main(): Promise<void> {
  const [folder, ...more] = process.argv.slice(2)
  if (folder === undefined || folder === '' || more.length > 0) {
    throw new NoBackup('Say which backup is to be restored: npm run restore -- /backups/2026-11-25')
  }
  const { data } = readConfig(process.env)
  const begun = performance.now()
  const { files, made_at: madeAt } = await restore(data, folder)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`Restored ${files.length} files as they were at ${madeAt} into ${data.root} in ${seconds} s.`)
  console.log('Start Sheetport with npm start and the same DATA_DIR.')
}

process.umask(0o077)
try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof NoBackup ? 2 : 1
}
