import { formatTime } from './format.ts'

export function Time({ at }: { at: string }) {
  return <time datetime={at}>{formatTime(at)}</time>
}
