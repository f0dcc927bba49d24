// Times come in UTC; this shows them in the reader's own time. Without it they stay as they are, and say so.
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

function localize() {
  for (const time of document.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const text = `${day.format(at)}, ${clock.format(at)}`
    if (time.textContent !== text) {
      time.title = `${at.toISOString()}`
      time.textContent = text
    }
  }
}

localize()
document.addEventListener('htmx:after:swap', localize)
