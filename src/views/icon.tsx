/** Outlines on a grid of 24, one weight, always beside a text. */
const OUTLINES = {
  alert: ['M12 3.5 2.5 20h19L12 3.5Z', 'M12 10v4.5', 'M12 17.2v.1'],
  bell: ['M6 10a6 6 0 0 1 12 0c0 5 2 6.5 2 6.5H4S6 15 6 10Z', 'M10 20a2.2 2.2 0 0 0 4 0'],
  check: ['M4.5 12.5 10 18 19.5 6.5'],
  chevron: ['m6 9 6 6 6-6'],
  clock: ['M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z', 'M12 7v5.2l3.4 2'],
  cross: ['M6 6l12 12', 'M18 6 6 18'],
  down: ['M12 5v14', 'm6 13 6 6 6-6'],
  download: ['M12 4v11', 'm7.5 11 4.5 4.5 4.5-4.5', 'M5 20h14'],
  file: ['M6 3h8l4.5 4.5V21H6V3Z', 'M14 3v5h4.5'],
  grip: ['M9 6v.1', 'M9 12v.1', 'M9 18v.1', 'M15 6v.1', 'M15 12v.1', 'M15 18v.1'],
  half: ['M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z', 'M12 4v16'],
  left: ['m15 6-6 6 6 6'],
  pencil: ['m4 20 1-4L16.5 4.5l3 3L8 19l-4 1Z'],
  plus: ['M12 5v14', 'M5 12h14'],
  question: ['M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4', 'M12 17.5v.1'],
  right: ['m9 6 6 6-6 6'],
  ring: ['M12 5.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z'],
  search: ['M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13Z', 'm15.5 15.5 5 5'],
  stop: ['M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z', 'm6 6 12 12'],
  trash: ['M4.5 7h15', 'M9 7V4h6v3', 'm6.5 7 1 13.5h9l1-13.5'],
  undo: ['M8 5 4 9l4 4', 'M4.5 9H14a5.5 5.5 0 0 1 0 11h-3'],
  up: ['M12 19V5', 'm6 11 6-6 6 6'],
  upload: ['M12 15.5V4.5', 'M7.5 9 12 4.5 16.5 9', 'M5 20h14'],
} as const
export type IconName = keyof typeof OUTLINES

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {OUTLINES[name].map((path) => (
        <path d={path} />
      ))}
    </svg>
  )
}
