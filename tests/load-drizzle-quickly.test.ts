import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '..')

/** Which files of Drizzle are loaded for app.db, by their endings. */
function endings(first: string): string[] {
  const program = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({
      load(url, context, next) {
        if (url.includes('/drizzle-orm/')) seen.add(url.slice(url.lastIndexOf('.')))
        return next(url, context)
      },
    })
    ${first}
    const { openDb } = await import('./src/db/open.ts')
    if (typeof openDb !== 'function') throw new Error('app.db can not be opened')
    console.log([...seen].join(' '))`
  const options = { cwd: ROOT, encoding: 'utf8' } as const
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, args, options).trim().split(' ')
}

test('Drizzle is loaded as CommonJS, which takes a third of the time', () => {
  expect(endings('')).toEqual(['.js'])
  expect(endings(`await import('./src/load-drizzle-quickly.ts')`)).toEqual(['.cjs'])
})
