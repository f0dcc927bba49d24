import type { Child } from 'hono/jsx'
import { Button } from './button.tsx'
import { formatBytes } from './format.ts'
import { Icon } from './icon.tsx'

export const ACCEPTED = '.xlsx,.xls,.xlsb,.xlsm,.ods,.csv,.tsv,.txt'

type Props = {
  maxBytes: number
  button: string
  /** On a page whose main thing is something else. */
  secondary?: boolean
  /** What can be chosen beside the file, between the zone and the button. */
  options?: Child
  children?: Child
}

/** Where a file is dropped or chosen; a script shows what was chosen and how far the upload is. */
export function SpreadsheetZone({ maxBytes, button, secondary = false, options, children }: Props) {
  return (
    <div class="zone" data-zone>
      <div class="zone-drop">
        <Icon name="upload" />
        <label class="zone-label" for="file">
          <span class="zone-idle">
            Drop a spreadsheet here, or <span class="zone-choose">choose a file</span>
          </span>
          <span class="zone-chosen" data-chosen />
        </label>
        <input
          id="file"
          class="zone-input"
          type="file"
          name="file"
          accept={ACCEPTED}
          required
          aria-describedby="zone-limits zone-error"
        />
        <p id="zone-limits" class="quiet">
          XLSX, XLS, ODS or CSV, up to {formatBytes(maxBytes)}
        </p>
        {children}
      </div>
      <p id="zone-error" class="field-error" role="alert" data-error hidden />
      {options}
      <div class="zone-progress" data-progress hidden>
        <progress class="bar" max={100} aria-label="Upload" data-bar />
        <p class="quiet" data-speed aria-live="polite" />
      </div>
      <div class="actions actions-center">
        <Button look={secondary ? 'plain' : 'primary'} icon="upload">
          {button}
        </Button>
        <button class="button button-quiet" type="button" data-stop hidden>
          Stop the upload
        </button>
      </div>
    </div>
  )
}
