import { defineConfig } from 'vitest/config'

const shared = {
  // What waits on a condition says itself how long; this only ends a test that hangs.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
  setupFiles: ['src/load-drizzle-quickly.ts', 'tests/support/leaks.ts'],
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: ['tests/system/**', 'tests/libreoffice/**'],
          // Files, sockets and processes are counted for the leak check, so each file of tests has a process of its own.
          pool: 'forks',
          maxWorkers: 3,
        },
      },
      {
        test: {
          ...shared,
          name: 'system',
          include: ['tests/system/**/*.test.ts'],
          globalSetup: ['tests/support/find-browser.ts'],
          pool: 'forks',
          // Much of their time is waiting for a page, so two at once are quicker on any machine.
          maxWorkers: 3,
          testTimeout: 180_000,
        },
      },
    ],
  },
})
