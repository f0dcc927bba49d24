import { existsSync, readFileSync } from 'node:fs'

const STATUS = '/proc/self/status'

/**
 * The most memory this process ever held, in MB. Not `maxRSS`, where the system says better: on Linux a process
 * inherits that from the one that started it, so that beside a large parent every child looks large.
 */
export function peakMemoryMb(): number {
  const found = existsSync(STATUS) ? /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(STATUS, 'utf8')) : null
  return Number(found?.[1] ?? process.resourceUsage().maxRSS) / 1024
}
