import type { Column } from '../columns/column.ts'
import { newColumnId } from '../ids.ts'
import { Refusal } from './context.ts'
import { type ColumnInput, nameKey } from './template-input.ts'

type Wish = { columns?: ColumnInput[] | undefined; key?: string[] | undefined; group?: string | null | undefined }
type Chosen = { columns: Column[]; groupColumnId: string | null }

/**
 * The columns that a template will have. A column keeps its id, and so its values, when the wish names that id, or
 * names none and there is a column of that name. Who says nothing about the key or the group keeps them as they are.
 * Throws a 422 when the key or the group names a column that is not there.
 */
export function chooseColumns(wish: Wish, before: Chosen = { columns: [], groupColumnId: null }): Chosen {
  const listed = wish.columns === undefined ? before.columns : withIdentity(wish.columns, before.columns)
  const columns = wish.key === undefined ? listed : withKey(listed, wish.key)
  return { columns, groupColumnId: chooseGroup(columns, wish.group, before.groupColumnId) }
}

function withIdentity(wished: ColumnInput[], before: Column[]): Column[] {
  const byId = new Map(before.map((column) => [column.id, column]))
  const claimed = new Set(wished.map((column) => column.id).filter((id) => id !== undefined && byId.has(id)))
  const byName = new Map(
    before.filter((column) => !claimed.has(column.id)).map((column) => [nameKey(column.name), column]),
  )
  const used = new Set<string>()
  return wished.map(({ date_order: dateOrder, id, key, ...column }) => {
    const sameId = id === undefined || used.has(id) ? undefined : byId.get(id)
    const earlier = sameId ?? byName.get(nameKey(column.name))
    const ownId = earlier === undefined || used.has(earlier.id) ? newColumnId() : earlier.id
    used.add(ownId)
    return { ...column, id: ownId, key: key ?? earlier?.key ?? false, dateOrder }
  })
}

function withKey(columns: Column[], names: string[]): Column[] {
  const ids = new Set(names.map((name, index) => named(columns, name, `key.${index}`).id))
  return columns.map((column) => ({ ...column, key: ids.has(column.id) }))
}

function chooseGroup(columns: Column[], wish: string | null | undefined, before: string | null): string | null {
  if (wish === undefined) return columns.some((column) => column.id === before) ? before : null
  return wish === null ? null : named(columns, wish, 'group').id
}

/** A column by name, or by id as a form has it. Throws a 422 at `path` when there is none. */
export function named(columns: Column[], name: string, path: string): Column {
  const column =
    columns.find((each) => each.id === name) ?? columns.find((each) => nameKey(each.name) === nameKey(name))
  if (column !== undefined) return column
  const message = `The template has no column '${name}'.`
  throw new Refusal(422, { code: 'invalid', message, fields: [{ path, message }] })
}
