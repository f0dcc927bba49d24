import type { JobObject } from '../services/job-object.ts'
import type { ImportDetails } from '../tables/import-details.ts'
import type { Reading } from '../tables/reading.ts'

/** A job with everything a person sees of it. */
export type JobView = {
  job: JobObject
  templateName: string
  /** What the job is about: a file's name, "Data as XLSX", "Undo of stock.xlsx". */
  fileLabel: string
  creatorName: string | null
  /**
   * The job that has to end first: it changes the same table, or all places are taken and it is the furthest. `by` is who
   * started it, when that is somebody else. Of the jobs of another team nothing is told but that they are there.
   */
  waitingFor: { name: string; by: string | null; percent: number | null; why: 'table' | 'place' } | 'other_team' | null
  /** 1 for the next of the team to run; null when it doesn't wait in the queue. */
  place: number | null
  /** Rows a second. */
  speed: number | null
  /** The name of the column that progress is counted by. */
  groupName: string | null
  details: ImportDetails | null
  /** What was said about how the file is to be read; null for what is no import. */
  reading: Reading | null
  /** The job had begun, its process ended, and it goes on from where it was. */
  interrupted: boolean
  /** The import only checks the file and changes nothing. */
  checkOnly: boolean
  /** How often its process died in a row without getting further. */
  crashes: number
  /** How long its process has given no sign of life; null when nobody works on it. */
  silentMs: number | null
  /** It waits because no process can be started. */
  noWorker: boolean
  /** A cancel was asked for and the job has not stopped yet. */
  cancelling: boolean
  /** How long after the end of the job its file is kept. */
  keepHours: number
  /** What came of it that its numbers don't say. */
  note: string | null
  /** The fingerprint of what waits for a person's yes. */
  plan: string | null
  can: {
    cancel: boolean
    approve: boolean
    retry: boolean
    /** The file is kept and nothing has been done yet, so that it can be read in another way. */
    readAgain: boolean
    /** It is done and its file is kept, so that the file can be imported once more. */
    importKept: boolean
    undo: boolean
    /** What it changed, or would change, is known record by record. */
    seeChanges: boolean
    downloadFile: boolean
    downloadRefused: boolean
  }
  /** When the job's file was deleted; null while it is there. */
  fileGoneAt: string | null
  /** The job that undid this one. */
  undoneBy: string | null
  /** The job that this one undoes. */
  undoOf: { id: string; label: string } | null
}
