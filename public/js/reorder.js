// Rows are dragged by their grip. Their fields keep their names: the order of the rows in the form is what counts.
// The arrow buttons do the same without a mouse and without this script.
let dragged = null

document.addEventListener('dragstart', (event) => {
  const grip = event.target.closest?.('[draggable="true"]')
  const row = grip?.closest('[data-reorder-item]')
  if (!row) return
  dragged = row
  event.dataTransfer.effectAllowed = 'move'
  event.dataTransfer.setData('text/plain', '')
  event.dataTransfer.setDragImage(row, 20, 20)
  row.dataset.dragged = ''
  row.parentElement.dataset.reordering = ''
})

document.addEventListener('dragover', (event) => {
  const row = dragged && event.target.closest?.('[data-reorder-item]')
  if (!row || row.parentElement !== dragged.parentElement) return
  event.preventDefault()
  if (row === dragged) return
  const { top, height } = row.getBoundingClientRect()
  if (event.clientY < top + height / 2) row.before(dragged)
  else row.after(dragged)
})

document.addEventListener('drop', (event) => {
  if (dragged) event.preventDefault()
})

document.addEventListener('dragend', () => {
  if (!dragged) return
  const list = dragged.parentElement
  delete dragged.dataset.dragged
  delete list.dataset.reordering
  for (const [index, row] of [...list.children].entries()) {
    const number = row.querySelector('.column-number')
    if (number) number.textContent = String(index + 1)
  }
  // Whoever listens to the form (the preview of the header) hears of the new order.
  dragged.dispatchEvent(new Event('input', { bubbles: true }))
  dragged = null
})
