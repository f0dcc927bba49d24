import { z } from 'zod'
import { Refusal } from '../../services/context.ts'

/** How many items a page of a list has, unless asked otherwise, and at most. */
export const PAGE = { usual: 25, most: 200 } as const

export const limitField = z.coerce
  .number({ error: 'must be a number' })
  .int({ error: 'must be a whole number' })
  .min(1, { error: 'must be at least 1' })
  .max(PAGE.most, { error: `must be at most ${PAGE.most}` })
  .default(PAGE.usual)

/** A position in a list as a text that clients pass back and don't look into. */
export function toCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

export function fromCursor<S extends z.ZodType>(schema: S, cursor: string | undefined): z.output<S> | undefined {
  if (cursor === undefined || cursor === '') return undefined
  const position = schema.safeParse(decode(cursor))
  if (position.success) return position.data
  const message = 'This is not a cursor of this list. Pass back the "next" of the page before.'
  throw new Refusal(422, { code: 'invalid', message, fields: [{ path: 'cursor', message }] })
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
