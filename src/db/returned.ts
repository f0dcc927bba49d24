/**
 * The row that a statement wrote and returned with RETURNING. It is asked for with `all()` and never with `get()`, which
 * stops at the first row: the commit comes after the last one then, and when the disk refuses it, nobody is told.
 */
export function theRow<Row>(rows: Row[]): Row {
  const [row] = rows
  if (row === undefined) throw new Error('a statement that writes a row returned none')
  return row
}
