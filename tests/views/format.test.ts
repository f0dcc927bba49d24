import { expect, test } from 'vitest'
import {
  decimalsOf,
  formatBytes,
  formatDecimal,
  formatDuration,
  formatNumber,
  formatRemaining,
  formatTime,
  plural,
} from '../../src/views/format.ts'

test('numbers carry separators and lose nothing', () => {
  expect(formatNumber(1234567.125)).toBe('1,234,567.125')
  expect(plural(1, 'row')).toBe('1 row')
  expect(plural(2500, 'row')).toBe('2,500 rows')
})

test('decimals of a column line up', () => {
  expect(decimalsOf([129.9, 1089, 9.25])).toBe(2)
  expect(formatDecimal(1089, 2)).toBe('1,089.00')
})

test('sizes are said in the unit that fits', () => {
  expect(formatBytes(0)).toBe('0 bytes')
  expect(formatBytes(2048)).toBe('2 KB')
  expect(formatBytes(4_300_000)).toBe('4.1 MB')
  expect(formatBytes(512 * 1024 * 1024)).toBe('512 MB')
  expect(formatBytes(3 * 1024 ** 3)).toBe('3 GB')
})

test('durations are said no more exactly than anybody cares', () => {
  expect(formatDuration(45_900)).toBe('45 s')
  expect(formatDuration(125_000)).toBe('2 min 5 s')
  expect(formatDuration(4_320_000)).toBe('1 h 12 min')
  expect(formatRemaining(400)).toBe('about 1 s left')
  expect(formatRemaining(110_000)).toBe('about 2 min left')
})

test('a time is said in full and in UTC', () => {
  expect(formatTime('2024-02-08T14:02:59.123Z')).toBe('8 Feb 2024, 14:02 UTC')
})
