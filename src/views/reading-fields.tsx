import type { SheetInfo } from '../spreadsheets/spreadsheet.ts'
import type { Reading } from '../tables/reading.ts'
import { DATE_ORDER_WORDS } from './column-words.ts'
import { DELIMITERS, ENCODING_WORDS, encodingWords, QUOTE_LABELS, sheetWords } from './reading-words.ts'

/** What was chosen, as the fields of a form say it; '' for what is left to be found. */
export type ReadingValues = {
  sheet: string
  allSheets: string
  headerRow: string
  encoding: string
  delimiter: string
  quote: string
  dateOrder: string
  decimal: string
  totals: string
  oneTable: string
}

export const NOTHING_CHOSEN: ReadingValues = {
  sheet: '',
  allSheets: '',
  headerRow: '',
  encoding: '',
  delimiter: '',
  quote: '',
  dateOrder: '',
  decimal: '',
  totals: '',
  oneTable: '',
}

/** What was said of an earlier reading; orders and signs, said for each column, are kept without being shown. */
export function readingValues(reading: Reading): ReadingValues {
  const { sheet, allSheets, headerRow, encoding, delimiter, quote, totals, oneTable } = reading
  return {
    ...NOTHING_CHOSEN,
    sheet: sheet ?? '',
    allSheets: allSheets ? 'yes' : '',
    headerRow: headerRow === null ? '' : String(headerRow),
    encoding: encoding ?? '',
    delimiter: delimiter ?? '',
    quote: quote ?? '',
    totals: totals ?? '',
    oneTable: oneTable ? 'yes' : '',
  }
}

/** What is known of the file: its sheets, none before it is read or in a text; and whether it is a text. */
export type KnownFile = { sheets: SheetInfo[]; isText: boolean | null; headerRow: number | null }

export const UNKNOWN_FILE: KnownFile = { sheets: [], isText: null, headerRow: null }

type Props = { values: ReadingValues; file: KnownFile; unsaid: string }

/** Where the table is in the file, and how its texts, dates and numbers are written. */
export function ReadingFields({ values, file, unsaid }: Props) {
  return (
    <div class="fields">
      {file.isText !== true && <SheetField value={values.sheet} sheets={file.sheets} />}
      {file.isText !== true && file.sheets.length !== 1 && (
        <Choice
          label="Other sheets"
          name="all_sheets"
          value={values.allSheets}
          options={[
            ['', 'are not read'],
            ['yes', 'are read, if they are alike'],
          ]}
        />
      )}
      <HeaderRowField value={values.headerRow} file={file} />
      {file.isText !== false && <TextFields values={values} />}
      <Choice
        label="Dates in text are"
        name="date_order"
        value={values.dateOrder}
        options={[['', unsaid], ...Object.entries(DATE_ORDER_WORDS)]}
      />
      <Choice
        label="Numbers in text have a"
        name="decimal"
        value={values.decimal}
        options={[
          ['', unsaid],
          ['point', 'decimal point: 1,250.50'],
          ['comma', 'decimal comma: 1.250,50'],
        ]}
      />
      <Choice
        label="Rows of totals at the end"
        name="totals"
        value={values.totals}
        options={[
          ['', 'are asked about'],
          ['leave_out', 'are left out'],
          ['import', 'are imported like all others'],
        ]}
      />
      <SecondTableField value={values.oneTable} />
    </div>
  )
}

/** Of these, what can be said of a file from which a template is made: where its table is, and how a text is written. */
export function PlaceFields({ values, file }: Omit<Props, 'unsaid'>) {
  return (
    <div class="fields">
      {file.isText !== true && <SheetField value={values.sheet} sheets={file.sheets} />}
      <HeaderRowField value={values.headerRow} file={file} />
      <SecondTableField value={values.oneTable} />
      {file.isText !== false && <TextFields values={values} />}
    </div>
  )
}

function HeaderRowField({ value, file }: { value: string; file: KnownFile }) {
  return (
    <label class="field">
      <span class="field-label">Header is in row</span>
      <input
        name="header_row"
        value={value}
        type="number"
        min={1}
        placeholder={file.headerRow === null ? 'found by itself' : `found in row ${file.headerRow}`}
      />
    </label>
  )
}

function SecondTableField({ value }: { value: string }) {
  return (
    <Choice
      label="A second table below the first"
      name="one_table"
      value={value}
      options={[
        ['', 'is left out'],
        ['yes', 'is read as part of the first'],
      ]}
    />
  )
}

function SheetField({ value, sheets }: { value: string; sheets: SheetInfo[] }) {
  if (sheets.length === 0) {
    return (
      <label class="field">
        <span class="field-label">Sheet</span>
        <input name="sheet" value={value} placeholder="the first with rows" autocomplete="off" />
      </label>
    )
  }
  return (
    <Choice
      label="Sheet"
      name="sheet"
      value={value}
      options={[['', 'the first with rows'], ...sheets.map((sheet): Option => [sheet.name, sheetWords(sheet)])]}
    />
  )
}

function TextFields({ values }: { values: ReadingValues }) {
  const encodings = new Set([...Object.keys(ENCODING_WORDS), values.encoding].filter((name) => name !== ''))
  const chosen = DELIMITERS.find(({ sign }) => sign === values.delimiter)?.value ?? values.delimiter
  const delimiters = DELIMITERS.map(({ value, label }): Option => [value, label])
  const isOther = chosen !== '' && delimiters.every(([value]) => value !== chosen)
  return (
    <>
      <Choice
        label="Encoding of a text file"
        name="encoding"
        value={values.encoding}
        options={[['', 'found by itself'], ...Array.from(encodings, (name): Option => [name, encodingWords(name)])]}
      />
      <Choice
        label="Separator of a text file"
        name="delimiter"
        value={chosen}
        options={[
          ['', 'found by itself'],
          ...delimiters,
          ...(isOther ? ([[chosen, `“${chosen}”`]] as const satisfies Option[]) : []),
        ]}
      />
      <Choice
        label="Quotes of a text file"
        name="quote"
        value={values.quote}
        options={[['', 'found by itself'], ...Object.entries(QUOTE_LABELS)]}
      />
    </>
  )
}

type Option = readonly [value: string, words: string]

function Choice({ label, name, value, options }: { label: string; name: string; value: string; options: Option[] }) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select name={name}>
        {options.map(([each, words]) => (
          <option value={each} selected={each === value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}
