import type { SqlValue } from './sql-columns.ts'

/** Where a page of records ended: the value sorted by (null when the order is by id alone, or the value is empty) and the id. */
export type RecordCursor = { value: SqlValue; id: number }

/** A cursor is opaque to whoever gets it; it holds for the order in which it was made. */
export function encodeCursor({ value, id }: RecordCursor): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url')
}

/** Reads a cursor back; `undefined` when it is none. */
export function decodeCursor(text: string): RecordCursor | undefined {
  const parts = parse(Buffer.from(text, 'base64url').toString())
  if (!Array.isArray(parts) || parts.length !== 2) return undefined
  const [value, id]: unknown[] = parts
  const isValue = value === null || typeof value === 'string' || typeof value === 'number'
  return isValue && Number.isSafeInteger(id) ? { value, id: Number(id) } : undefined
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
