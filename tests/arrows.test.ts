import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const SRC = path.resolve(import.meta.dirname, '../src')

/** Which folders of src a folder may load. Files that lie in src itself start things, or are leaves that anyone may use. */
const MAY_LOAD: Record<string, string[]> = {
  spreadsheets: [],
  columns: ['spreadsheets'],
  tables: ['columns', 'spreadsheets'],
  processes: ['tables', 'columns', 'spreadsheets'],
  db: ['columns'],
  services: ['db', 'processes', 'tables', 'columns', 'spreadsheets'],
  backup: ['db', 'tables'],
  jobs: ['services', 'processes', 'tables', 'db'],
  views: ['columns', 'spreadsheets'],
  live: ['views', 'services', 'db'],
  web: ['services'],
  routes: ['views', 'services', 'live', 'web', 'columns'],
}

/** Files of src itself that load nothing of ours. */
const LEAVES = [
  'config.ts',
  'events.ts',
  'ids.ts',
  'instance-lock.ts',
  'log.ts',
  'states.ts',
  'sync-folder.ts',
  'thread-signs.ts',
  'told-error.ts',
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.split(path.sep).join('/'))

/** What a file names in its imports, types too, as paths below src. */
function imports(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8')
  const from = /\bfrom\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'/g
  return [...text.matchAll(from)].map(([, named, dynamic]) => below(file, named ?? dynamic ?? ''))
}

const below = (file: string, named: string) => path.posix.join(path.posix.dirname(file), named)

/** What a file loads when it runs, as paths below src; types are gone by then. */
function loads(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8')
  const from = /^(?:import|export)\s(?!type\b)[^'"]*?from\s+['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/gms
  return [...text.matchAll(from)]
    .filter(([whole]) => !/^(?:import|export)\s*\{(?:\s*type\s[^,}]*,?)+\s*\}/.test(whole))
    .map(([, named, dynamic]) => below(file, named ?? dynamic ?? ''))
}

test.each(files.filter((file) => file.includes('/')))('%s loads only what its folder may', (file) => {
  const [folder = ''] = file.split('/')
  const allowed = MAY_LOAD[folder]
  expect(allowed, `src/${folder} has no place in the layout`).toBeDefined()
  const wrong = loads(file).filter((loaded) => {
    const [target = ''] = loaded.split('/')
    return loaded.includes('/') ? target !== folder && !allowed?.includes(target) : !LEAVES.includes(loaded)
  })
  expect(wrong).toEqual([])
})

test('the leaves load nothing of ours', () => {
  expect(LEAVES.flatMap(loads)).toEqual([])
})

test('no files import each other in a circle, not even for a type', () => {
  const left = new Map(files.map((file) => [file, imports(file)]))
  for (let before = 0; before !== left.size; ) {
    before = left.size
    for (const [file, needs] of left) if (!needs.some((each) => left.has(each))) left.delete(file)
  }
  expect([...left.keys()]).toEqual([])
})

/** Everything that a program loads. */
function loadedBy(program: string): Set<string> {
  const seen = new Set([program])
  // A set is walked to its end, also what is added meanwhile.
  for (const file of seen) for (const next of loads(file)) seen.add(next)
  return seen
}

test('a job process never loads what belongs to the server', () => {
  const seen = loadedBy('processes/entry.ts')
  expect(seen.size).toBeGreaterThan(30)
  const folders = new Set([...seen].filter((file) => file.includes('/')).map((file) => file.split('/')[0]))
  expect([...folders].sort()).toEqual(['columns', 'processes', 'spreadsheets', 'tables'])
  expect(seen).not.toContain('processes/pool.ts')
})

test('what runs on Node alone loads no JSX', () => {
  const jsx = (program: string) => [...loadedBy(program)].filter((file) => file.endsWith('.tsx'))
  const programs = ['processes/entry.ts', 'make-backup.ts', 'make-key.ts', 'restore-backup.ts']
  expect(programs.flatMap(jsx)).toEqual([])
  expect(jsx('server.ts')).not.toEqual([])
})

test('the reader of this test sees imports', () => {
  expect(loads('processes/entry.ts')).toContain('processes/tasks/records.ts')
  expect(loads('routes/jobs.tsx')).toContain('services/jobs.ts')
  expect(loads('views/layout.tsx')).not.toContain('views/viewer.ts')
  expect(imports('views/layout.tsx')).toContain('views/viewer.ts')
})
