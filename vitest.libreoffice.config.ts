import { defineConfig } from 'vitest/config'

/** What needs LibreOffice has a run of its own, since most machines don't have it: `npm run test:libreoffice`. */
export default defineConfig({
  test: {
    name: 'libreoffice',
    include: ['tests/libreoffice/**/*.test.ts'],
    globalSetup: ['tests/libreoffice/find-libreoffice.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 180_000,
  },
})
