import type { Page } from 'playwright'
import type { JobStatus } from '../../src/states.ts'

/** Chooses a file on the page of a template and sends it; leads to the page of the job. */
export async function importFile(page: Page, file: string): Promise<void> {
  await page.setInputFiles('#file', file)
  await page.getByRole('button', { name: 'Import this file' }).click()
  await page.waitForURL(/\/jobs\//)
}

/** Waits until the card of the page's job says this state. A notice may say it a moment earlier. */
export async function seeJob(page: Page, status: JobStatus, timeout?: number): Promise<void> {
  const card = page.locator(`.job[data-status="${status}"]`)
  await card.waitFor(timeout === undefined ? {} : { timeout })
}

/** The figures of the job's card by their words. */
export async function figures(page: Page): Promise<Record<string, string>> {
  const pairs = await page
    .locator('.figure')
    .evaluateAll((all) =>
      all.map((each) => [each.querySelector('dt')?.textContent ?? '', each.querySelector('dd')?.textContent ?? '']),
    )
  return Object.fromEntries(pairs)
}

/** What stands in a column of the table of records, from top to bottom. */
export async function tableColumn(page: Page, header: string): Promise<string[]> {
  return page.locator('.table-records').evaluate((table, name) => {
    const heads = [...table.querySelectorAll('thead tr:first-child th')]
    const at = heads.findIndex((head) => head.textContent?.replace(/\*.*$/, '').trim() === name)
    return [...table.querySelectorAll('tbody tr')].map((row) => row.children[at]?.textContent?.trim() ?? '')
  }, header)
}

/** The names of the columns in the editor of a template, as they stand in its fields. */
export async function columnNames(page: Page): Promise<string[]> {
  return page.locator('.column-name input').evaluateAll((inputs) => inputs.map((input) => input.value))
}
