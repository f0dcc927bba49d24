// Cells of the table are edited where they stand: a double click, or Enter on the cell that has the focus. The arrow keys
// move between cells. Without this script the number in front of a record leads to its form.
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** What stood in a cell before it was edited, for Escape. */
const before = new WeakMap()

function cellOf(target) {
  return target instanceof Element ? target.closest('[data-cells] td[data-column]') : null
}

function focusCell(cell) {
  for (const other of cell.closest('[data-cells]').querySelectorAll('td[tabindex="0"]')) other.tabIndex = -1
  cell.tabIndex = 0
  cell.focus()
}

function edit(cell) {
  if (cell.querySelector('form')) return
  before.set(cell, [...cell.childNodes])
  const record = cell.closest('[data-record]').dataset.record
  const address = `${cell.closest('[data-cells]').dataset.cells}/${record}/cells/${cell.dataset.column}`
  htmx.ajax('GET', address, { source: cell, target: cell, swap: 'innerHTML' })
}

function giveUp(cell) {
  cell.replaceChildren(...(before.get(cell) ?? []))
  focusCell(cell)
}

function move(cell, [rows, columns]) {
  const row = cell.parentElement
  const cells = (line) => [...line.querySelectorAll('td[data-column]')]
  const lines = [...row.parentElement.children]
  const line = lines[lines.indexOf(row) + rows]
  const next = line && cells(line)[cells(row).indexOf(cell) + columns]
  if (next) focusCell(next)
}

// One cell of the table can be reached with the Tab key; from there the arrows lead on.
for (const cell of document.querySelectorAll('[data-cells] td[data-column]')) cell.tabIndex = -1
const first = document.querySelector('[data-cells] td[data-column]')
if (first) first.tabIndex = 0

document.addEventListener('dblclick', (event) => {
  const cell = cellOf(event.target)
  if (cell) edit(cell)
})

document.addEventListener('keydown', (event) => {
  const cell = cellOf(event.target)
  if (!cell) return
  if (event.target !== cell) {
    if (event.key === 'Escape') giveUp(cell)
    return
  }
  if (event.key === 'Enter' || event.key === 'F2') {
    event.preventDefault()
    edit(cell)
  } else if (event.key in MOVES) {
    event.preventDefault()
    move(cell, MOVES[event.key])
  }
})

// A choice is made when it is chosen; everything else with Enter.
document.addEventListener('change', (event) => {
  if (event.target.matches('.cell-form select')) event.target.form.requestSubmit()
})

document.addEventListener('htmx:after:swap', (event) => {
  const cell = cellOf(event.target)
  if (!cell) return
  const input = cell.querySelector('.cell-form :is(input, select, textarea)')
  if (input) {
    input.focus()
    // Whoever types replaces what stood there, as in a spreadsheet.
    input.select?.()
  } else focusCell(cell)
})
