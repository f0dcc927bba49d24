import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder for one test, removed after it. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sheetport-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
