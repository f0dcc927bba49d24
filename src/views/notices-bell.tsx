import { formatNumber, plural } from './format.ts'
import { Icon } from './icon.tsx'

export const NOTICES_BELL_ID = 'notices-bell'

export function NoticesBell({ unread }: { unread: number }) {
  return (
    <a id={NOTICES_BELL_ID} class="bell" href="/notices">
      <Icon name="bell" />
      <span class="visually-hidden">{unread === 0 ? 'Notices' : plural(unread, 'unread notice')}</span>
      {unread > 0 && (
        <span class="bell-count" aria-hidden="true">
          {formatNumber(unread)}
        </span>
      )}
    </a>
  )
}
