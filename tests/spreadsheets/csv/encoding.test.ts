import { describe, expect, it } from 'vitest'
import { LEGACY_ENCODINGS } from '../../../src/spreadsheets/csv/text-encodings.ts'
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
  [
    'windows-1257',
    'Vārds;Pilsēta;Piezīme\nJānis Bērziņš;Jūrmala;Lūdzu, piegādājiet preces līdz piektdienai, jo sestdienā noliktava ir slēgta.\nKristīne Ozoliņa;Daugavpils;Klients vēlas saņemt rēķinu pa pastu uz šādu adresi: Brīvības iela 12.\nAndžejs Kļaviņš;Cēsis;Žurnāls nav saņemts, lūgums nosūtīt vēlreiz un paziņot par to.\n',
  ],
  [
    'windows-1257',
    'Nimi;Linn;Märkus\nÜlle Mägi;Pärnu;Palun saatke kaup enne reedet, sest laupäeval on ladu suletud.\nTõnu Õunapuu;Võru;Ostja soovib saada arvet postiga järgmisel aadressil: Põhja tänav 12.\nKülli Šmidt;Jõgeva;Ajakirja pole veel tulnud, palume see uuesti saata.\n',
  ],
  [
    'iso-8859-13',
    'Vardas;Miestas;Pastaba\nŽydrūnas Šimkus;Šiauliai;Prašome pristatyti prekes iki penktadienio, nes šeštadienį sandėlis bus uždarytas.\nRūta Čepaitė;Panevėžys;Pirkėjas nori gauti sąskaitą paštu šiuo adresu: Gedimino gatvė 12.\nJūratė Žukauskienė;Kėdainiai;„Žurnalas“ dar negautas, todėl prašo išsiųsti jį dar kartą.\n',
  ],
  [
    'windows-1258',
    typedInVietnam(
      'Tên;Thành phố;Ghi chú\nNguyễn Văn Đức;Hà Nội;Xin giao hàng trước thứ sáu vì kho đóng cửa vào ngày thứ bảy.\nTrần Thị Hương;Đà Nẵng;Khách hàng muốn nhận hóa đơn qua đường bưu điện theo địa chỉ mới.\nLê Quốc Bảo;Cần Thơ;Tạp chí chưa đến, xin vui lòng gửi lại một lần nữa.\n',
    ),
  ],
  [
    'windows-874',
    'ชื่อ;เมือง;หมายเหตุ\nสมชาย ใจดี;กรุงเทพมหานคร;กรุณาส่งสินค้าก่อนวันศุกร์ เพราะวันเสาร์คลังสินค้าปิด\nสมหญิง รักไทย;เชียงใหม่;ลูกค้าต้องการรับใบแจ้งหนี้ทางไปรษณีย์ตามที่อยู่ใหม่\n',
  ],
  [
    'iso-8859-5',
    'Име;Град;Бележка\nИван Петров;София;Моля доставете стоката до петък, защото в събота складът е затворен.\nМария Георгиева;Пловдив;Клиентът желае да получи фактурата по пощата на новия адрес.\nГеорги Димитров;Варна;Списанието още не е получено, моли да бъде изпратено отново.\n',
  ],
  [
    'iso-8859-5',
    'Име;Град;Напомена\nЂорђе Јовановић;Београд;Молимо да испоручите робу до петка, јер је у суботу складиште затворено.\nЉиљана Његош;Ниш;Купац жели да добије рачун поштом на нову адресу: улица Кнеза Милоша.\nЏелал Ћирић;Чачак;Часопис још није стигао, моли да се пошаље поново.\n',
  ],
  [
    'iso-8859-7',
    'Όνομα;Πόλη;Σημείωση\nΓιώργος Παπαδόπουλος;Αθήνα;Παρακαλούμε να παραδώσετε τα προϊόντα πριν από την Παρασκευή, γιατί το Σάββατο η αποθήκη είναι κλειστή.\nΆννα Νικολάου;Θεσσαλονίκη;Ο πελάτης θέλει να λάβει το τιμολόγιο με το ταχυδρομείο στη νέα διεύθυνση.\n',
  ],
  [
    'iso-8859-15',
    'Nom;Ville;Prix\nHélène Lefèvre;Besançon;12 €\nŒuvre de Noël;Orléans;8 €\nFrançois Garçon;Nîmes;Cœur à bœuf, 5 €\n',
  ],
  [
    'koi8-u',
    "Ім'я;Місто;Примітка\nІван Петренко;Київ;Просимо доставити товар до п'ятниці, бо в суботу склад буде зачинено.\nОлена Їжакевич;Чернігів;Покупець хоче отримати рахунок поштою на нову адресу: вулиця Хрещатик, будинок 12.\nЄвген Ґалаґан;Львів;Журнал ще не отримано, просить надіслати його ще раз.\n",
  ],
  [
    'ibm866',
    'Имя;Город;Примечание\nИван Петров;Москва;Просим доставить товар до пятницы, так как в субботу склад будет закрыт.\nАнна Смирнова;Казань;Покупатель хочет получить счёт по почте по новому адресу: улица Баумана, дом 12.\nСергей Щукин;Тверь;Журнал ещё не получен, просит выслать его повторно.\n',
  ],
  [
    'x-mac-cyrillic',
    "Ім'я;Місто;Примітка\nІван Петренко;Київ;Просимо доставити товар до п'ятниці, бо в суботу склад буде зачинено.\nОлена Їжакевич;Чернігів;Покупець хоче отримати рахунок поштою на нову адресу: вулиця Хрещатик, будинок 12.\nЄвген Ґалаґан;Львів;Журнал ще не отримано, просить надіслати його ще раз.\n",
  ],
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

/** As the keyboard of Windows has it: a letter with its hat or horn, and the tone as a character of its own behind. */
function typedInVietnam(text: string): string {
  return text.replace(/\p{L}/gu, (letter) => {
    const parts = letter.normalize('NFD')
    const [tone = ''] = /[\u0300\u0301\u0303\u0309\u0323]/.exec(parts) ?? []
    return parts.replace(tone, '').normalize('NFC') + tone
  })
}

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
      expect((await dialectOf(path))?.encoding).toBe(encoding)
    })
  }

  it('is looked for in encodings only of which there is a text here that is found', () => {
    expect(new Set(TEXTS.map(([encoding]) => encoding))).toEqual(new Set(LEGACY_ENCODINGS.map(([label]) => label)))
  })

  it('has a name of Windows where another encoding has the same letters, and is read as that one when it is named', async () => {
    const text = 'שם;עיר;הערה\nדוד כהן;ירושלים;נא לספק את הסחורה לפני יום שישי, כי בשבת המחסן סגור.\n'
    const path = folder.write('hebrew.csv', encodeText(text, 'iso-8859-8'))
    expect(await readCells(path)).toEqual(cellsIn(text, ';'))
    expect((await dialectOf(path))?.encoding).toBe('windows-1255')
    expect((await dialectOf(path, { encoding: 'hebrew' }))?.encoding).toBe('iso-8859-8')
  })

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
    for (const delimiter of ['', '"', 'x', '7', '\n', ', x', '|"', ':::', '|x']) {
      const refusal = await refusalOf(() => openSpreadsheet(path, { delimiter }))
      expect(refusal.message).toBe(`"${delimiter}" can't separate the cells of a text.`)
    }
  })

  it('may be any sign', async () => {
    const path = folder.write('caret.csv', 'a^b\n1^2\n')
    expect((await dialectOf(path, { delimiter: '^' }))?.delimiter).toBe('^')
  })

  it('may be two signs', async () => {
    const path = folder.write('signs.csv', 'a~|b~|c\n1~|"x~|y"~|\n2~|~|z\n')
    const spreadsheet = await openSpreadsheet(path, { delimiter: '~|' })
    for await (const { rows } of spreadsheet.rows('Sheet1')) {
      expect(rows.map(({ cells }) => cells)).toEqual([
        ['a', 'b', 'c'],
        ['1', 'x~|y'],
        ['2', null, 'z'],
      ])
    }
    spreadsheet.close()
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
