import type { ZipEntry } from '../../zip/zip.ts'
import { partKey, readSmallPart, type XlsxPackage } from './package.ts'
import { XmlCursor } from './xml-cursor.ts'

/** A relationship to another part; `type` is the last word of its type, the same in the transitional and strict form. */
export type Relationship = { id: string; type: string; key: string; entry: ZipEntry | undefined }

/**
 * What a part is related to (ECMA-376 Part 2, 6.5). `partName` is '' for the package itself. An empty list when the part
 * says nothing.
 */
export async function readRelationships(zip: XlsxPackage, partName: string): Promise<Relationship[]> {
  const folder = partName.slice(0, partName.lastIndexOf('/') + 1)
  const entry = zip.parts.get(partKey(`${folder}_rels/${partName.slice(folder.length)}.rels`))
  if (!entry) return []
  const found: Relationship[] = []
  const xml = new XmlCursor(await readSmallPart(zip, entry), entry.name)
  while (xml.next()) {
    if (!xml.isStart('Relationship')) continue
    const attributes = xml.attributes()
    if (attributes.get('TargetMode') === 'External') continue
    const key = resolveTarget(folder, attributes.get('Target') ?? '')
    const type = (attributes.get('Type') ?? '').split('/').at(-1) ?? ''
    found.push({ id: attributes.get('Id') ?? '', type, key, entry: zip.parts.get(key) })
  }
  return found
}

/** A target is relative to the folder of the part that names it, or begins with "/" (Part 2, 6.5.3.4). */
function resolveTarget(folder: string, target: string): string {
  const path = target.replaceAll('\\', '/')
  const names: string[] = []
  for (const name of (path.startsWith('/') ? path : `${folder}${path}`).split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(unescapePercent(name))
  }
  return partKey(names.join('/'))
}

function unescapePercent(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
