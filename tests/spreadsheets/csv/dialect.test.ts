import { describe, expect, it } from 'vitest'
import { detectDialect, NO_QUOTE } from '../../../src/spreadsheets/csv/dialect.ts'

describe('the delimiter', () => {
  const cases: [title: string, text: string, delimiter: string][] = [
    ['is the comma of a plain file', 'a,b\n1,2\n', ','],
    ['is the semicolon, decimal commas or not', 'name;price\na;1,5\nb;2,5\n', ';'],
    ['is the semicolon where every row has a decimal comma', 'x;y\n1,5;2,5\n1,6;2,6\n1,7;2,7\n', ';'],
    ['is the semicolon also without a header', '1,5;2,5\n1,6;2,6\n', ';'],
    ['is the tab', 'name, first\tcity\nDoe, J\tBonn\nRoe, K\tKiel\n', '\t'],
    ['is the bar', 'a|b|c\n1|2,0|3\n', '|'],
    ['is two bars', 'a||b||c\n1||2||3\n4||||6\n', '||'],
    ['is two bars also where a cell has one', 'a||b\n1||x|y\n2||z\n3||"u||v"\n', '||'],
    ['is two colons', '1::Toy Story (1995)::Animation|Comedy\n2::Alien: the film::Action\n', '::'],
    ['is one bar where two are an empty cell', 'a|b||d\n1|2||4\n5|||8\n', '|'],
    ['is one bar where the first row has an empty cell', '1||3\n4|5|6\n7|8|9\n', '|'],
    ['is not two colons of addresses', 'host\nfe80::1\nfe80::2\n', ','],
    ['is not two colons in another table', 'a::b,c\nd::e,f\ng,h\n', ','],
    ['is not in quotes', '"a;b;c",x\n"d;e;f",y\n"g;h;i",z\n', ','],
    ['is not in quotes of the other kind', '"a,b,c";x\n"d,e,f";y\n', ';'],
    ['is not what a title above the table has', 'List, of things; all\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n', ';'],
    ['is the comma with its blank where quotes follow', 'a, "b", c\n1, "x, y", 2\n2, "z, w", 3\n', ', '],
    ['is the semicolon with its blank where quotes follow', 'a; "b"\n1; "x; y"\n2; "z; w"\n', '; '],
    ['is the comma alone where no quotes follow its blanks', 'a, b, c\n1, x, 2\n2,, 3\n', ','],
    ['is the comma where some quotes follow at once', 'a,"b"\n1,"x, ""y"", z"\n2,"u, v"\n', ','],
    ['is found over the window, not on a first line of one cell', 'Customers\na;b\n1;2\n3;4\n', ';'],
    ['is the comma where there is none', 'name\nAda\nBob\n', ','],
    ['is the comma of nothing', '', ','],
  ]
  for (const [title, text, delimiter] of cases) {
    it(title, () => expect(detectDialect(text, true)).toMatchObject({ delimiter, quote: '"', escape: '"', skip: 0 }))
  }

  it('is what the first line says, which is no row', () => {
    expect(detectDialect('sep=;\na,b;c\n', true)).toMatchObject({ delimiter: ';', skip: 6 })
    expect(detectDialect('SEP=\t\na\tb\n', true)).toMatchObject({ delimiter: '\t', skip: 6 })
  })

  it('does not follow from a record that is cut off by the window', () => {
    expect(detectDialect('a;b\n1;2\n3;"4,5,6,7,8,', false).delimiter).toBe(';')
  })
})

describe('the quoting', () => {
  const cases: [title: string, text: string, expected: object][] = [
    ['is RFC 4180 where both would do', 'a,b\n"x ""y""",1\n', { quote: '"', escape: '"' }],
    ['is RFC 4180 where nothing is quoted', "name,note\nO'Hara,'tis\n", { quote: '"', escape: '"' }],
    ['has a backslash', 'a,b\n"say \\"hi\\", Bob",1\n"x",2\n', { quote: '"', escape: '\\' }],
    ['has no backslash where a path ends in one', 'path,n\n"C:\\dir\\",1\n"D:\\",2\n', { quote: '"', escape: '"' }],
    ['is the apostrophe where it encloses cells', "'a','b'\n'x, y','z'\n'u','it''s'\n", { quote: "'", escape: "'" }],
    [
      'is the apostrophe also where cells that are cut in two are as many in every row',
      "'a'; 'b'; 'c'\n'a;b'; 'two\nlines'; 'a;b'\n'd'; 'e'; 'f'\n'x|y'; 'g'; 'h'\n'it''s'; 'i'; 'j'\n",
      { delimiter: '; ', quote: "'", escape: "'" },
    ],
    ['is not the apostrophe that keeps formulas from being run', "a,b\n'=x,1\n'-y,2\n'@z,3\n", { quote: '"' }],
    ['is not the apostrophe of plural names', "shop,owner\nthe boys',x\n'tis,y\n'twas,z\n", { quote: '"' }],
  ]
  for (const [title, text, expected] of cases) {
    it(title, () => expect(detectDialect(text, true)).toMatchObject({ delimiter: ',', ...expected }))
  }

  const named: [string, string, Parameters<typeof detectDialect>[2], object][] = [
    ['is the apostrophe where that is said', "a,b\n'x,y',1\n", { quote: 'single' }, { quote: "'", escape: "'" }],
    ['is no apostrophe where that is said', "'a','b'\n'x','y'\n", { quote: 'double' }, { quote: '"', escape: '"' }],
    ['still has its backslash', 'a,b\n"say \\"hi\\", Bob",1\n', { quote: 'double' }, { quote: '"', escape: '\\' }],
    ['is none where that is said', 'a;b\n"x;1\n', { quote: 'none' }, { quote: NO_QUOTE, delimiter: ';' }],
    ['is named beside the delimiter', "a;b,c\n'x;1',y\n", { quote: 'single', delimiter: ',' }, { quote: "'" }],
  ]
  for (const [title, text, asked, expected] of named) {
    it(title, () => expect(detectDialect(text, true, asked)).toMatchObject({ delimiter: ',', ...expected }))
  }
})
