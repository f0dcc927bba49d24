import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ProcessPool } from '../../src/processes/pool.ts'
import { proposeTemplate } from '../../src/services/propose-template.ts'
import { manyItems } from '../support/examples.ts'
import { tempFolder } from '../support/folder.ts'
import { openWorkspace, refusalOf } from '../support/workspace.ts'

test('a file that takes its process down is refused with what can be done about the file', async () => {
  const { context, close } = openWorkspace()
  const desk = new ProcessPool({ size: 1, memoryBytes: 48 * 1024 ** 2, stallMs: 60_000 })
  onTestFinished(async () => {
    await desk.close()
    await close()
  })
  const folder = tempFolder()
  const file = { path: path.join(folder, 'long.csv'), name: 'long.csv', size: 1, sha256: '' }
  writeFileSync(file.path, manyItems(400_000))
  const refusal = await refusalOf(() => proposeTemplate({ ...context, desk }, { folder, file, fields: new Map() }))
  expect(refusal).toMatchObject({ status: 422, code: 'too_much', fields: [{ path: 'file' }] })
  expect(refusal.hint).toMatch(/^Save it as XLSX/)
})
