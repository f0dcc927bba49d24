import { describe, expect, it } from 'vitest'
import { editDistance, likeness, nearness } from '../../src/columns/edit-distance.ts'
import { headerKey, looseKey } from '../../src/columns/header-key.ts'

describe('headerKey', () => {
  it.each([
    ['E-Mail', 'email'],
    ['  e mail:', 'email'],
    ['Prénom', 'prenom'],
    ['Pre\u0301nom', 'prenom'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['Ørsted / Łódź', 'orstedlodz'],
    ['Qty (pcs.)\n*', 'qtypcs'],
    ['№', 'no'],
    ['ﬁrst name', 'firstname'],
  ])('ignores case, spaces, punctuation and accents: %s', (header, key) => {
    expect(headerKey(header)).toBe(key)
  })

  it.each(['#', '%', '+/-', '名前', 'имя', 'שם', 'नाम'])('keeps what makes %s itself', (header) => {
    expect(headerKey(header)).toBe(header)
  })

  it('tells scripts apart by marks that are letters there', () => {
    expect(headerKey('कि')).not.toBe(headerKey('का'))
  })

  it('is empty for a blank header only', () => {
    expect(headerKey(' \n')).toBe('')
  })
})

describe('looseKey', () => {
  it('keeps punctuation', () => {
    expect(looseKey(' A + ')).toBe('a+')
    expect(looseKey('A+')).not.toBe(looseKey('A-'))
  })
})

describe('nearness', () => {
  it('counts added, dropped and exchanged letters', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('same', 'same')).toBe(0)
  })

  it.each([
    ['actve', 'active'],
    ['mail', 'email'],
    ['telephonenumber', 'telefonnumber'],
  ])('holds between %s and %s', (a, b) => {
    expect(nearness(a, b)).toBeGreaterThan(0)
  })

  it.each([
    ['id', 'no'],
    ['a', 'b'],
    ['name', 'phone'],
    ['', ''],
  ])('does not hold between %s and %s', (a, b) => {
    expect(nearness(a, b)).toBe(0)
  })

  it('prefers a near spelling to a word that is contained', () => {
    expect(likeness('phon', 'phone')).toBeGreaterThan(likeness('phone', 'phonenumber'))
    expect(likeness('phone', 'customerphonenumber')).toBeGreaterThan(0)
  })
})
