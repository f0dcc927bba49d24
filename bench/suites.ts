import path from 'node:path'
import { type DataFile, type ReadyFile, readyFile } from './data-files.ts'
import { WIDE_COLUMNS } from './item-rows.ts'
import { ITEM_HEADER } from './item-template.ts'
import type { Task } from './measure.ts'
import type { Seeds } from './seeds.ts'
import { WIDE } from './wide-template.ts'

/** What the goals look for in the results; see goals.ts. */
export const TITLES = {
  readShared: 'Reading XLSX, shared strings',
  readInline: 'Reading XLSX, inline strings',
  writeXlsx: 'Writing XLSX from a table',
  importXlsx: 'Importing XLSX: read, check, store',
  importCsv: 'Importing CSV: read, check, store',
  againCsv: 'Importing CSV again',
  againXlsx: 'Importing XLSX again',
  importWide: 'Importing XLSX, wide',
} as const

export const NAMES = {
  ours: 'Sheetport',
  wholeExport: 'Sheetport, whole export',
  writerAlone: 'Sheetport, its writer alone',
  exceljs: 'exceljs (stream)',
  first: 'first import',
  shuffled: 'first import, keys in random order',
  unchanged: 'the same again, nothing changed',
} as const

/** What one table of the results compares. The first candidate is what the ratios refer to. */
export type Comparison = { title: string; rows: number; columns: number; candidates: Candidate[] }

/** `expected` is the check of everything that has to be read, written or stored; `startFrom` the table that it begins with. */
export type Candidate = { name: string; task: Task; expected: string; startFrom?: string; ours: boolean }

export type Setting = { rows: number; folder: string; seeds: Seeds }

export const COMPARING = ['read-csv', 'read-xlsx', 'read-xls', 'write-xlsx', 'write-csv', 'import', 'again'] as const
/** `table` and `server` have no peers: they measure what a person waits for. */
export const SUITES = [...COMPARING, 'table', 'server'] as const
export type Suite = (typeof SUITES)[number]

/** `mostRows` is where a format ends. With `newsUpTo` a full run ends there: beyond, another table says the same. */
export type Plan = { mostRows: number; newsUpTo?: number; compare: (setting: Setting) => Promise<Comparison> }

/** A sheet has 1,048,576 rows at most, the header among them. */
const SHEET_ROWS = 1_048_575
const ANY = Number.POSITIVE_INFINITY

/** The comparisons of a suite, one after the other: each makes the files that it needs when its turn comes. */
export const PLANS: Record<(typeof COMPARING)[number], Plan[]> = {
  'read-csv': [{ mostRows: ANY, compare: readCsv }],
  'read-xlsx': [
    { mostRows: SHEET_ROWS, compare: (setting) => readXlsx(setting, TITLES.readShared, 'shared') },
    { mostRows: SHEET_ROWS, compare: (setting) => readXlsx(setting, TITLES.readInline, 'inline') },
    { mostRows: ANY, compare: readWide },
  ],
  'read-xls': [{ mostRows: ANY, newsUpTo: 100_000, compare: readXls }],
  'write-xlsx': [{ mostRows: SHEET_ROWS, compare: writeXlsx }],
  'write-csv': [{ mostRows: ANY, compare: writeCsv }],
  import: [
    { mostRows: SHEET_ROWS, compare: importXlsx },
    { mostRows: ANY, compare: importCsv },
    { mostRows: ANY, compare: importWide },
  ],
  again: [
    { mostRows: ANY, compare: (setting) => importAgain(setting, TITLES.againCsv, 'csv') },
    {
      ...{ mostRows: SHEET_ROWS, newsUpTo: 100_000 },
      compare: (setting) => importAgain(setting, TITLES.againXlsx, 'inline'),
    },
  ],
}

const CSV_READERS = {
  papaparse: 'papaparse',
  udsv: 'udsv',
  'csv-parse': 'csv-parse',
  hucre: 'hucre',
  'fast-csv': 'fast-csv',
}
const XLSX_READERS = {
  'hucre (stream)': 'hucre',
  [NAMES.exceljs]: 'exceljs',
  'SheetJS (dense)': 'sheetjs',
  'read-excel-file': 'read-excel-file',
}
/** A sheet of the old format has 65,536 rows at most. */
const MOST_XLS_ROWS = 60_000
const MOST_WIDE_ROWS = 20_000

async function readCsv({ rows }: Setting): Promise<Comparison> {
  const file = await readyFile({ content: 'items', format: 'csv', rows })
  return items('Reading CSV', rows, [ourReader(file), ...readers(CSV_READERS, 'readCsv', file)])
}

async function readXlsx({ rows }: Setting, title: string, format: DataFile['format']): Promise<Comparison> {
  const file = await readyFile({ content: 'items', format, rows })
  return items(title, rows, [ourReader(file), ...readers(XLSX_READERS, 'readXlsx', file)])
}

async function readWide(setting: Setting): Promise<Comparison> {
  const file = await wideFile(setting)
  const { rows } = file
  const candidates = [ourReader(file), ...readers(XLSX_READERS, 'readXlsx', file)]
  return { title: 'Reading XLSX, wide', rows, columns: WIDE_COLUMNS, candidates }
}

function wideFile(setting: Setting): Promise<ReadyFile> {
  const rows = Math.min(MOST_WIDE_ROWS, Math.ceil(setting.rows / 10))
  return readyFile({ content: 'wide', format: 'shared', rows })
}

async function readXls(setting: Setting): Promise<Comparison> {
  const rows = Math.min(MOST_XLS_ROWS, setting.rows)
  const file = await readyFile({ content: 'items', format: 'xls', rows })
  return items('Reading XLS', rows, [ourReader(file), ...readers({ 'SheetJS (dense)': 'sheetjs' }, 'readXls', file)])
}

function ourReader(file: ReadyFile): Candidate {
  const task: Task = { kind: 'read', module: './read-and-write.ts', call: 'readSheet', file: file.path }
  return { name: NAMES.ours, task, expected: file.expected.read, ours: true }
}

function readers(names: Record<string, string>, call: string, file: ReadyFile): Candidate[] {
  return Object.entries(names).map(([name, peer]) => ({
    ...{ name, expected: file.expected.read, ours: false },
    task: { kind: 'read', module: `./peers/${peer}.mjs`, call, file: file.path },
  }))
}

async function writeXlsx(setting: Setting): Promise<Comparison> {
  const out = path.join(setting.folder, 'out.xlsx')
  const peers = { 'hucre (stream)': 'hucre', [NAMES.exceljs]: 'exceljs', SheetJS: 'sheetjs' }
  return writing(setting, { title: TITLES.writeXlsx, call: 'writeXlsx', format: 'xlsx', out, peers })
}

async function writeCsv(setting: Setting): Promise<Comparison> {
  const out = path.join(setting.folder, 'out.csv')
  const peers = { papaparse: 'papaparse', hucre: 'hucre', 'fast-csv': 'fast-csv' }
  return writing(setting, { title: 'Writing CSV from a table', call: 'writeCsv', format: 'csv', out, peers })
}

type Writing = { title: string; call: string; format: 'xlsx' | 'csv'; out: string; peers: Record<string, string> }

async function writing(setting: Setting, { title, call, format, out, peers }: Writing): Promise<Comparison> {
  const { expected } = await readyFile({ content: 'items', format: 'csv', rows: setting.rows })
  const table = await setting.seeds.imported()
  const shared = { expected: format === 'csv' ? expected.storedAsText : expected.stored }
  const result = { file: out }
  const writer = (module: string, dates: boolean): Task => ({ kind: 'write', module, call, table, dates, out, result })
  const job: Task = {
    ...({ kind: 'job', module: './table-jobs.ts', call: 'exportTable', result } as const),
    input: { table, out, format },
  }
  return items(title, setting.rows, [
    { ...shared, name: NAMES.wholeExport, task: job, ours: true },
    { ...shared, name: NAMES.writerAlone, task: writer('./read-and-write.ts', false), ours: true },
    ...Object.entries(peers).map(([name, peer]) => ({
      ...{ ...shared, name, ours: false },
      task: writer(`./peers/${peer}.mjs`, format === 'xlsx'),
    })),
  ])
}

async function importXlsx(setting: Setting): Promise<Comparison> {
  const { 'read-excel-file': _, ...peers } = XLSX_READERS
  const file = await readyFile({ content: 'items', format: 'shared', rows: setting.rows })
  return importing(setting, TITLES.importXlsx, { file, call: 'readXlsx', peers })
}

async function importCsv(setting: Setting): Promise<Comparison> {
  const { 'fast-csv': _, ...peers } = CSV_READERS
  const file = await readyFile({ content: 'items', format: 'csv', rows: setting.rows })
  return importing(setting, TITLES.importCsv, { file, call: 'readCsv', peers })
}

type Importing = { file: ReadyFile; call: string; peers: Record<string, string> }

function importing(setting: Setting, title: string, { file, call, peers }: Importing): Comparison {
  const table = path.join(setting.folder, 'table.db')
  const peer = (module: string): Task => ({
    ...({ kind: 'import', module: `./peers/${module}.mjs`, call } as const),
    ...{ file: file.path, table, result: { table, stored: 'peers' } },
  })
  return items(title, setting.rows, [
    ourImport(setting, { name: NAMES.ours, file }),
    ...Object.entries(peers).map(([name, module]) => ({
      ...{ name: `${name} + better-sqlite3`, expected: file.expected.stored, ours: false },
      task: peer(module),
    })),
  ])
}

async function importAgain(setting: Setting, title: string, format: DataFile['format']): Promise<Comparison> {
  const { rows, seeds } = setting
  const file = (content: DataFile['content']) => readyFile({ content, format, rows })
  const [first, shuffled, changed, fewer] = [
    await file('items'),
    await file('shuffled'),
    await file('changed'),
    await file('fewer'),
  ]
  const imported = await seeds.imported()
  const table = path.join(setting.folder, 'table.db')
  const undo: Task = {
    ...({ kind: 'job', module: './table-jobs.ts', call: 'undoJob', result: { table, stored: 'ours' } } as const),
    input: { table, job: 'again' },
  }
  return items(title, rows, [
    ourImport(setting, { name: NAMES.first, file: first }),
    ourImport(setting, { name: NAMES.shuffled, file: shuffled }),
    ourImport(setting, { name: NAMES.unchanged, file: first, startFrom: imported }),
    ourImport(setting, { name: '10 % changed', file: changed, startFrom: imported }),
    ourImport(setting, { name: 'replace: 10 % changed, 5 % gone', file: fewer, startFrom: imported, mode: 'replace' }),
    {
      ...{ name: 'undo of the 10 %', task: undo, expected: first.expected.stored, ours: true },
      startFrom: await seeds.changed(),
    },
  ])
}

/** No peer beside it: their checks are those of the items. */
async function importWide(setting: Setting): Promise<Comparison> {
  const file = await wideFile(setting)
  const candidates = [
    ourImport(setting, { name: NAMES.first, file }),
    ourImport(setting, { name: NAMES.unchanged, file, startFrom: await setting.seeds.wide(file) }),
  ]
  return { title: TITLES.importWide, rows: file.rows, columns: WIDE_COLUMNS, candidates }
}

type OurImport = { name: string; file: ReadyFile; startFrom?: string; mode?: 'update' | 'replace' }

function ourImport({ folder }: Setting, { name, file, startFrom, mode = 'update' }: OurImport): Candidate {
  const table = path.join(folder, 'table.db')
  const isWide = file.content === 'wide'
  const task: Task = {
    ...({ kind: 'job', module: './table-jobs.ts', call: 'importFile' } as const),
    input: {
      ...{ file: file.path, table, mode, job: startFrom === undefined ? 'first' : 'again' },
      ...(isWide && { shape: WIDE }),
    },
    result: { table, stored: isWide ? 'wide' : 'ours' },
  }
  return { name, task, expected: file.expected.stored, ours: true, ...(startFrom === undefined ? {} : { startFrom }) }
}

function items(title: string, rows: number, candidates: Candidate[]): Comparison {
  return { title, rows, columns: ITEM_HEADER.length, candidates }
}
