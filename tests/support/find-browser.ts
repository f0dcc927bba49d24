import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    browserPath: string
  }
}

const INSTALLED = [
  process.env.CHROMIUM_PATH,
  // The same browser without windows, which has less to draw.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** Finds a Chromium for the browser tests, or installs one, or says what to do. */
export function setup(project: TestProject): void {
  project.provide('browserPath', findBrowser())
}

function findBrowser(): string {
  const found = installed()
  if (found !== undefined) return found
  const ways: [string, () => void][] = [
    ["Playwright's own", () => run('npx', ['playwright', 'install', 'chromium'])],
    ["Debian's package", installPackage],
  ]
  const failures: string[] = []
  for (const [name, install] of ways) {
    try {
      install()
      const path = installed()
      if (path !== undefined) return path
      failures.push(`${name}: installed, but not found`)
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    }
  }
  throw new Error(
    `The browser tests need Chromium or Chrome, and none was found or could be installed (${failures.join('; ')}). ` +
      'Install one, or set CHROMIUM_PATH to it.',
  )
}

function installed(): string | undefined {
  return [...INSTALLED, chromium.executablePath()].find((path) => path !== undefined && existsSync(path))
}

function installPackage(): void {
  if (process.getuid?.() !== 0) throw new Error('needs root')
  run('apt-get', ['update'])
  try {
    run('apt-get', ['install', '-y', 'chromium-headless-shell'])
  } catch {
    // Not every release has it.
    run('apt-get', ['install', '-y', 'chromium'])
  }
}

function run(command: string, args: string[]): void {
  console.log(`installing a browser: ${command} ${args.join(' ')}`)
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 })
}
