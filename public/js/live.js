// Watches the socket of the page. A socket can be open and dead, so what counts is whether something arrives: the server
// says something at least every 5 seconds. When it doesn't, the page asks every 2 seconds instead, and says so.
const SILENCE_MS = 12_000
const POLL_MS = 2_000
/** A socket that is being opened gets this long before the page asks by itself. */
const PATIENCE_MS = 3_000
/** A button that is held down longer was not pressed to click. */
const PRESS_MS = 3_000

const words = {
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  polling: 'polling every 2 s',
  offline: 'offline, retrying',
}

const indicator = document.getElementById('live-state')
/** When the server was last heard; at first, when the page began to wait for it. */
let heard = performance.now()
/** Since when the socket is open; null while there is none. */
let opened = null
let signedOut = false
let connection = null
let polling = false
/** Until then nothing moves beneath the pointer. */
let released = Promise.resolve()
let release = () => {}

function show(state) {
  if (!indicator || signedOut || indicator.dataset.state === state) return
  indicator.dataset.state = state
  indicator.hidden = false
  indicator.textContent = words[state]
}

function showSignedOut() {
  signedOut = true
  if (!indicator) return
  indicator.dataset.state = 'signed-out'
  indicator.hidden = false
  const link = document.createElement('a')
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`
  link.textContent = 'signed out: sign in again'
  indicator.replaceChildren(link)
}

document.addEventListener('htmx:ws:after:connection', (event) => {
  connection = event.detail.connection
  opened = performance.now()
})
// A socket may have opened before this script listened; what it says shows that it is there.
document.addEventListener('htmx:ws:before:message:incoming', (event) => {
  connection = event.detail.connection
  event.detail.waitUntil(released)
  heard = performance.now()
  opened ??= heard
  show('live')
})
document.addEventListener('htmx:ws:close', (event) => {
  opened = null
  if (event.detail.code === 4401) showSignedOut()
  // A page that asks by itself goes on doing so, however often a socket is tried in vain.
  else if (indicator?.dataset.state !== 'polling') show(navigator.onLine ? 'reconnecting' : 'offline')
})

async function poll() {
  if (polling || signedOut) return
  polling = true
  try {
    const address = document.body.getAttribute('hx-ws:connect')
    const response = await fetch(address.replace(/^\/live/, '/live/state'), { signal: AbortSignal.timeout(10_000) })
    if (response.status === 401) return showSignedOut()
    if (!response.ok) throw new Error(`status ${response.status}`)
    const text = await response.text()
    await released
    // The fragments name their own targets; the page itself is not replaced.
    await window.htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text })
    if (!isLive()) show('polling')
  } catch {
    if (!isLive()) show('offline')
  } finally {
    polling = false
  }
}

// A press and its release are a click only on the same thing, so what arrives between the two waits for the click.
document.addEventListener('pointerdown', () => {
  released = new Promise((resolve) => {
    release = resolve
    setTimeout(resolve, PRESS_MS)
  })
})
for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, () => setTimeout(release))

/** An open socket is not enough: this one must have said something, and not long ago. */
function isLive() {
  return opened !== null && heard >= opened && performance.now() - heard < SILENCE_MS
}

setInterval(() => {
  if (isLive()) return
  const now = performance.now()
  // An open socket that is silent is given up, so that a new one is tried.
  if (opened !== null && now - Math.max(opened, heard) > SILENCE_MS) connection?.socket?.close()
  if (now - heard > PATIENCE_MS) poll()
}, POLL_MS)

show('connecting')

// A page that comes back from the browser's memory has lost its socket and may be old.
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  heard = 0
  window.htmx.process(document.body, true)
  poll()
})

// The title of the tab follows the job that the page is about.
function followTitle() {
  const region = document.querySelector('[data-title]')
  if (region) document.title = `${region.dataset.title} · Sheetport`
}
document.addEventListener('htmx:after:swap', followTitle)

// What a notice tells stands on this very page: it is read.
function dismissOwnNotices() {
  for (const toast of document.querySelectorAll('.toast')) {
    if (toast.hidden || toast.querySelector('a')?.pathname !== location.pathname) continue
    toast.hidden = true
    fetch(toast.querySelector('form').action, { method: 'POST', redirect: 'manual' }).catch(() => {})
  }
}
dismissOwnNotices()
document.addEventListener('htmx:after:swap', dismissOwnNotices)
