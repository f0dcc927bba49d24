import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Variant } from './item-rows.ts'

/** `shared` and `inline` are XLSX by where their texts are; `rows` without the header. */
export type DataFile = { content: Variant | 'wide'; format: 'csv' | 'inline' | 'shared' | 'xls'; rows: number }

/** What is in a file: the checks (see tally.ts) of all its cells, and of the rows that end up in the table. */
export type Expected = { version: number; read: string; stored: string; storedAsText: string; rows: number }
export type ReadyFile = DataFile & { path: string; expected: Expected }

/** Grows when the rows change, so that files made before are made again. */
export const DATA_VERSION = 1

export const DATA_FOLDER = fileURLToPath(new URL('./data', import.meta.url))
const MAKER = fileURLToPath(new URL('./make-file.ts', import.meta.url))
const ENDINGS = { csv: '.csv', inline: '-inline.xlsx', shared: '-shared.xlsx', xls: '.xls' } as const

/** The file, made when it is not there yet. The same is made every time. */
export async function readyFile(wanted: DataFile): Promise<ReadyFile> {
  const file = path.join(DATA_FOLDER, `${wanted.content}-${wanted.rows}${ENDINGS[wanted.format]}`)
  if (!isReady(file)) {
    console.error(`making ${path.basename(file)}`)
    mkdirSync(DATA_FOLDER, { recursive: true })
    await promisify(execFile)(process.execPath, [MAKER, file, JSON.stringify(wanted)], { env: { TZ: 'UTC' } })
  }
  return { ...wanted, path: file, expected: readExpected(file) }
}

function isReady(file: string): boolean {
  return existsSync(file) && existsSync(`${file}.json`) && readExpected(file).version === DATA_VERSION
}

function readExpected(file: string): Expected {
  return JSON.parse(readFileSync(`${file}.json`, 'utf8'))
}
