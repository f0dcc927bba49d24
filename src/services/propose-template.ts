import type { Proposal } from '../processes/messages.ts'
import { askTable } from './ask-table.ts'
import { type Context, Refusal } from './context.ts'

/**
 * Proposes columns from a file, with the evidence for each; saves nothing and leaves the file where it is.
 * Throws `Refusal`: 415 when it is not a spreadsheet, 422 when it can't be read or holds nothing.
 */
export async function proposeTemplate(context: Context, file: { path: string; name: string }): Promise<Proposal> {
  const answer = await askTable(context, { kind: 'columns.propose', path: file.path, name: file.name })
  if ('proposal' in answer) return answer.proposal
  const { code, message, hint } = answer.error
  const status = code === 'not_a_spreadsheet' ? 415 : code === 'too_large' ? 413 : 422
  throw new Refusal(status, { code, message, hint, fields: [{ path: 'file', message }] })
}
