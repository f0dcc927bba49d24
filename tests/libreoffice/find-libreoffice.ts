import { spawnSync } from 'node:child_process'

/** Says what is missing before the first test, instead of failing in each. */
export function setup(): void {
  const { status } = spawnSync('soffice', ['--version'])
  if (status === 0) return
  throw new Error(
    'LibreOffice is not installed, so nothing can be compared with it. Install it so that "soffice" is on the PATH (Debian: apt-get install libreoffice-calc), and run npm run test:libreoffice again.',
  )
}
