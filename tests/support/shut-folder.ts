import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/**
 * Nothing can be added to the folder or removed from it until the answer is called, at the latest when the test is over.
 * Root is kept out by another way than everybody else; `undefined` where that is not possible.
 */
export function shutFolder(folder: string): (() => void) | undefined {
  const [command, shut, open] = process.getuid?.() === 0 ? ['chattr', '+i', '-i'] : ['chmod', '500', '700']
  const run = (how: string) => execFileSync(command, [how, folder], { stdio: 'pipe' })
  try {
    run(shut)
  } catch {
    return undefined
  }
  // Whoever opened it may have removed it since.
  onTestFinished(() => void (existsSync(folder) && run(open)))
  return () => void run(open)
}
