import { Icon } from './icon.tsx'

export type FieldError = { path: string; message: string }

export function errorOf(errors: FieldError[], path: string): string | undefined {
  return errors.find((error) => error.path === path)?.message
}

/** What a refused form says above its fields. */
export function FormErrors({ message, errors = [] }: { message: string | null; errors?: FieldError[] }) {
  if (message === null && errors.length === 0) return null
  return (
    <div class="callout callout-bad" role="alert">
      <Icon name="alert" />
      <div>
        <p>
          <strong>
            {message ??
              (errors.length === 1 ? 'One thing needs another look.' : `${errors.length} things need another look.`)}
          </strong>
        </p>
        {errors.length > 0 && (
          <ul>
            {errors.map((error) => (
              <li>{error.message}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

export function FieldMessage({ id, message }: { id: string; message: string | undefined }) {
  return message ? (
    <p id={id} class="field-error">
      <Icon name="alert" />
      {message}
    </p>
  ) : null
}
