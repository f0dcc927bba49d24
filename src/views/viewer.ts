import type { NoticeView } from './notices-region.tsx'

/** Who looks at the page, and what is unread for them. */
export type Viewer = { user: { name: string; email: string }; team: { name: string }; notices: NoticeView[] }
