import type { ByteSource } from '../byte-source.ts'
import { damaged } from '../refusals.ts'
import { checkBiff } from './biff-check.ts'
import { openCompoundFile } from './compound-file.ts'
import { sheetInfos } from './sheet-infos.ts'
import { readXls } from './sheetjs.ts'
import type { WorkbookFile } from './workbook-file.ts'

/** Opens an XLS (BIFF5 or BIFF8). Its sheets share one stream, so all are parsed at once. */
export async function openXls(source: ByteSource): Promise<WorkbookFile> {
  const file = await openCompoundFile(source)
  const stream =
    file.streams.find(({ name }) => name === 'Workbook') ?? file.streams.find(({ name }) => name === 'Book')
  if (!stream) throw damaged('This file has no workbook in it.')
  checkBiff(await file.read(stream))
  const workbook = await readXls(await source.read(0, source.size))
  const names = workbook.SheetNames
  return { workbook, sheets: sheetInfos(workbook), sheet: async (index) => workbook.Sheets[names[index] ?? ''] }
}
