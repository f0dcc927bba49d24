import { createHash } from 'node:crypto'
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

const NAME = 'manifest.json'
/** Grows when a backup can no longer be read by the programs before. */
const FORMAT = 1

/** A manifest may come from anywhere, and names where files are written. */
const filePath = z.string().regex(/^(app\.db|(tables|uploads|staging|exports)(\/\w[\w-]*(\.\w+)?)+)$/)

const manifest = z.object({
  format: z.literal(FORMAT),
  made_at: z.string(),
  files: z.array(z.object({ path: filePath, size: z.number(), sha256: z.string() })),
})

export type Manifest = z.infer<typeof manifest>
export type BackedUpFile = Manifest['files'][number]

/** A folder that can't be restored; the message says why. */
export class NoBackup extends Error {}

/** Describes the files of a finished backup. It is written last: a folder without it is no backup. */
export async function writeManifest(folder: string, files: string[]): Promise<Manifest> {
  const described: BackedUpFile[] = []
  for (const file of files) described.push(await describe(folder, file))
  const made: Manifest = { format: FORMAT, made_at: new Date().toISOString(), files: described }
  const part = path.join(folder, `${NAME}.part`)
  writeFileSync(part, `${JSON.stringify(made, null, 2)}\n`)
  sync(part)
  await rename(part, path.join(folder, NAME))
  sync(folder)
  return made
}

async function describe(folder: string, file: string): Promise<BackedUpFile> {
  const full = path.join(folder, file)
  sync(full)
  return { path: file, size: (await stat(full)).size, sha256: await sha256(full) }
}

/** Reads the manifest of a backup and holds every file to it. Throws `NoBackup`. */
export async function verify(folder: string): Promise<Manifest> {
  const found = readManifest(folder)
  for (const file of found.files) {
    const full = path.join(folder, file.path)
    if (!existsSync(full)) throw new NoBackup(`${folder} is not whole: ${file.path} is missing.`)
    if ((await sha256(full)) !== file.sha256) throw new NoBackup(`${file.path} has changed since the backup was made.`)
  }
  return found
}

function readManifest(folder: string): Manifest {
  const file = path.join(folder, NAME)
  if (!existsSync(file)) {
    throw new NoBackup(`${folder} is no finished backup: it has no ${NAME}, which is written last.`)
  }
  try {
    return manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new NoBackup(`${file} can't be read by this version of Sheetport.`, { cause: error })
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

/** A file, or the names in a folder, are on the disk when this returns. */
export function sync(fileOrFolder: string): void {
  const handle = openSync(fileOrFolder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
