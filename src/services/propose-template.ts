import type { Proposal } from '../processes/messages.ts'
import type { Answer, Task } from '../processes/protocol.ts'
import { askTable, TOO_MUCH } from './ask-table.ts'
import { type Context, Refusal } from './context.ts'
import { readingFields } from './reading-input.ts'
import type { Upload } from './receive-upload.ts'
import { refuseInvalid } from './refuse-invalid.ts'

const proposalFields = readingFields.pick({
  sheet: true,
  header_row: true,
  encoding: true,
  delimiter: true,
  quote: true,
  one_table: true,
})

/**
 * Proposes columns from a file, with the evidence for each; saves nothing and leaves the file where it is. The fields
 * beside it may say where its table is. Throws `Refusal`: 415 when it is not a spreadsheet, 422 when it can't be read or
 * holds nothing.
 */
export async function proposeTemplate(context: Context, { file, fields }: Upload): Promise<Proposal> {
  const said = refuseInvalid(proposalFields, Object.fromEntries(fields))
  const answer = await askAbout(context, {
    ...{ kind: 'columns.propose', path: file.path, name: file.name },
    asked: {
      sheet: said.sheet ?? null,
      headerRow: said.header_row ?? null,
      encoding: said.encoding ?? null,
      delimiter: said.delimiter ?? null,
      quote: said.quote ?? null,
      oneTable: said.one_table ?? false,
    },
  })
  if ('proposal' in answer) return answer.proposal
  const { code, message, hint } = answer.error
  const status = code === 'not_a_spreadsheet' ? 415 : code === 'too_large' ? 413 : 422
  throw new Refusal(status, { code, message, hint, fields: [{ path: FIELD_OF[code] ?? 'file', message }] })
}

/** A file that takes its process down is no search that could be narrower. */
async function askAbout(context: Context, task: Task<'columns.propose'>): Promise<Answer<'columns.propose'>> {
  try {
    return await askTable(context, task)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== TOO_MUCH) throw error
    const message = 'This file took more time or memory than looking at one may take, so that was stopped.'
    const hint =
      'Save it as XLSX, or as CSV if it is one already, with a few of its rows; they show the columns as well.'
    throw new Refusal(422, { code: TOO_MUCH, message, hint, fields: [{ path: 'file', message }] })
  }
}

/** What is the fault of another field than the file. */
const FIELD_OF: Record<string, string> = { sheet_not_found: 'sheet', no_header_row: 'header_row' }
