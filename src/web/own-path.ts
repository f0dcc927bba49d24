/** Where to go after signing in: `wanted` when it is a path of this server, else the start page. */
export function ownPath(wanted: string | undefined, otherwise = '/templates'): string {
  if (wanted === undefined || !wanted.startsWith('/')) return otherwise
  const here = 'http://sheetport.invalid'
  const url = URL.parse(wanted, here)
  // Browsers read "//evil", "/\evil" and tabs in between as another host, and so does URL.
  if (url === null || url.origin !== here) return otherwise
  const path = url.pathname + url.search + url.hash
  return path.startsWith('//') ? otherwise : path
}
