import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { chmod, copyFile } from 'node:fs/promises'
import path from 'node:path'
import type { DataFolder } from '../config.ts'
import { lockFolder } from '../instance-lock.ts'
import { type Manifest, NoBackup, sync, verify } from './manifest.ts'

/**
 * Puts a backup into a data folder that is empty or not there, after every file was held to the manifest. While it is at
 * work no server can start on the folder; when it fails, the folder is left empty. Throws `NoBackup`.
 */
export async function restore(data: DataFolder, folder: string): Promise<Manifest> {
  const from = path.resolve(folder)
  if (existsSync(data.root) && readdirSync(data.root).length > 0) {
    throw new NoBackup(
      `${data.root} is not empty, and nothing is overwritten. Move it away first, or set another DATA_DIR.`,
    )
  }
  const manifest = await verify(from)
  for (const each of data.folders) mkdirSync(each, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(data.root)
  try {
    for (const file of manifest.files) await put(path.join(from, file.path), path.join(data.root, file.path))
    for (const each of data.folders) sync(each)
  } catch (error) {
    for (const name of readdirSync(data.root)) rmSync(path.join(data.root, name), { recursive: true, force: true })
    throw error
  } finally {
    unlock()
  }
  return manifest
}

async function put(from: string, to: string): Promise<void> {
  mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
  await copyFile(from, to)
  await chmod(to, 0o600)
  sync(to)
}
