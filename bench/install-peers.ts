import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** Installs the pinned peers into bench/node_modules, unless they are there. Throws a sentence when that fails. */
export function installPeers(): void {
  if (isInstalled()) return
  console.error('installing the libraries to compare with into bench/node_modules')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const stdio = ['ignore', 'ignore', 'inherit'] as const
  try {
    execFileSync(npm, ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: [...stdio], shell: npm !== 'npm' })
  } catch (error) {
    const message =
      'The libraries to compare with could not be installed. Try `npm ci` in the folder bench, with a network.'
    throw new Error(message, { cause: error })
  }
}

/** What npm has installed is as the lock file says, for every library named in package.json. */
function isInstalled(): boolean {
  const { dependencies }: { dependencies: Record<string, string> } = readJson('package.json')
  return Object.entries(dependencies).every(([name, pinned]) => {
    const manifest = path.join('node_modules', name, 'package.json')
    if (!existsSync(path.join(FOLDER, manifest))) return false
    const { version }: { version: string } = readJson(manifest)
    return pinned.split('@').at(-1) === version
  })
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'))
}
