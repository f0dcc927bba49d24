import { createHash } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { copyFile, mkdir, open, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy } from '@fastify/busboy'
import { log } from '../log.ts'
import { syncFolder } from '../sync-folder.ts'
import { Refusal } from './context.ts'
import { findStorageProblem } from './storage-problem.ts'

/** A file that lies in `folder`, safe on disk, and the other fields of its form. */
export type Upload = {
  folder: string
  file: { path: string; name: string; size: number; sha256: string }
  fields: Map<string, string>
}

type Options = {
  folder: string
  maxBytes: number
  /**
   * Filled with the fields, also when the file is refused. A form has them behind its file, so one that is too large is
   * then read to its end, as far as that can be expected, and thrown away.
   */
  fields?: Map<string, string>
}

/** A form whose file is so many times too large is not read to its end. */
const READ_ON = 8

/** Room for the other fields and the boundaries of the form. */
const FORM_BYTES = 1024 * 1024
const KEPT_FREE_BYTES = 64 * 1024 * 1024

/**
 * Streams the one file of a multipart form to `folder` and hashes it on the way; memory stays flat whatever its size.
 * When it returns, the file and its folder are synced. When it throws, nothing stays behind.
 * Throws `Refusal`: 400 cut off, 413 too large, 415 not a form, 422 no file, 503 and 507 when the storage refuses it.
 */
export async function receiveUpload(request: Request, options: Options): Promise<Upload> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('multipart/form-data') || request.body === null) {
    throw new Refusal(415, { code: 'not_a_form', message: 'Send the file as a form (multipart/form-data).' })
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  const most = options.fields === undefined ? options.maxBytes : READ_ON * options.maxBytes
  if (announced > most + FORM_BYTES) throw tooLarge(options.maxBytes, announced)
  try {
    if (announced > (await roomFor(options.folder))) {
      await discard(request.body)
      throw noRoom()
    }
    await mkdir(options.folder, { recursive: true })
    return await receive(Readable.fromWeb(request.body), type, options)
  } catch (error) {
    // What can't be removed from a failing disk is found by the next sweep.
    await rm(options.folder, { recursive: true, force: true }).catch(() => {})
    throw explain(error)
  }
}

async function receive(body: Readable, type: string, options: Options): Promise<Upload> {
  const { folder, maxBytes, fields = new Map<string, string>() } = options
  const readOn = options.fields !== undefined
  const brokenOff = new AbortController()
  let file: Promise<Upload['file']> | undefined
  const form = Busboy({
    headers: { 'content-type': type },
    limits: { files: 1, fields: 100, fieldSize: 256 * 1024, fileSize: maxBytes + 1 },
  })
  form.on('field', (name, value) => fields.set(name, value))
  form.on('file', (_field, stream, name) => {
    file = store(stream, path.join(folder, 'original'), {
      ...{ name, signal: brokenOff.signal },
      maxBytes: readOn ? Number.POSITIVE_INFINITY : maxBytes,
    })
    // What can't be stored need not be received: the rest of the form is given up with the same error.
    file.catch((error) => form.destroy(error))
  })
  try {
    await pipeline(body, form)
  } catch (error) {
    // The form does not end its file when its sender goes away, and a file that is open keeps its room on the disk.
    brokenOff.abort()
    await file?.catch(() => {})
    throw error
  }
  const stored = await file
  if (stored !== undefined && stored.size > maxBytes) throw tooLarge(maxBytes)
  if (stored === undefined || (stored.size === 0 && stored.name === '')) {
    throw new Refusal(422, {
      code: 'no_file',
      message: 'No file was chosen.',
      hint: 'Choose a spreadsheet and send it again.',
      fields: [{ path: 'file', message: 'Choose a spreadsheet.' }],
    })
  }
  await syncUpload(folder)
  return { folder, file: stored, fields }
}

/**
 * An upload that is kept becomes one more in `folder`, as safe on disk as the first. When it throws, nothing stays behind.
 * Throws `Refusal`: 503 and 507 when the storage refuses it.
 */
export async function copyUpload(from: string, folder: string): Promise<string> {
  const target = path.join(folder, 'original')
  try {
    await mkdir(folder, { recursive: true })
    // Where the file system can, both share what they hold.
    await copyFile(path.join(from, 'original'), target, constants.COPYFILE_FICLONE)
    await syncFile(target)
    await syncUpload(folder)
    return target
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {})
    throw explain(error)
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncUpload(folder: string): Promise<void> {
  // Both are closed before an error of either is told: whoever removes the folder then needs a free file number.
  const synced = await Promise.allSettled([folder, path.dirname(folder)].map(syncFolder))
  for (const each of synced) if (each.status === 'rejected') throw each.reason
}

async function store(
  stream: Readable,
  target: string,
  { name, maxBytes, signal }: { name: string; maxBytes: number; signal: AbortSignal },
): Promise<Upload['file']> {
  const hash = createHash('sha256')
  let size = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      hash.update(chunk)
      done(size > maxBytes ? tooLarge(maxBytes) : null, chunk)
    },
  })
  // `flush` syncs the file before it is closed: once the sender has the answer, a power cut must not lose it.
  await pipeline(stream, measure, createWriteStream(target, { flush: true }), { signal })
  return { path: target, name: cleanName(name), size, sha256: hash.digest('hex') }
}

/** The name is only ever shown, never used as a path; control characters would still disturb whoever reads it. */
function cleanName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control and direction characters are what is removed
  return base.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').slice(0, 200)
}

/** What an upload may take; a little is left for signing in and for the notes about jobs. */
async function roomFor(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(path.dirname(folder))
  return bavail * bsize - Math.min(KEPT_FREE_BYTES, (blocks * bsize) / 100)
}

/** Whoever is cut off while sending hears nothing of the reason. */
async function discard(body: ReadableStream<Uint8Array>): Promise<void> {
  for await (const chunk of body) void chunk
}

function noRoom(): Error {
  return Object.assign(new Error('there is less room than the upload needs'), { code: 'ENOSPC' })
}

function tooLarge(maxBytes: number, announced?: number): Refusal {
  const size = announced === undefined ? '' : ` This one has ${megabytes(announced)}.`
  return new Refusal(413, {
    code: 'too_large',
    message: `Files up to ${megabytes(maxBytes)} are taken.${size}`,
    hint: 'Split the file, or ask whoever runs this server to raise MAX_UPLOAD_MB.',
  })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024).toLocaleString('en-US')} MB`
}

function explain(error: unknown): unknown {
  const storage = findStorageProblem(error)
  if (storage !== undefined) {
    log('error', 'upload.not_stored', { error })
    return new Refusal(storage.status, storage)
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // Whoever sent it went away or stopped it, which is no fault of ours to be looked into.
  const cutOff = code === 'ECONNRESET' || (error instanceof Error && /multipart/i.test(error.message))
  if (cutOff) {
    return new Refusal(400, {
      code: 'cut_off',
      message: 'The upload was cut off before its end, so nothing was kept.',
      hint: 'Send the file again.',
    })
  }
  return error
}
