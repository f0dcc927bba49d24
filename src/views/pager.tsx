import { formatNumber } from './format.ts'
import { Icon } from './icon.tsx'

type Props = { page: number; pages: number; href: (page: number) => string; label: string }

export function Pager({ page, pages, href, label }: Props) {
  if (pages <= 1) return null
  return (
    <nav class="pager" aria-label={label}>
      {page > 1 && (
        <a class="button button-plain" href={href(page - 1)} rel="prev">
          <Icon name="left" />
          Previous
        </a>
      )}
      <span class="quiet">
        Page {formatNumber(page)} of {formatNumber(pages)}
      </span>
      {page < pages && (
        <a class="button button-plain" href={href(page + 1)} rel="next">
          Next
          <Icon name="right" />
        </a>
      )}
    </nav>
  )
}
