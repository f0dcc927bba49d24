import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'

type Asset = { body: Uint8Array<ArrayBuffer>; type: string; etag: string }

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

const PUBLIC = fileURLToPath(new URL('../../public', import.meta.url))
const require = createRequire(import.meta.url)

/** Files from packages, served by us so that no browser asks anyone else. */
const FROM_PACKAGES: Record<string, string> = {
  'htmx.js': 'htmx.org/dist/htmx.min.js',
  'hx-ws.js': 'htmx.org/dist/ext/hx-ws.min.js',
  'inter.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'inter-ext.woff2': '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2',
}

/** A fixed map of files, read once at start: what is not in it does not exist, whatever the path says. */
export function assets(): Hono {
  const files = new Map<string, Asset>()
  for (const name of readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' })) {
    if (path.extname(name) in TYPES) files.set(name.split(path.sep).join('/'), read(path.join(PUBLIC, name)))
  }
  for (const [name, specifier] of Object.entries(FROM_PACKAGES)) files.set(name, read(packageFile(specifier)))
  const app = new Hono()
  app.get('/:name{.+}', (c) => {
    const asset = files.get(c.req.param('name'))
    if (asset === undefined) return c.notFound()
    // Asking again costs a few bytes and makes sure that pages and scripts are of the same version.
    c.header('Cache-Control', 'public, no-cache')
    c.header('ETag', asset.etag)
    if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304)
    return c.body(asset.body, 200, { 'Content-Type': asset.type })
  })
  return app
}

function read(file: string): Asset {
  const body = new Uint8Array(file.endsWith('.css') ? Buffer.from(readStylesheet(file)) : readFileSync(file))
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { body, type: TYPES[path.extname(file)] ?? 'application/octet-stream', etag }
}

const IMPORT = /@import url\("([\w-]+\.css)"\) layer\((\w+)\);/g

/** A stylesheet with what it imports: a page asks for one file and not for twenty, each after the one that names it. */
function readStylesheet(file: string): string {
  return readFileSync(file, 'utf8').replace(IMPORT, (_rule, name: string, layer: string) => {
    return `@layer ${layer} {\n${readStylesheet(path.join(path.dirname(file), name))}}`
  })
}

/** Past the `exports` of a package's manifest, which don't list every file that it ships. */
function packageFile(specifier: string): string {
  const folders = require.resolve.paths(specifier) ?? []
  const file = folders.map((folder) => path.join(folder, specifier)).find(existsSync)
  if (file === undefined) throw new Error(`the package file ${specifier} is missing: run npm ci`)
  return file
}
