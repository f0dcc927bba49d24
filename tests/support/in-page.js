// Runs in every page of a test before the page's own scripts and notes what is shown, whenever it changes. A document
// that is loaded again starts with empty notes: that is how a test knows that nothing was loaded again.
window.noted = {
  /** What the job's card went through. */
  states: [],
  titles: [],
  /** What each job of a list went through, by its name, and how many of them ran at once. */
  jobs: {},
  together: 0,
  /** Every look of the card's progress, with the moment in milliseconds since 1970. */
  sightings: [],
}

addEventListener('DOMContentLoaded', () => {
  note()
  new MutationObserver(note).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    characterData: true,
  })
})

function note() {
  const { states, titles, sightings } = window.noted
  noteJobs(window.noted)
  if (titles.at(-1) !== document.title) titles.push(document.title)
  const card = document.querySelector('article.job')
  if (card === null) return
  const { status } = card.dataset
  if (states.at(-1) !== status) states.push(status)
  const line = card.querySelector('.job-progress .job-line')?.textContent ?? ''
  sightings.push({ status, line, at: performance.timeOrigin + performance.now() })
}

function noteJobs(notes) {
  const shown = [...document.querySelectorAll('article.job, .job-row')]
  for (const job of shown) {
    const name = job.querySelector('a').textContent
    notes.jobs[name] ??= []
    const states = notes.jobs[name]
    if (states.at(-1) !== job.dataset.status) states.push(job.dataset.status)
  }
  const running = shown.filter(({ dataset }) => dataset.status === 'processing').length
  notes.together = Math.max(notes.together, running)
}

/** Where the focus is, and whether a person sees that: a ring around it, or around the zone that an input covers. */
window.focused = () => {
  const element = document.activeElement
  const ringed = element.closest('.zone-drop') ?? element
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(ringed)
  const { top, bottom, width } = ringed.getBoundingClientRect()
  return {
    lost: element === document.body,
    id: element.id,
    text: (element.innerText || element.value || '').trim().replace(/\s+/g, ' '),
    ring: (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0) || boxShadow !== 'none',
    inView: width > 0 && bottom > 0 && top < innerHeight,
  }
}

/** What sticks out to the right when the page can be scrolled sideways; frames that scroll by themselves may be wide. */
window.sticksOut = () => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth <= clientWidth) return []
  const wide = [...document.querySelectorAll('body *')].filter(
    (element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('.table-frame'),
  )
  const told = wide.slice(0, 5).map(({ tagName, className, textContent }) => {
    return `${tagName}.${className}: ${textContent.trim().slice(0, 40)}`
  })
  return [`${scrollWidth} px wide`, ...told]
}

/** What texts of people have become elements, as the texts of these tests would. */
window.intruders = () => {
  const made = [...document.querySelectorAll('img, [onerror], [hx-post="/evil"]')].map((element) => element.outerHTML)
  return window.__xss === undefined ? made : [...made, 'a script ran']
}
