import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { dataFolder } from '../../src/config.ts'
import { ITEMS } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { startHalfUpload } from './half-upload.ts'
import { ServerProcess } from './server-process.ts'

const MB = 1024 * 1024
const UPLOADS = 10
const EACH = 40 * MB

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

function stored(folder: string): number {
  const { root } = dataFolder(folder)
  const files = readdirSync(path.join(root, 'uploads'), { recursive: true, withFileTypes: true })
  return files
    .filter((each) => each.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0)
}

test('ten large uploads at once go through the memory of the server and do not stay in it', async () => {
  const folder = tempFolder()
  const server = await ServerProcess.start(folder)
  onTestFinished(() => server.kill())
  const template = await server.api.createTemplate(ITEMS)
  const before = residentBytes(server.pid)
  const requests = Array.from({ length: UPLOADS }, () => startHalfUpload(server, template.id))
  onTestFinished(() => {
    for (const request of requests) request.destroy()
  })
  const chunk = Buffer.alloc(MB, '1,A item\n')
  for (const request of requests) for (let sent = 0; sent < EACH; sent += MB) request.write(chunk)
  let most = before
  // None of them comes to its end, so that no import takes part of the memory.
  while (stored(folder) < UPLOADS * EACH) {
    most = Math.max(most, residentBytes(server.pid))
    await pause(20)
  }
  const grown = Math.round((most - before) / MB)
  console.log(`${UPLOADS} uploads of ${EACH / MB} MB at once: the server grew by ${grown} MB`)
  expect(grown).toBeLessThan(128)
})
