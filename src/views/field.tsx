import { errorOf, type FieldError, FieldMessage } from './form-errors.tsx'

type Props = {
  name: string
  label: string
  value?: string
  type?: string
  required?: boolean
  hint?: string
  autocomplete?: string
  autofocus?: boolean
  minlength?: number
  errors?: FieldError[]
}

/** A labelled line of text with its hint and its error. */
export function Field(props: Props) {
  const { name, label, value, type = 'text', required, hint, autocomplete, autofocus, minlength, errors = [] } = props
  const message = errorOf(errors, name)
  return (
    <div class="field">
      <label class="field-label" for={`field-${name}`}>
        {label}
      </label>
      <input
        id={`field-${name}`}
        name={name}
        type={type}
        value={value}
        required={required}
        autocomplete={autocomplete}
        autofocus={autofocus}
        minlength={minlength}
        aria-invalid={message ? 'true' : undefined}
        aria-describedby={describedBy(name, { hint, message })}
      />
      {hint && (
        <p id={`hint-${name}`} class="field-hint">
          {hint}
        </p>
      )}
      <FieldMessage id={`error-${name}`} message={message} />
    </div>
  )
}

function describedBy(
  name: string,
  texts: { hint: string | undefined; message: string | undefined },
): string | undefined {
  const ids = [texts.hint && `hint-${name}`, texts.message && `error-${name}`].filter(Boolean)
  return ids.length === 0 ? undefined : ids.join(' ')
}
