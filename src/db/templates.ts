import { and, asc, eq, gt, or, sql } from 'drizzle-orm'
import type { Column, TemplateShape } from '../columns/column.ts'
import type { Queries } from './open.ts'
import { given, prepared } from './prepared.ts'
import { type ColumnRow, columns, type TemplateRow, templates } from './schema.ts'

export function insertTemplate(db: Queries, template: typeof templates.$inferInsert): void {
  db.insert(templates).values(template).run()
}

const templateOfTeam = prepared((db: Queries) =>
  db
    .select()
    .from(templates)
    .where(and(eq(templates.id, sql.placeholder('id')), eq(templates.teamId, sql.placeholder('teamId'))))
    .prepare(),
)

export function findTemplateRow(db: Queries, template: { id: string; teamId: string }): TemplateRow | undefined {
  return templateOfTeam(db).get(template)
}

export type TemplatePosition = { name: string; id: string }

/** A team's templates by name; `after` is the last one of the page before. */
export function listTemplateRows(
  db: Queries,
  teamId: string,
  { after, limit }: { after?: TemplatePosition; limit: number },
): TemplateRow[] {
  const name = sql`lower(${templates.name})`
  const lastName = sql`lower(${after?.name ?? ''})`
  const beyond = after && or(gt(name, lastName), and(eq(name, lastName), gt(templates.id, after.id)))
  return db
    .select()
    .from(templates)
    .where(and(eq(templates.teamId, teamId), beyond))
    .orderBy(name, asc(templates.id))
    .limit(limit)
    .all()
}

export function listTemplateNames(db: Queries, teamId: string): { id: string; name: string }[] {
  return db.select({ id: templates.id, name: templates.name }).from(templates).where(eq(templates.teamId, teamId)).all()
}

export function listTemplatesOfAll(db: Queries): TemplateRow[] {
  return db.select().from(templates).all()
}

export type TemplateSettings = Partial<
  Pick<TemplateRow, 'name' | 'description' | 'mode' | 'onProblems' | 'groupColumnId' | 'version'>
>

export function setTemplate(db: Queries, id: string, settings: TemplateSettings): void {
  db.update(templates)
    .set({ ...settings, updatedAt: new Date().toISOString() })
    .where(eq(templates.id, id))
    .run()
}

/** How files are read for one column from now on: under which other names it is found, and its dates and numbers in text. */
export function setColumnReading(
  db: Queries,
  { templateId, id }: { templateId: string; id: string },
  reading: Partial<Pick<Column, 'aliases' | 'dateOrder' | 'decimal'>>,
): void {
  db.update(columns)
    .set(reading)
    .where(and(eq(columns.templateId, templateId), eq(columns.id, id)))
    .run()
}

export function deleteTemplateRow(db: Queries, id: string): void {
  db.delete(templates).where(eq(templates.id, id)).run()
}

const columnsOfTemplate = prepared((db: Queries) =>
  db
    .select()
    .from(columns)
    .where(eq(columns.templateId, sql.placeholder('templateId')))
    .orderBy(asc(columns.position))
    .prepare(),
)

export function listColumnRows(db: Queries, templateId: string): ColumnRow[] {
  return columnsOfTemplate(db).all({ templateId })
}

/** Makes these the template's columns, in this order, numbered from 0. */
export function setColumns(db: Queries, templateId: string, list: Column[]): void {
  db.delete(columns).where(eq(columns.templateId, templateId)).run()
  for (const [position, column] of list.entries()) {
    db.insert(columns)
      .values({ ...column, templateId, position })
      .run()
  }
}

/** What the core needs to know of a template; `columnRows` in their order. */
export function toShape(row: TemplateRow, columnRows: ColumnRow[]): TemplateShape {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    columns: columnRows.map(toColumn),
    groupColumnId: row.groupColumnId,
  }
}

function toColumn({ templateId: _templateId, position: _position, ...column }: ColumnRow): Column {
  return column
}

const recordsOfTemplate = prepared((db: Queries) =>
  db
    .update(templates)
    .set({ records: given('records') })
    .where(eq(templates.id, given('id')))
    .prepare(),
)

/** How many records the table holds, as whoever last wrote it counted them. */
export function setTemplateRecords(db: Queries, id: string, records: number): void {
  recordsOfTemplate(db).run({ id, records })
}
