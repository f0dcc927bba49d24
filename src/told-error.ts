/** What is left of an error on its way to another process or thread. `code` is its own, such as ENOSPC, or empty. */
export type ToldError = { message: string; code: string; stack: string }

export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { message: String(error), code: '', stack: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { message: error.message, code, stack: error.stack ?? '' }
}
