import { execFile } from 'node:child_process'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

/** UTF-8, commas, quotes where needed, cells as they are shown, only the first sheet. */
const TO_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1'
/** UTF-8 with commas; what looks like a number or a date is one, and what looks like a formula is run. */
const FROM_CSV = 'Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,0,true'

/** Lets LibreOffice open a file and save it anew; answers the path of what it wrote, in a folder of its own. */
export async function converted(file: string, to: 'csv' | 'xlsx'): Promise<string> {
  const folder = `${file}-${to}`
  const args = ['--headless', `-env:UserInstallation=file://${path.dirname(file)}/profile`]
  if (file.endsWith('.csv')) args.push(`--infilter=${FROM_CSV}`)
  args.push('--convert-to', to === 'csv' ? TO_CSV : 'xlsx:Calc MS Excel 2007 XML', '--outdir', folder, file)
  const { stdout, stderr } = await promisify(execFile)('soffice', args, { timeout: 120_000 })
  const written = /^(?:Writing sheet .* -> |convert .* -> )(\/.*?)(?: using filter.*)?$/m.exec(stdout)?.[1]
  if (written === undefined) throw new Error(`LibreOffice did not convert ${file}: ${stdout} ${stderr}`)
  const result = path.join(folder, `converted.${to}`)
  await rename(written, result)
  return result
}
