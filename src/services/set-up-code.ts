import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Db } from '../db/open.ts'
import { type Context, Refusal } from './context.ts'

const VALID_MS = 60 * 60_000

/** Kept for the life of the process only; whoever can read its console may set it up. */
const codes = new WeakMap<Db, { code: string; validUntil: number }>()

/**
 * A new one-time code, valid for an hour, that lets its holder become the owner of a fresh instance.
 * The start prints it inside the link `/set-up?code=…`. A code made before is void.
 */
export function createSetupCode(context: Pick<Context, 'db'>): string {
  const code = randomBytes(16).toString('base64url')
  codes.set(context.db, { code, validUntil: performance.now() + VALID_MS })
  return code
}

/** Throws a 422 that says how to get a good code. */
export function checkSetupCode(context: Pick<Context, 'db'>, code: string): void {
  const expected = codes.get(context.db)
  if (expected === undefined || !sameText(expected.code, code)) {
    throw new Refusal(422, {
      code: 'wrong_code',
      message: 'This is not the set-up link that Sheetport printed when it started.',
      hint: 'Open the whole link from the console where Sheetport runs.',
    })
  }
  if (performance.now() > expected.validUntil) {
    throw new Refusal(422, {
      code: 'code_expired',
      message: 'This set-up link is more than an hour old.',
      hint: 'Start Sheetport again: it prints a new link.',
    })
  }
}

/** Whether the set-up page should open for this code. */
export function isSetupCode(context: Pick<Context, 'db'>, code: string): boolean {
  const expected = codes.get(context.db)
  return expected !== undefined && sameText(expected.code, code) && performance.now() <= expected.validUntil
}

export function forgetSetupCode(context: Pick<Context, 'db'>): void {
  codes.delete(context.db)
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
