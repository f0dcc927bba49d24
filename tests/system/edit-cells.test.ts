import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { openPage, useBrowser } from '../support/browser.ts'
import { ITEMS, itemsCsv } from '../support/examples.ts'
import { runServer } from '../support/running-server.ts'

useBrowser()

async function openTable() {
  const server = await runServer()
  const template = await server.api.createTemplate({
    ...ITEMS,
    columns: [...ITEMS.columns, { name: 'Size', type: 'choice', choices: ['S', 'M', 'L'] }],
  })
  await server.api.import(template.id, {
    name: 'a.csv',
    text: itemsCsv([
      ['1', 'Rope', 1.5],
      ['2', 'Hook', 2],
    ]),
  })
  const page = await openPage(server)
  await page.goto(`/templates/${template.id}/records`)
  const values = async (id: number) => (await server.api.records(template.id)).find((each) => each.id === id)?.values
  return { page, values }
}

const cell = (page: Page, row: number, column: number) =>
  page.locator('tbody tr').nth(row).locator('td[data-column]').nth(column)

test('a cell is edited where it stands, and what is wrong is said there', async () => {
  const { page, values } = await openTable()
  const price = cell(page, 0, 2)
  await price.dblclick()
  const input = price.locator('input')
  await input.fill('much')
  await input.press('Enter')
  await price.getByText("'much' is not a number").waitFor()
  expect(await values(1)).toMatchObject({ Price: 1.5 })
  await price.locator('input').fill('12.25')
  await price.locator('input').press('Enter')
  await expect.poll(() => price.innerText()).toBe('12.25')
  expect(await values(1)).toMatchObject({ Price: 12.25, Name: 'Rope' })
})

test('cells are reached, edited and left with the keyboard alone', async () => {
  const { page, values } = await openTable()
  await cell(page, 0, 0).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await cell(page, 1, 1).locator('input').waitFor()
  await page.keyboard.type(' x')
  await page.keyboard.press('Escape')
  await expect.poll(() => cell(page, 1, 1).innerText()).toBe('Hook')
  await page.keyboard.press('F2')
  await cell(page, 1, 1).locator('input').fill('Hook, large')
  await page.keyboard.press('Enter')
  await expect.poll(() => cell(page, 1, 1).innerText()).toBe('Hook, large')
  await expect.poll(() => cell(page, 1, 1).evaluate((td) => td === td.ownerDocument.activeElement)).toBe(true)
  expect(await values(2)).toMatchObject({ Name: 'Hook, large' })
})

test('a choice is taken when it is chosen', async () => {
  const { page, values } = await openTable()
  await cell(page, 0, 4).dblclick()
  await cell(page, 0, 4).locator('select').selectOption('M')
  await expect.poll(() => cell(page, 0, 4).innerText()).toBe('M')
  expect(await values(1)).toMatchObject({ Size: 'M' })
})
