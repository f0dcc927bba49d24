// Uploads with a bar, a speed and a way to stop. The form works without it; htmx is not used, because it would give up
// on a slow upload after a minute.
const KNOWN = /\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv|txt)$/i

function size(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  const megabytes = bytes / 1024 / 1024
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`
}

function complaint(file, maxBytes) {
  if (!KNOWN.test(file.name)) return `“${file.name}” is not a spreadsheet. XLSX, XLS, ODS and CSV files are taken.`
  if (file.size === 0) return `“${file.name}” is empty. Choose a file with a header row and some rows.`
  if (file.size > maxBytes) {
    return `“${file.name}” has ${size(file.size)}; up to ${size(maxBytes)} are taken. Split it, or ask whoever runs this server to raise the limit.`
  }
  return null
}

for (const form of document.querySelectorAll('form[data-upload]')) wire(form)

function wire(form) {
  const zone = form.querySelector('[data-zone]')
  const input = form.querySelector('input[type="file"]')
  const error = form.querySelector('[data-error]')
  const progress = form.querySelector('[data-progress]')
  const send = form.querySelector('button[type="submit"]')
  const stop = form.querySelector('[data-stop]')
  const maxBytes = Number(form.dataset.maxBytes)

  const say = (text, link) => {
    error.textContent = text ?? ''
    if (link) error.append(' ', link)
    error.hidden = !text
  }

  const show = () => {
    const file = input.files[0]
    const wrong = file ? complaint(file, maxBytes) : null
    zone.dataset.state = wrong ? 'refused' : file ? 'chosen' : 'idle'
    form.querySelector('[data-chosen]').textContent = file ? `${file.name} · ${size(file.size)}` : ''
    say(wrong)
    return file !== undefined && wrong === null
  }

  input.addEventListener('change', show)
  // Another file or another choice is another wish. Sent again unchanged, it is the same one: its answer was lost.
  form.addEventListener('change', () => renewKey(form))
  window.addEventListener('pageshow', show)
  if (error.hidden) show()

  for (const type of ['dragenter', 'dragover']) {
    form.addEventListener(type, (event) => {
      if (![...event.dataTransfer.types].includes('Files')) return
      event.preventDefault()
      zone.dataset.state = 'dragging'
    })
  }
  form.addEventListener('dragleave', (event) => {
    if (!form.contains(event.relatedTarget)) show()
  })
  form.addEventListener('drop', (event) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    const one = new DataTransfer()
    one.items.add(event.dataTransfer.files[0])
    input.files = one.files
    if (event.dataTransfer.files.length > 1) {
      show()
      say('One file at a time: only the first was taken.')
    } else if (show()) send.focus()
  })

  form.addEventListener('submit', (event) => {
    if (!show()) {
      event.preventDefault()
      return input.focus()
    }
    // Where the answer is a page of its own, the browser sends the form itself.
    if (form.dataset.upload === 'page') return waitForPage()
    event.preventDefault()
    upload()
  })

  function waitForPage() {
    progress.hidden = false
    form.querySelector('[data-speed]').textContent = 'Sending the file…'
    // A page that comes back from the browser's memory must not look as if it were still sending.
    window.addEventListener('pageshow', () => {
      progress.hidden = true
    })
  }

  function upload() {
    const request = new XMLHttpRequest()
    const started = performance.now()
    const busy = (on) => {
      progress.hidden = !on
      stop.hidden = !on
      send.disabled = on
      form.toggleAttribute('aria-busy', on)
    }
    const fail = (text, link) => {
      busy(false)
      zone.dataset.state = 'refused'
      say(text, link)
    }
    request.upload.addEventListener('progress', (event) => report(event, (performance.now() - started) / 1000))
    request.addEventListener('load', () => {
      if (request.status < 400) return location.assign(request.responseURL)
      const { text, link } = refusalOf(request)
      fail(text, link)
    })
    request.addEventListener('error', () => fail('The connection was lost. Your file is still chosen: try again.'))
    request.addEventListener('abort', () => {
      busy(false)
      show()
      say('Stopped. Nothing was imported.')
    })
    stop.onclick = () => request.abort()
    request.open('POST', form.action)
    request.setRequestHeader('Accept', 'text/html')
    busy(true)
    request.send(new FormData(form))
  }

  function report(event, seconds) {
    const bar = form.querySelector('[data-bar]')
    const text = form.querySelector('[data-speed]')
    if (!event.lengthComputable) return
    bar.value = Math.floor((100 * event.loaded) / event.total)
    const speed = event.loaded / Math.max(seconds, 0.1)
    text.textContent =
      event.loaded === event.total
        ? 'Sent, the server looks at it…'
        : `Uploading ${size(event.loaded)} of ${size(event.total)} · ${size(speed)}/s`
  }
}

function renewKey(form) {
  const field = form.querySelector('input[name="idempotency_key"]')
  if (field) field.value = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16)).join('')
}

/** What a refusal says, whether the server answered a page or a problem object, and where it points to. */
function refusalOf(request) {
  const otherwise = `The server refused the file (${request.status}).`
  if ((request.getResponseHeader('Content-Type') ?? '').includes('json')) {
    const problem = JSON.parse(request.responseText)
    return { text: [problem.detail ?? problem.title, problem.hint].filter(Boolean).join(' ') || otherwise }
  }
  const page = new DOMParser().parseFromString(request.responseText, 'text/html')
  const told =
    page.querySelector('[data-refusal]') ?? page.querySelector('[role="alert"]') ?? page.querySelector('main .lead')
  const link = told?.querySelector('a')
  link?.remove()
  return { text: told?.textContent.trim() || otherwise, link: link ? document.adoptNode(link) : null }
}
