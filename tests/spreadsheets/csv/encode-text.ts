/**
 * Text in a legacy encoding, as the platform can only decode them: every one- and two-byte sequence is decoded once,
 * and the table is read backwards. Fails for a character that the encoding does not have.
 */
export function encodeText(text: string, encoding: string): Buffer {
  const table = tableOf(encoding)
  return Buffer.concat(
    [...text].map((character) => {
      const bytes = table.get(character)
      if (bytes === undefined) throw new Error(`${encoding} has no ${character}`)
      return bytes
    }),
  )
}

const TABLES = new Map<string, Map<string, Buffer>>()

function tableOf(encoding: string): Map<string, Buffer> {
  const known = TABLES.get(encoding)
  if (known) return known
  const decoder = new TextDecoder(encoding, { fatal: true })
  const table = new Map<string, Buffer>()
  for (const bytes of sequences(encoding)) {
    const character = decoded(decoder, bytes)
    if (character && [...character].length === 1 && !table.has(character)) table.set(character, bytes)
  }
  TABLES.set(encoding, table)
  return table
}

function* sequences(encoding: string): Generator<Buffer> {
  for (let byte = 0; byte < 256; byte += 1) yield Buffer.from([byte])
  if (/^(windows|iso|koi|mac|ibm)/.test(encoding)) return
  for (let lead = 0x81; lead < 0xff; lead += 1) {
    for (let trail = 0x40; trail < 0xff; trail += 1) yield Buffer.from([lead, trail])
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
