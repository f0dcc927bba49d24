import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyAction, readTemplateForm, toTemplateFields, toTemplateInput } from '../../src/routes/template-form.ts'

const form: [string, string][] = [
  ['name', 'Inventory'],
  ['mode', 'replace'],
  ['columns[4][name]', 'SKU'],
  ['columns[4][id]', 'caaaaaaa'],
  ['columns[4][key]', 'yes'],
  ['columns[0][name]', 'Price'],
  ['columns[0][type]', 'number'],
  ['group', '4'],
]
const names = (fields: [string, string][]) => readTemplateForm(fields).draft.columns.map((column) => column.name)

describe("the editor's form", () => {
  test('takes the columns in the order in which their rows stand, whatever their numbers', () => {
    expect(names(form)).toEqual(['SKU', 'Price'])
  })

  test('becomes the input of the service', () => {
    const input = toTemplateInput(readTemplateForm(form).draft)
    expect(input).toMatchObject({ name: 'Inventory', mode: 'replace', group: 'SKU' })
    expect(input.columns).toMatchObject([
      { id: 'caaaaaaa', name: 'SKU', type: 'text', key: true, required: false },
      { name: 'Price', type: 'number', key: false },
    ])
  })

  test('adds a column whose number is new and gives it the focus', () => {
    const { draft, action } = readTemplateForm([...form, ['action', 'add']])
    const added = applyAction(draft, action)
    expect(added.draft.columns.map((column) => column.index)).toEqual([4, 0, 5])
    expect(added.focus).toBe(5)
  })

  test('moves and removes the row that is meant, and remembers a saved one', () => {
    const { draft } = readTemplateForm(form)
    expect(applyAction(draft, { kind: 'up', index: 0 }).draft.columns.map(({ name }) => name)).toEqual(['Price', 'SKU'])
    expect(applyAction(draft, { kind: 'up', index: 4 }).draft.columns.map(({ name }) => name)).toEqual(['SKU', 'Price'])
    expect(applyAction(draft, { kind: 'remove', index: 4 }).draft).toMatchObject({ removed: ['SKU'], group: '' })
    expect(applyAction(draft, { kind: 'remove', index: 0 }).draft.removed).toEqual([])
  })

  test('saves when the button says nothing else', () => {
    expect(readTemplateForm(form).action).toEqual({ kind: 'save' })
    expect(readTemplateForm([...form, ['action', 'destroy:1']]).action).toEqual({ kind: 'save' })
  })

  test('comes back whole through a page that asks', () => {
    const text = fc.string()
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, fc.boolean()), { maxLength: 8 }), (rows) => {
        const fields = rows.flatMap(([name, choices, key], index): [string, string][] => [
          [`columns[${index}][name]`, name],
          [`columns[${index}][choices]`, choices],
          ...(key ? [[`columns[${index}][key]`, 'yes'] as [string, string]] : []),
        ])
        const { draft } = readTemplateForm(fields)
        expect(readTemplateForm(toTemplateFields(draft)).draft).toEqual(draft)
      }),
    )
  })
})
