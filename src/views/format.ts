const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 })

/** 12345.5 as "12,345.5". */
export function formatNumber(value: number): string {
  return whole.format(value)
}

/** The same with at least so many digits after the point, so that numbers below each other line up. */
export function formatDecimal(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: 20 })
}

/** How many digits after the point show all of these numbers, up to four. */
export function decimalsOf(values: number[]): number {
  return Math.max(0, ...values.map((value) => Math.min(4, (String(value).split('.')[1] ?? '').length)))
}

/** "1 row", "2,500 rows". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return plural(bytes, 'byte')
  const units = ['KB', 'MB', 'GB', 'TB'] as const
  let value = bytes
  let unit: string = 'bytes'
  for (const next of units) {
    if (value < 1000 && unit !== 'bytes') break
    value /= 1024
    unit = next
  }
  return `${value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${unit}`
}

/** "45 s", "2 min 5 s", "1 h 12 min". */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** What is left, no more exact than it can be: "about 7 s left", "about 2 min left". */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 60) return `about ${seconds} s left`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `about ${minutes} min left`
  return `about ${Math.round(minutes / 60)} h left`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** "28 Feb 2024, 14:02 UTC" of an ISO time in UTC; a script turns it into the reader's own time. */
export function formatTime(iso: string): string {
  const [, year, month, day, clock] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(iso) ?? []
  if (!year || !month || !day || !clock) return iso
  return `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}, ${clock} UTC`
}

/** Texts that are there, in one line: "4.1 MB · Ana · 12 s". */
export function joined(parts: (string | null | undefined | false)[]): string {
  return parts.filter(Boolean).join(' · ')
}
