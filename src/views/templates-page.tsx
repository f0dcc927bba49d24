import { ButtonLink } from './button.tsx'
import { Examples, type ExampleView } from './examples.tsx'
import { formatNumber } from './format.ts'
import { Layout } from './layout.tsx'
import { recordsPath, templatePath } from './paths.ts'
import { Time } from './time.tsx'
import type { Viewer } from './viewer.ts'

export type TemplateListItem = { id: string; name: string; description: string; records: number; createdAt: string }

type Props = { viewer: Viewer; templates: TemplateListItem[]; examples: ExampleView[] }

export function TemplatesPage({ viewer, templates, examples }: Props) {
  return (
    <Layout title="Templates" viewer={viewer} section="templates" liveTopics={[]}>
      <div class="page-head">
        <h1>Templates</h1>
        {templates.length > 0 && (
          <ButtonLink href="/templates/new" look="primary" icon="plus">
            New template
          </ButtonLink>
        )}
      </div>
      {templates.length === 0 ? <FirstTemplate examples={examples} /> : <TemplateTable templates={templates} />}
    </Layout>
  )
}

function FirstTemplate({ examples }: { examples: ExampleView[] }) {
  return (
    <div class="stack-wide">
      <section class="empty">
        <h2>Create your first template</h2>
        <p>
          A template says what a clean row looks like: which columns there are and what may stand in them. Then drop
          spreadsheets on it: every row is checked, you see what would change, and you can take it back.
        </p>
        <div class="actions actions-center">
          <ButtonLink href="/templates/new#from-file" look="primary" icon="upload">
            Start from a spreadsheet
          </ButtonLink>
          <ButtonLink href="/templates/new" icon="plus">
            Start from scratch
          </ButtonLink>
        </div>
      </section>
      <Examples examples={examples} />
    </div>
  )
}

function TemplateTable({ templates }: { templates: TemplateListItem[] }) {
  return (
    <ul class="card template-list">
      {templates.map((template) => (
        <li class="template-item">
          <div class="template-what">
            <h2>
              <a href={templatePath(template.id)}>{template.name}</a>
            </h2>
            {template.description && <p class="quiet">{template.description}</p>}
          </div>
          <p class="template-count">
            <a href={recordsPath(template.id)}>
              <strong>{formatNumber(template.records)}</strong> {template.records === 1 ? 'record' : 'records'}
            </a>
          </p>
          <p class="quiet template-date">
            created <Time at={template.createdAt} />
          </p>
          <p class="template-actions">
            <a href={`${templatePath(template.id)}/edit`}>
              Edit<span class="visually-hidden"> {template.name}</span>
            </a>
            <a class="danger-link" href={`${templatePath(template.id)}/delete`}>
              Delete…<span class="visually-hidden"> {template.name}</span>
            </a>
          </p>
        </li>
      ))}
    </ul>
  )
}
