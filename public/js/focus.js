// A push may take away the control that has the focus, or disable it. The focus then goes to the next control around
// it, so that whoever uses the keyboard goes on from there and not from the top of the page.
const CONTROLS =
  'a[href], button:enabled, input:enabled:not([type="hidden"]), select:enabled, textarea:enabled, summary'

/** The element that has the focus and what is around it, from the inside out. */
let path = []

document.addEventListener('focusin', ({ target }) => {
  path = []
  for (let element = target; element && element !== document.body; element = element.parentElement) path.push(element)
})
// Whoever presses somewhere else leaves the control by choice.
document.addEventListener('pointerdown', () => {
  path = []
})

// A form that was refused leads to what has to be mended first.
document.querySelector('[aria-invalid="true"]')?.focus()

// A menu closes with Escape, which leads back to its button, and with a press elsewhere.
const openMenu = () => document.querySelector('details.menu[open]')
document.addEventListener('keydown', ({ key }) => {
  const menu = key === 'Escape' ? openMenu() : null
  if (menu === null) return
  menu.open = false
  menu.querySelector('summary').focus()
})
document.addEventListener('pointerdown', ({ target }) => {
  const menu = openMenu()
  if (menu && !menu.contains(target)) menu.open = false
})

document.addEventListener('htmx:after:swap', () => {
  const [control, ...around] = path
  if (control === undefined || (control.isConnected && !control.disabled)) return
  const now = document.activeElement
  if (now !== null && now !== document.body && now !== control) return
  for (const element of around) {
    if (!element.isConnected) continue
    const next = [...element.querySelectorAll(CONTROLS)].find((each) => each.checkVisibility())
    if (next) return next.focus({ preventScroll: true })
  }
})

// A key that is pressed in the card of a job may load the page anew. The focus then goes to the name of the job, from
// which its buttons are near, and not to one of them, on which a key that is held down would be pressed again.
let byKeyboard = false
document.addEventListener('keydown', () => {
  byKeyboard = true
})
document.addEventListener('pointerdown', () => {
  byKeyboard = false
})
document.addEventListener('submit', ({ target }) => {
  const card = target.closest('article.job')
  if (card && byKeyboard) sessionStorage.setItem('pressed-in', card.id)
})
const pressedIn = sessionStorage.getItem('pressed-in')
if (pressedIn !== null) {
  sessionStorage.removeItem('pressed-in')
  document.getElementById(pressedIn)?.querySelector('.job-name a')?.focus()
}
