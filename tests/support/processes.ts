import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The processes that have this file open, among those that `parent` started. */
export function processesOn(parent: number, file: string): number[] {
  return childrenOf(parent).filter((pid) => openFiles(pid).includes(file))
}

export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

export function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`)
      } catch {
        return ''
      }
    })
  } catch {
    return []
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A process that has ended and waits for its parent to look is gone for our purposes.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
