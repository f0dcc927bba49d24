import path from 'node:path'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import type { RunningServer } from '../../src/server.ts'
import type { Member } from '../../src/services/context.ts'
import { openSession } from '../../src/services/sessions.ts'

const IN_PAGE = path.join(import.meta.dirname, 'in-page.js')

let browser: Browser | undefined

type OwnedServer = RunningServer & { member: Member }

/** One browser for a file of tests. What a test opens in it is closed after the test. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('browserPath'), args: ['--no-sandbox'] })
  })
  afterAll(() => browser?.close())
}

/** A browser of somebody who has never been here. A script that throws in one of its pages fails the test. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  if (browser === undefined) throw new Error('useBrowser() is called by files whose tests open pages')
  // What moves would be drawn sixty times a second, for nobody.
  const calm = { locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' } as const
  const context = await browser.newContext({ ...calm, ...options })
  context.setDefaultTimeout(15_000)
  await context.addInitScript({ path: IN_PAGE })
  const thrown: string[] = []
  context.on('weberror', (error) => thrown.push(error.error().stack ?? error.error().message))
  context.on('console', (message) => {
    if (/content security policy/i.test(message.text())) thrown.push(message.text())
  })
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await tellWhatIsShown(context)
    await context.close()
    expect(thrown, 'errors of scripts').toEqual([])
  })
  return context
}

/** A test that fails says what a person would have seen. */
async function tellWhatIsShown(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const text = await page.locator('body').innerText({ timeout: 1000 }).catch(String)
    console.log(`${page.url()}\n${text.replace(/\n{2,}/g, '\n')}`)
  }
}

/** A browser in which the owner is signed in. */
export async function openOwnersBrowser(
  { context, url, member }: OwnedServer,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const opened = await openBrowser({ baseURL: url, ...options })
  const { token } = openSession(context, member)
  await opened.addCookies([{ name: 'sheetport_session', value: token, url, httpOnly: true, sameSite: 'Lax' }])
  return opened
}

/** A page in which the owner is signed in. */
export async function openPage(server: OwnedServer, options: BrowserContextOptions = {}): Promise<Page> {
  return (await openOwnersBrowser(server, options)).newPage()
}

/** Drops a file of the disk on an element, as a person drags it out of a folder. */
export async function dropFile(page: Page, selector: string, file: string): Promise<void> {
  const target = page.locator(selector)
  await target.scrollIntoViewIfNeeded()
  const box = await target.boundingBox()
  if (box === null) throw new Error(`${selector} is not visible`)
  const session = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const data = { items: [], files: [path.resolve(file)], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  }
  await session.detach()
}

/** Waits until there is such a text, visible, on the page. */
export async function see(page: Page, text: string | RegExp, timeout?: number): Promise<void> {
  await page
    .locator('body')
    .getByText(text)
    .filter({ visible: true })
    .first()
    .waitFor(timeout === undefined ? {} : { timeout })
}

/** A look of the job's card; `line` says the progress in words, `at` is in milliseconds since 1970. */
export type Sighting = { status: string; line: string; at: number }

type Noted = {
  states: string[]
  titles: string[]
  jobs: Record<string, string[]>
  together: number
  sightings: Sighting[]
}

/** What was shown since this document was loaded; see in-page.js. */
export async function noted(page: Page): Promise<Noted> {
  return page.evaluate('noted')
}

export async function waitUntilLive(page: Page): Promise<void> {
  await page.locator('#live-state[data-state="live"]').waitFor()
}

export type Focused = { lost: boolean; id: string; text: string; ring: boolean; inView: boolean }

export async function focused(page: Page): Promise<Focused> {
  return page.evaluate('focused()')
}

/** Presses a link or button that downloads a file; answers where the file was saved. */
export async function download(page: Page, link: Locator, folder: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  const saved = path.join(folder, file.suggestedFilename())
  await file.saveAs(saved)
  return saved
}
