import { readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

/** The resident size seen from outside, where the system shows it: a process that swells in one call can't report. */
export function residentBytes(pid: number | undefined): number | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]
    return pages === undefined ? undefined : Number(pages) * PAGE_BYTES
  } catch {
    return undefined
  }
}

/**
 * How much it has read and written, seen from outside where the system shows it. One statement over a large table can't
 * report, and is at work as long as this grows; a process that was stopped moves nothing, and one in a loop without an
 * end no more than the few bytes by which its threads wake each other.
 */
export function bytesMoved(pid: number | undefined): number | undefined {
  try {
    const [, read, written] = /^rchar: (\d+)\nwchar: (\d+)\n/.exec(readFileSync(`/proc/${pid}/io`, 'latin1')) ?? []
    return written === undefined ? undefined : Number(read) + Number(written)
  } catch {
    return undefined
  }
}
