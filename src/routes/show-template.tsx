import { newId } from '../ids.ts'
import type { Context, Member, Refusal } from '../services/context.ts'
import { exampleFor } from '../services/examples.ts'
import { templateJobs } from '../services/job-lists.ts'
import { previewRecords } from '../services/records.ts'
import { findTemplate } from '../services/templates.ts'
import type { DropValues } from '../views/drop-form.tsx'
import { NOTHING_CHOSEN } from '../views/reading-fields.tsx'
import { renderPage } from '../views/render.ts'
import { PREVIEWED } from '../views/table-preview.tsx'
import { TemplatePage } from '../views/template-page.tsx'
import { viewer } from './viewer.ts'

type Typed = { drop?: Partial<DropValues>; refused?: Refusal }

/** A template's page, also as the answer to an upload that was refused: with the reason, and what was chosen. */
export async function showTemplate(
  context: Context,
  member: Member,
  { id, drop, refused }: { id: string } & Typed,
): Promise<string> {
  const template = findTemplate(context, member, id)
  const records = await previewRecords(context, member, { templateId: id, limit: PREVIEWED })
  return renderPage(
    <TemplatePage
      viewer={viewer(context, member)}
      template={template}
      {...templateJobs(context, member, id)}
      records={records}
      drop={{
        mode: template.mode,
        onProblems: template.onProblems,
        ...NOTHING_CHOSEN,
        checkOnly: false,
        ...drop,
      }}
      maxBytes={context.config.maxUploadBytes}
      idempotencyKey={newId()}
      refused={
        refused === undefined ? null : { message: refused.message, hint: refused.hint, link: refused.link ?? null }
      }
      example={exampleFor(template.name)}
    />,
  )
}
