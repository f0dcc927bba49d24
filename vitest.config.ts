import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Where the files are that take longest. Last of all, one of them would run alone. */
const LONGEST = ['tests/torture', 'tests/system', 'tests/jobs', 'tests/backup']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((folder) => relative(import.meta.dirname, moduleId).startsWith(folder))
      return at === -1 ? LONGEST.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}

const shared = {
  // What waits on a condition says itself how long; this only ends a test that hangs.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
  setupFiles: ['src/load-drizzle-quickly.ts', 'tests/support/leaks.ts'],
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: ['tests/system/**', 'tests/libreoffice/**'],
          // Files, sockets and processes are counted for the leak check, so each file of tests has a process of its own.
          pool: 'forks',
          maxWorkers: 4,
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          globalSetup: ['tests/support/find-browser.ts'],
          pool: 'forks',
          maxWorkers: 4,
          testTimeout: 180_000,
        },
      },
    ],
  },
})
