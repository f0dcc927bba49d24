import { newId } from '../ids.ts'
import type { Context, Member, Refusal } from '../services/context.ts'
import { exampleFor } from '../services/examples.ts'
import { findImportSettings, type ImportSettings } from '../services/import-settings.ts'
import { templateJobs } from '../services/job-lists.ts'
import { previewRecords } from '../services/records.ts'
import { findTemplate } from '../services/templates.ts'
import type { DropValues, SettingsView } from '../views/drop-form.tsx'
import { NOTHING_CHOSEN, readingValues } from '../views/reading-fields.tsx'
import { renderPage } from '../views/render.ts'
import { PREVIEWED } from '../views/table-preview.tsx'
import { TemplatePage } from '../views/template-page.tsx'
import { viewer } from './viewer.ts'

type Typed = { drop?: Partial<DropValues>; settingsOf?: string | undefined; refused?: Refusal }

/**
 * A template's page, also as the answer to an upload that was refused: with the reason, and what was chosen. With
 * `settingsOf`, an import of this template, its drop form imports as that one did.
 */
export async function showTemplate(
  context: Context,
  member: Member,
  { id, drop, settingsOf, refused }: { id: string } & Typed,
): Promise<string> {
  const template = findTemplate(context, member, id)
  const settings =
    settingsOf === undefined
      ? undefined
      : findImportSettings(context, member, { id: settingsOf, shape: template.shape })
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
        ...(settings && valuesOf(settings)),
        ...drop,
      }}
      settings={settings === undefined ? null : viewOf(settings)}
      maxBytes={context.config.maxUploadBytes}
      idempotencyKey={newId()}
      refused={
        refused === undefined ? null : { message: refused.message, hint: refused.hint, link: refused.link ?? null }
      }
      example={exampleFor(template.name)}
    />,
  )
}

function valuesOf({ mode, onProblems, reading }: ImportSettings): Partial<DropValues> {
  return { mode, onProblems, ...readingValues(reading) }
}

function viewOf({ jobId, fileName, reading }: ImportSettings): SettingsView {
  const { mapping, dateOrders, decimals } = reading
  const asRead = Object.keys({ ...dateOrders, ...decimals }).length
  return { jobId, fileName, matched: Object.keys(mapping).length, asRead }
}
