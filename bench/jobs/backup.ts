import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Figure, ms, until } from './figures.ts'
import { JobsWatch } from './jobs-watch.ts'
import { ServerProcess } from './server-process.ts'
import { addBacklog, addImports, prepareFolder, tinyFile } from './tiny-imports.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const IMPORTS = 5
/** Small imports that are under way while the backup is made. */
const BESIDE = 2000

/** So many records are backed up while small imports run, restored elsewhere, and served. */
export async function measureBackup(root: string, rows: number): Promise<Figure[]> {
  const [data, copy, restored] = ['data', 'copy', 'restored'].map((name) => path.join(root, name))
  if (data === undefined || copy === undefined || restored === undefined) throw new Error('three folders are needed')
  const prepared = await prepareFolder(data)
  const files = Array.from({ length: IMPORTS }, (_, n) => tinyFile(n, rows / IMPORTS))
  addImports(prepared, files, (n) => prepared.templates[n] ?? '')
  addBacklog(prepared, BESIDE, { from: 1_000_000 })
  const watch = new JobsWatch(prepared.folder)
  const server = await ServerProcess.start(data)
  try {
    await until(() => watch.finished >= IMPORTS + 10, { everyMs: 50, withinMs: 120_000 })
    const backupMs = await timed(() => run('src/make-backup.ts', { folder: data, backup: copy }))
    const during = watch.waiting
    const restoreMs = await timed(() => run('src/restore-backup.ts', { folder: restored, backup: copy }))
    const startMs = await timed(async () => (await ServerProcess.start(restored)).kill())
    const records = rows.toLocaleString('en')
    return [
      { what: `backup of ${records} records beside a server with ${during} imports waiting`, value: ms(backupMs) },
      { what: 'restore of that backup', value: ms(restoreMs) },
      { what: 'start of a server on it, until it answers', value: ms(startMs) },
    ]
  } finally {
    watch.close()
    await server.kill()
  }
}

async function run(program: string, { folder, backup }: { folder: string; backup: string }): Promise<void> {
  const env = { DATA_DIR: folder }
  const args = [program, backup]
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${program} exited with ${code}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
