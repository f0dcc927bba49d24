import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../sync-folder.ts'

/** A file that is under its name only when it is whole and on the disk; until then it is `path + '.part'`. */
export type OutputFile = {
  position(): number
  write(bytes: Uint8Array): Promise<void>
  /** Writes over bytes that are already there. */
  patch(bytes: Uint8Array, offset: number): Promise<void>
}

/** Lets `fill` write the file and puts it under its name; when `fill` throws, nothing is left behind. Answers its size. */
export async function writeFileWhole(path: string, fill: (file: OutputFile) => Promise<void>): Promise<number> {
  const part = `${path}.part`
  const handle = await open(part, 'w')
  let position = 0
  try {
    await fill({
      position: () => position,
      async write(bytes) {
        await handle.writeFile(bytes)
        position += bytes.length
      },
      async patch(bytes, offset) {
        await handle.write(bytes, 0, bytes.length, offset)
      },
    })
    await handle.sync()
    await handle.close()
    await rename(part, path)
    await syncFolder(dirname(path))
    return position
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(part, { force: true })
    throw error
  }
}
