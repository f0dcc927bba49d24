import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

type Patch = { file: string; find: string; put: string }

/** Builds that break a promise on purpose. A torture that does not find them would prove nothing about the others. */
export const BROKEN = {
  'synchronous-off': {
    needs: 'power cuts',
    patches: [
      { file: 'db/open.ts', find: "'synchronous = FULL'", put: "'synchronous = OFF'" },
      { file: 'tables/open-table.ts', find: "'synchronous = FULL'", put: "'synchronous = OFF'" },
    ],
  },
  'ledger-apart': {
    needs: 'a sweep',
    patches: [
      {
        file: 'tables/apply.ts',
        find: '    table.transaction((): Applied | undefined => applyOnce(options)).immediate(),\n',
        put: `{
          const row = table.prepare('SELECT * FROM ledger WHERE job_id = ?')
          const [applied, entry] = table.transaction(() => {
            const applied = applyOnce(options)
            const entry = row.get(options.jobId) as Record<string, unknown> | undefined
            table.prepare('DELETE FROM ledger WHERE job_id = ?').run(options.jobId)
            return [applied, entry] as const
          }).immediate()
          if (entry !== undefined) {
            const names = Object.keys(entry)
            table.prepare(\`INSERT INTO ledger (\${names}) VALUES (\${names.map((name) => ':' + name)})\`).run(entry)
          }
          return applied
        }`,
      },
    ],
  },
  'answer-before-sync': {
    needs: 'power cuts',
    patches: [
      { file: 'services/receive-upload.ts', find: '{ flush: true }', put: '{}' },
      { file: 'sync-folder.ts', find: '    await handle.sync()\n', put: '' },
    ],
  },
} as const satisfies Record<string, { needs: 'a sweep' | 'power cuts'; patches: Patch[] }>

export type Broken = keyof typeof BROKEN

/**
 * Copies the sources into `folder`, so that nobody changes them meanwhile, and breaks the copy when a name is given.
 * Throws when the sources no longer have what is to be broken.
 */
export function copySource(folder: string, broken?: Broken): string {
  const root = path.join(folder, 'source')
  mkdirSync(root)
  for (const part of ['src', 'public', 'examples', 'package.json', 'tsconfig.json']) {
    cpSync(path.join(REPOSITORY, part), path.join(root, part), { recursive: true })
  }
  linkPackages(path.join(REPOSITORY, 'node_modules'), path.join(root, 'node_modules'))
  for (const { file, find, put } of broken === undefined ? [] : BROKEN[broken].patches) {
    const target = path.join(root, 'src', file)
    const text = readFileSync(target, 'utf8')
    if (text.split(find).length !== 2)
      throw new Error(`src/${file} no longer has "${find.trim()}" once: mend broken.ts`)
    writeFileSync(
      target,
      text.replace(find, () => put),
    )
  }
  return root
}

/** What Node compiles of a copy is kept beside the packages, and goes with the copy. */
function linkPackages(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) if (name !== '.cache') symlinkSync(path.join(from, name), path.join(to, name))
}
