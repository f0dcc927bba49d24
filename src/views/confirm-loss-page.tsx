import { ConfirmPage } from './confirm-page.tsx'
import { templatePath } from './paths.ts'
import type { Viewer } from './viewer.ts'

type Props = {
  viewer: Viewer
  template: { id: string; name: string }
  /** What goes, with its numbers. */
  sentence: string
  fields: [string, string][]
}

/** Asks before a change of the columns deletes values. */
export function ConfirmLossPage({ viewer, template, sentence, fields }: Props) {
  const path = `${templatePath(template.id)}/edit`
  return (
    <ConfirmPage
      viewer={viewer}
      title="Delete these values?"
      crumb={{ href: templatePath(template.id), text: template.name }}
      action={path}
      fields={[...fields, ['force', 'yes']]}
      yes="Save and delete these values"
      no={{ value: 'preview', text: 'Back to editing' }}
    >
      <p class="lead">{sentence}</p>
      <p>This can't be undone. An export of the data keeps them.</p>
      <p>
        A column that was removed keeps its values when one of its name is added again; or{' '}
        <a href={path}>leave all columns as they are</a> and begin anew.
      </p>
    </ConfirmPage>
  )
}
