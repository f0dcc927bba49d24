import { log } from '../log.ts'
import { findStorageProblem } from './storage-problem.ts'

/**
 * Writes down what nobody's answer depends on. On a disk that is full or can't be written to, people still get to read.
 * Answers whether it was written.
 */
export function noteIfPossible(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if (findStorageProblem(error) === undefined) throw error
    log('warn', 'storage.not_noted', { error })
    return false
  }
}
