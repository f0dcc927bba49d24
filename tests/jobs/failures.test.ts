import { expect, test } from 'vitest'
import { failedBy, poison } from '../../src/jobs/failures.ts'

const SAVE_ANEW = 'Open the file in your spreadsheet program, save it as a new XLSX file, and upload that one.'

test('a job that was given up says what became of it each time, and what to do with its file', () => {
  expect(poison('stalled', 'import').error).toEqual({
    code: 'poison',
    message: 'Tried 3 times, but the process that worked on it gave no sign of life for 30 seconds.',
    hint: SAVE_ANEW,
  })
  expect(poison('crashed', 'import').error).toMatchObject({
    message: 'Tried 3 times, but the process that worked on it crashed.',
    hint: SAVE_ANEW,
  })
})

test('a job that needed too much memory is told the format that needs less, and who can give it more', () => {
  expect(poison('memory', 'import').error).toEqual({
    code: 'poison',
    message: 'Tried 3 times, but it needed more memory than a job may use.',
    hint: 'Save it as XLSX, or as CSV if it is one already, and upload that; or split the file, or ask whoever runs this server to raise JOB_MEMORY_MB.',
  })
})

test('an undo or an export that was given up is told of no file, for it has none', () => {
  for (const kind of ['undo', 'export'] as const) {
    expect(poison('memory', kind).error?.hint).toBe(
      'Ask whoever runs this server to raise JOB_MEMORY_MB, and try again.',
    )
    expect(poison('crashed', kind).error?.hint).toMatch(
      /^Try again\. If it happens again, tell whoever runs this server/,
    )
  }
})

test('what nobody foresaw is said to be our fault, with the reference by which the log has it', () => {
  expect(failedBy(new TypeError('x is not a function'), 'r4711').error).toEqual({
    code: 'internal',
    message: 'Something went wrong on our side (reference r4711).',
    hint: 'Try again. If it happens again, tell whoever runs this server the reference.',
  })
})
