import { type SQL, sql } from 'drizzle-orm'

/**
 * A query that is built once for each database. Building its SQL anew each time costs more than ten times what SQLite
 * takes to answer it; worth it for what is asked several times for every job.
 */
export function prepared<Database extends object, Query>(build: (db: Database) => Query): (db: Database) => Query {
  const built = new WeakMap<Database, Query>()
  return (db) => {
    const query = built.get(db) ?? build(db)
    built.set(db, query)
    return query
  }
}

/** The place of a value in such a query, bound as it is when the query is run: text, a number or null. */
export function given(name: string): SQL {
  return sql`${sql.placeholder(name)}`
}
