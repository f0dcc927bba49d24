/** Made on first use: loading the names of the months is a part of a process's start that most never need. */
let withYear: Intl.DateTimeFormat | undefined
let withoutYear: Intl.DateTimeFormat | undefined

/** "28 February 2024" for an ISO date or date-time. */
export function longDate(iso: string): string {
  withYear ??= new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
  return withYear.format(new Date(`${iso}Z`))
}

/** "28 February". */
export function longDay(iso: string): string {
  withoutYear ??= new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return withoutYear.format(new Date(`${iso}Z`))
}
