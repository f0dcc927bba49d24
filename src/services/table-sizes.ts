import type { Queries } from '../db/open.ts'
import { setTemplateRecords } from '../db/templates.ts'
import type { TableSize } from '../tables/ledger.ts'

/**
 * Notes how many records the tables have, in the order of their states: several processes change a table, and what they
 * say of it may arrive the other way round. A count that a kill has kept from being noted is mended by the next change.
 */
export class TableSizes {
  readonly #noted = new Map<string, number>()

  note(db: Queries, templateId: string, { records, dataVersion }: TableSize): void {
    if ((this.#noted.get(templateId) ?? 0) > dataVersion) return
    setTemplateRecords(db, templateId, records)
    this.#noted.set(templateId, dataVersion)
  }
}
