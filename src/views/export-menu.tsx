import { plural } from './format.ts'
import { Menu, MenuPost } from './menu.tsx'
import { templatePath } from './paths.ts'

type Props = {
  templateId: string
  records: number
  idempotencyKey: string
  /** Only these records: the fields of the filter, as the address of the page has them. */
  filter?: Record<string, string>
}

/** Everything that can be taken out of a template. Each item starts a job and leads to its page. */
export function ExportMenu({ templateId, records, idempotencyKey, filter = {} }: Props) {
  const action = `${templatePath(templateId)}/exports`
  const fields = (format: string, content: string, more: Record<string, string> = {}) => ({
    format,
    content,
    idempotency_key: `${idempotencyKey}${format}${content}${more.delimiter ?? ''}`,
    ...(content === 'data' ? filter : {}),
    ...more,
  })
  const rows = plural(records, 'record')
  return (
    <Menu label="Export" icon="download">
      <MenuPost action={action} fields={fields('xlsx', 'data')} note={rows}>
        Data as XLSX
      </MenuPost>
      <MenuPost action={action} fields={fields('csv', 'data')} note={rows}>
        Data as CSV
      </MenuPost>
      <MenuPost
        action={action}
        fields={fields('csv', 'data', { delimiter: 'semicolon' })}
        note="for Excel with decimal commas"
      >
        Data as CSV with semicolons
      </MenuPost>
      <MenuPost action={action} fields={fields('xlsx', 'template')}>
        Blank template
      </MenuPost>
      <MenuPost action={action} fields={fields('xlsx', 'sample')}>
        Template with sample rows
      </MenuPost>
    </Menu>
  )
}
