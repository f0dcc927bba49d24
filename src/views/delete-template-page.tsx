import { ConfirmPage } from './confirm-page.tsx'
import { plural } from './format.ts'
import { templatePath } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = { viewer: Viewer; template: { id: string; name: string; records: number } }

export function DeleteTemplatePage({ viewer, template }: Props) {
  const path = templatePath(template.id)
  const records = plural(template.records, 'record')
  return (
    <ConfirmPage
      viewer={viewer}
      title={`Delete ${template.name}?`}
      crumb={{ href: path, text: template.name }}
      action={`${path}/delete`}
      yes={template.records === 0 ? 'Delete the template' : `Delete the template and ${records}`}
      no={{ href: path, text: 'Keep it' }}
    >
      <p class="lead">
        {template.records === 0
          ? 'The template goes, with its columns, its jobs and their files. It holds no records.'
          : `The template goes, with its columns, ${records}, its jobs and their files.`}
      </p>
      <p>This can't be undone.{template.records > 0 && ' An export of the data keeps the records.'}</p>
    </ConfirmPage>
  )
}
