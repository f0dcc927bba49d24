import type { TemplateShape, Values } from '../columns/column.ts'
import type { ChangesPage, RecordDiff } from '../tables/job-changes.ts'
import type { KeptPage, KeptSince } from '../tables/kept-records.ts'
import type { TableSize } from '../tables/ledger.ts'
import type { RecordPage, RecordQuery } from '../tables/list-records.ts'
import type { PlannedChanges } from '../tables/planned-changes.ts'
import type { Counts } from '../tables/progress.ts'
import type { HistoryRange } from '../tables/record-history.ts'
import type { RecordChange, RecordDeletion, RecordEdit, StoredRecord } from '../tables/records.ts'
import type { ProblemGroup, ProblemPage, ProblemQuery } from '../tables/staged-problems.ts'
import type { TableChange } from '../tables/table-schema.ts'
import type { UndoPlan } from '../tables/undo-plan.ts'
import type { Proposal, ProposalReading } from './messages.ts'

/**
 * What the main process asks another process about a table, a staging file or an upload. The main process never opens
 * these files itself: a lock, a sort without an index or a malicious file must not hold up a page.
 * `table` and `staging` are paths.
 */
export type Questions = {
  'table.sync': { ask: { table: string; shape: TemplateShape }; answer: null }
  'table.plan': { ask: { table: string; shape: TemplateShape }; answer: TableChange }
  /** Makes the index that the answer to a list wished for (`wantsIndex`). */
  'table.index': { ask: { table: string; shape: TemplateShape; columnId: string }; answer: null }
  'records.list': { ask: { table: string; shape: TemplateShape; query: RecordQuery }; answer: RecordPage }
  'records.find': { ask: { table: string; shape: TemplateShape; id: number }; answer: StoredRecord | null }
  'records.insert': { ask: { table: string; shape: TemplateShape; values: Values; actor: string }; answer: RecordEdit }
  'records.update': {
    ask: { table: string; shape: TemplateShape; id: number; values: Values; actor: string }
    answer: RecordEdit
  }
  'records.delete': { ask: { table: string; shape: TemplateShape; id: number; actor: string }; answer: RecordDeletion }
  'records.history': {
    ask: { table: string; shape: TemplateShape; id: number } & HistoryRange
    answer: RecordChange[]
  }
  /**
   * What an import or undo did, when its transaction was committed, with the size of the table now; null when it was not.
   * The staging of an import that was is tidied.
   */
  'import.applied': {
    ask: { table: string; jobId: string; staging: string | null }
    answer: { counts: Counts; size: TableSize } | null
  }
  'undo.plan': { ask: { table: string; shape: TemplateShape; jobId: string } & KeptPage; answer: UndoPlan | null }
  /** The records that an undo left as they are, in the order of their ids. */
  'undo.kept': { ask: { table: string; shape: TemplateShape; jobId: string } & KeptPage; answer: KeptSince[] }
  /** What a job did to the records, of one kind. */
  'changes.list': {
    ask: { table: string; shape: TemplateShape; jobId: string; page: ChangesPage }
    answer: RecordDiff[]
  }
  /** What an import in review would do to them. */
  'changes.plan': {
    ask: { paths: { table: string; staging: string }; shape: TemplateShape; page: ChangesPage }
    answer: PlannedChanges
  }
  /** Lets go of what records were before changes older than `before` (ISO 8601); answers how many changes. */
  'history.forget': { ask: { table: string; shape: TemplateShape; before: string }; answer: number }
  'problems.groups': { ask: { staging: string; shape: TemplateShape }; answer: ProblemGroup[] }
  'problems.list': { ask: { staging: string; query: ProblemQuery }; answer: ProblemPage }
  /** Writes the refused rows as a file to repair; answers how many. */
  'problems.file': { ask: { staging: string; format: 'xlsx' | 'csv'; out: string }; answer: number }
  'columns.propose': {
    ask: { path: string; name: string; asked: ProposalReading }
    answer: { proposal: Proposal } | { error: { code: string; message: string; hint: string } }
  }
}

export type QuestionKind = keyof Questions
export type Question = { [K in QuestionKind]: { kind: K } & Questions[K]['ask'] }[QuestionKind]
export type Answer<K extends QuestionKind> = Questions[K]['answer']
