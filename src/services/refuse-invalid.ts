import type { z } from 'zod'
import { Refusal } from './context.ts'

/** Passes input through its schema, or refuses it with a message at every field that is wrong. */
export function refuseInvalid<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = fields[0]
  const message =
    first === undefined
      ? 'Something in the form is wrong.'
      : first.path
        ? `${first.path}: ${first.message}`
        : first.message
  throw new Refusal(422, { code: 'invalid', message, fields })
}
