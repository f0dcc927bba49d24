import { Time } from './time.tsx'

const ISO_TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/

/** A note of a job, with the times in it as people read them. */
export function NoteText({ note }: { note: string }) {
  return <span>{note.split(ISO_TIME).map((part) => (ISO_TIME.test(part) ? <Time at={part} /> : part))}</span>
}
