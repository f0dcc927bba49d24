/** Four cells of a sheet, two of them filled. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <rect class="logo-ground" width="20" height="20" rx="5" />
      <path class="logo-cell" d="M0 5a5 5 0 0 1 5-5h5v10H0Z" />
      <path class="logo-cell" d="M10 10h10v5a5 5 0 0 1-5 5h-5Z" />
    </svg>
  )
}
