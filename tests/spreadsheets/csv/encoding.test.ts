import { describe, expect, it } from 'vitest'
import { openSpreadsheet } from '../../../src/spreadsheets/open.ts'
import { readCells, refusalOf, tempFolder } from '../files.ts'
import { encodeText } from './encode-text.ts'

const folder = tempFolder()

/** Small tables as people send them, in the encodings in which their programs wrote them. */
const TEXTS: [encoding: string, text: string][] = [
  [
    'windows-1252',
    'Name;Straße;Ort;Preis\nMüller, Jörg;Hauptstraße 5;Köln;12,50 €\nGroß, Anna;Bäckerweg 3;Nürnberg;8 €\n',
  ],
  ['windows-1252', 'nom;prénom;ville\nLefèvre;Hélène;Besançon\nGarçon;Noël;Orléans\n'],
  ['windows-1252', 'navn;by\nSøren;Århus\nJørgen;Ærø\n'],
  ['windows-1252', 'id;city\n1;Köln\n'],
  ['windows-1250', 'Jméno;Příjmení;Město\nJiří;Dvořák;Plzeň\nŽofie;Černá;Třebíč\nŠtěpán;Říha;Děčín\n'],
  ['windows-1250', 'Imię;Nazwisko;Miasto\nŁukasz;Wiśniewski;Łódź\nMałgorzata;Wójcik;Kraków\n'],
  ['iso-8859-2', 'Jméno;Příjmení;Město\nJiří;Dvořák;Plzeň\nŽofie;Černá;Třebíč\nŠtěpán;Říha;Děčín\nLuboš;Žák;Želiv\n'],
  ['windows-1251', 'Имя;Город;Улица\nИван Петров;Москва;Тверская\nАнна Смирнова;Казань;Баумана\n'],
  ['windows-1251', 'id;товар;цена\n1;Молоко;50\n2;Хлеб;30\n'],
  ['koi8-r', 'Имя;Город;Улица\nИван Петров;Москва;Тверская\nАнна Смирнова;Казань;Баумана\n'],
  ['windows-1253', 'Όνομα;Πόλη;Διεύθυνση\nΓιώργος Παπαδόπουλος;Αθήνα;Ερμού 5\nΆννα Νικολάου;Θεσσαλονίκη;Εγνατία 12\n'],
  ['windows-1254', 'Adı;Soyadı;Şehir\nAyşe;Yılmaz;İstanbul\nGökhan;Şahin;Eskişehir\nÇağla;Öztürk;Muğla\n'],
  ['windows-1255', 'שם;עיר;רחוב\nדוד כהן;ירושלים;יפו\nשרה לוי;תל אביב;הרצל\n'],
  ['windows-1256', 'الاسم;المدينة;الشارع\nمحمد علي;القاهرة;النيل\nفاطمة حسن;بغداد;الرشيد\n'],
  ['macintosh', 'Name;Straße;Ort\nMüller, Jörg;Hauptstraße 5;Köln\nGroß, Anna;Bäckerweg 3;Nürnberg\n'],
  ['shift_jis', '名前,住所,電話\n山田太郎,東京都千代田区,03-1234\n鈴木花子,大阪府大阪市,06-1111\n'],
  ['shift_jis', '商品コード,商品名\n1,りんご\n2,みかん\n'],
  [
    'euc-jp',
    '名前,住所,メモ\n山田太郎,東京都千代田区,はじめてのお客さま\n鈴木花子,大阪府大阪市,ありがとうございます\n',
  ],
  ['euc-kr', '이름,주소,전화\n김철수,서울특별시 강남구,02-1234\n이영희,부산광역시 해운대구,051-111\n'],
  ['big5', '姓名,地址,電話\n王小明,台北市中正區,02-1234\n陳美麗,高雄市前鎮區,07-1111\n'],
  ['gb18030', '姓名,地址,电话\n王小明,北京市朝阳区,010-1234\n陈美丽,上海市浦东新区,021-1111\n'],
]

const cellsIn = (text: string, delimiter: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(delimiter))

async function dialectOf(path: string, options = {}) {
  const spreadsheet = await openSpreadsheet(path, options)
  spreadsheet.close()
  return spreadsheet.dialect
}

describe('a text that is not UTF-8', () => {
  for (const [encoding, text] of TEXTS) {
    const [title] = text.split('\n')
    it(`is read as ${encoding} when it is: ${title}`, async () => {
      const path = folder.write('legacy.csv', encodeText(text, encoding))
      expect(await readCells(path)).toEqual(cellsIn(text, title?.includes(';') ? ';' : ','))
    })
  }

  it('says in which encoding it was read', async () => {
    const hungarian = encodeText('név;város\nSzőke Győző;Győr\nKőszegi Ödön;Kőszeg\n', 'windows-1250')
    expect((await dialectOf(folder.write('said.csv', hungarian)))?.encoding).toBe('windows-1250')
    const japanese = encodeText('商品コード,商品名\n1,りんご\n', 'shift_jis')
    expect((await dialectOf(folder.write('said.csv', japanese)))?.encoding).toBe('shift_jis')
  })

  it('is Windows-1252 and not ISO-8859-1, which has no € and no typographic quotes', async () => {
    const path = folder.write('latin.csv', encodeText('name;city\nJosé;Cádiz\nMarta;León\n', 'iso-8859-15'))
    expect((await dialectOf(path))?.encoding).toBe('windows-1252')
  })

  it('is judged by its letters, however far down the first of them is', async () => {
    const rows = Buffer.from('12345;67890\n'.repeat(300_000))
    const path = folder.write(
      'far.csv',
      Buffer.concat([rows, encodeText('Иван Петров;Москва\nАнна;Казань\n', 'koi8-r')]),
    )
    expect((await readCells(path)).slice(-2)).toEqual([
      ['Иван Петров', 'Москва'],
      ['Анна', 'Казань'],
    ])
  })
})

describe('what a person says about a text', () => {
  it('goes before what it looks like', async () => {
    const path = folder.write('told.csv', encodeText('a;b\n1,5;Żółć\n', 'windows-1250'))
    const spreadsheet = await openSpreadsheet(path, { encoding: 'cp1250', delimiter: ',' })
    expect(spreadsheet.dialect).toMatchObject({ encoding: 'windows-1250', delimiter: ',' })
    for await (const { rows } of spreadsheet.rows('Sheet1')) expect(rows[1]?.cells).toEqual(['1', '5;Żółć'])
    spreadsheet.close()
  })

  it('may be one of the many names of an encoding, and keeps the byte order mark out of the first cell', async () => {
    const path = folder.write('mark.csv', '\ufeffa,b\n1,2\n')
    for (const [name, encoding] of [
      ['UTF8', 'utf-8'],
      ['latin1', 'windows-1252'],
      ['Mac-Roman', 'macintosh'],
      ['SJIS', 'shift_jis'],
    ]) {
      expect((await dialectOf(path, { encoding: name }))?.encoding).toBe(encoding)
    }
    const spreadsheet = await openSpreadsheet(path, { encoding: 'utf8' })
    for await (const { rows } of spreadsheet.rows('Sheet1')) expect(rows[0]?.cells).toEqual(['a', 'b'])
    spreadsheet.close()
  })

  it('is refused when there is no such encoding, or the sign can not separate cells', async () => {
    const path = folder.write('a.csv', 'a,b\n')
    const encoding = await refusalOf(() => openSpreadsheet(path, { encoding: 'klingon-8' }))
    expect(encoding.code).toBe('unknown_option')
    expect(encoding.message).toBe('There is no text encoding "klingon-8".')
    for (const delimiter of ['', '"', 'x', '7', '\n', ', x']) {
      const refusal = await refusalOf(() => openSpreadsheet(path, { delimiter }))
      expect(refusal.message).toBe(`"${delimiter}" can't separate the cells of a text.`)
    }
  })

  it('may be any sign', async () => {
    const path = folder.write('caret.csv', 'a^b\n1^2\n')
    expect((await dialectOf(path, { delimiter: '^' }))?.delimiter).toBe('^')
  })
})

describe('a text that is UTF-8 but for a few bytes', () => {
  it('is UTF-8 whatever they are when it has the mark', async () => {
    const path = folder.write('marked.csv', Buffer.from('\xef\xbb\xbfname;city\nJ\xfcrgen;K\xf6ln\n', 'latin1'))
    expect((await dialectOf(path))?.encoding).toBe('utf-8')
  })

  it('is read as UTF-8, and the rows with such bytes are named', async () => {
    const rows = Buffer.from('name;city\n'.concat('Jürgen;Köln\n'.repeat(40)))
    const path = folder.write('damaged.csv', Buffer.concat([rows, Buffer.from('J\xfcrgen;K\xf6ln\n', 'latin1'), rows]))
    const spreadsheet = await openSpreadsheet(path)
    const cells: unknown[] = []
    for await (const batch of spreadsheet.rows('Sheet1')) cells.push(...batch.rows.map((row) => row.cells[0]))
    spreadsheet.close()
    expect(spreadsheet.dialect?.encoding).toBe('utf-8')
    expect(cells[40]).toBe('Jürgen')
    expect(cells[41]).toBe('J�rgen')
    expect(spreadsheet.oddities?.()).toEqual(["The text is UTF-8, but not in row 42: what can't be read there is �."])
  })
})
