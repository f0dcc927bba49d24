import { Icon } from './icon.tsx'
import { Logo } from './logo.tsx'
import { NoticesBell } from './notices-bell.tsx'
import type { Viewer } from './viewer.ts'

export type Section = 'templates' | 'jobs' | 'settings'

type Props = { viewer: Viewer | null; section: Section | undefined }

export function Header({ viewer, section }: Props) {
  return (
    <header class="top">
      <a class="brand" href="/">
        <Logo />
        <span>Sheetport</span>
      </a>
      {viewer && (
        <nav class="top-nav" aria-label="Main">
          <SectionLink href="/templates" name="Templates" current={section === 'templates'} />
          <SectionLink href="/jobs" name="Jobs" current={section === 'jobs'} />
        </nav>
      )}
      {viewer && (
        <div class="top-side">
          <span id="live-state" class="live-state" role="status" hidden hx-morph-skip>
            connecting
          </span>
          <NoticesBell unread={viewer.notices.length} />
          <UserMenu viewer={viewer} current={section === 'settings'} />
        </div>
      )}
    </header>
  )
}

function SectionLink({ href, name, current }: { href: string; name: string; current: boolean }) {
  return (
    <a href={href} aria-current={current ? 'page' : undefined}>
      {name}
    </a>
  )
}

function UserMenu({ viewer, current }: { viewer: Viewer; current: boolean }) {
  return (
    <details class="menu" name="menu">
      <summary class="menu-button">
        <span class="menu-team">{viewer.team.name}</span>
        <span class="menu-user">{viewer.user.name}</span>
        <Icon name="chevron" />
      </summary>
      <div class="menu-list">
        <p class="menu-note">{viewer.user.email}</p>
        <a class="menu-item" href="/settings" aria-current={current ? 'page' : undefined}>
          Settings and API keys
        </a>
        <form method="post" action="/sign-out">
          <button class="menu-item" type="submit">
            Sign out
          </button>
        </form>
      </div>
    </details>
  )
}
