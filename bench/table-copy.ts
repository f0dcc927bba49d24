import { copyFileSync, rmSync } from 'node:fs'

/** A closed table is one file. */
export function copyTable(from: string, to: string): void {
  removeTable(to)
  copyFileSync(from, to)
}

export function removeTable(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '.staging', '.staging-journal']) rmSync(file + suffix, { force: true })
}
