const LEVELS = ['info', 'warn', 'error'] as const
export type Level = (typeof LEVELS)[number]
type Fields = Record<string, unknown>

/** Writes one event as one line of JSON: what goes wrong to stderr, the rest to stdout. Never pass cell values, passwords, tokens or keys. */
export function log(level: Level, event: string, fields: Fields = {}): void {
  const line = logLine({ time: new Date().toISOString(), level, event, ...fields })
  if (level === 'info') process.stdout.write(line)
  else process.stderr.write(line)
}

/** JSON escapes control characters below U+0020; the others that terminals and log viewers obey are escaped here. */
export function logLine(fields: Fields): string {
  const json = JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? describe(value) : value))
  return `${json.replace(OBEYED, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`
}

const OBEYED = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

function describe(error: Error): Fields {
  const code = 'code' in error ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: error.cause }
  return { name: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
