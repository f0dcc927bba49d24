import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { listTemplateNames } from '../db/templates.ts'
import { type Context, type Member, Refusal } from './context.ts'
import { createTemplate, type TemplateView } from './templates.ts'

/** A template to start from, with a file to try it with. `name` is its name in addresses. */
export type Example = { name: string; title: string; description: string; fileName: string }

const FOLDER = fileURLToPath(new URL('../../examples', import.meta.url))
const NAMES = ['inventory', 'employees', 'troop-advancement'] as const

const template = z.looseObject({ name: z.string(), description: z.string() })

export function listExamples(): Example[] {
  return NAMES.map((name) => {
    const { name: title, description } = readTemplate(name)
    return { name, title, description, fileName: sampleFile(name) }
  })
}

/** Makes the example's template for the team, under a name that is still free. Throws a 404 for an unknown example. */
export async function addExample(context: Context, member: Member, name: string): Promise<TemplateView> {
  const input = readTemplate(known(name))
  const taken = new Set(listTemplateNames(context.db, member.team.id).map((other) => other.name.toLowerCase()))
  return createTemplate(context, member, { ...input, name: freeName(input.name, taken) })
}

/** The sample file for a template that was made from an example and still has its name. */
export function exampleFor(templateName: string): { href: string; fileName: string } | null {
  const example = listExamples().find(({ title }) => templateName === title || isNumbered(templateName, title))
  return example === undefined ? null : { href: `/examples/${example.name}/file`, fileName: example.fileName }
}

/** The sample file, to be sent. Throws a 404 for an unknown example. */
export function findExampleFile(name: string): { path: string; name: string; temporary: false } {
  const example = known(name)
  const fileName = sampleFile(example)
  return { path: path.join(FOLDER, example, fileName), name: fileName, temporary: false }
}

type Name = (typeof NAMES)[number]

/** Only names of the list become a path. */
function known(name: string): Name {
  const found = NAMES.find((each) => each === name)
  if (found === undefined) throw new Refusal(404, { code: 'no_example', message: 'There is no such example.' })
  return found
}

function readTemplate(name: Name): z.output<typeof template> {
  return template.parse(JSON.parse(readFileSync(path.join(FOLDER, name, 'template.json'), 'utf8')))
}

function sampleFile(name: Name): string {
  const file = readdirSync(path.join(FOLDER, name)).find((each) => each.startsWith(name))
  if (file === undefined) throw new Error(`the example ${name} has no sample file`)
  return file
}

function freeName(title: string, taken: ReadonlySet<string>): string {
  let name = title
  for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${title} ${number}`
  return name
}

function isNumbered(name: string, title: string): boolean {
  return name.startsWith(`${title} `) && /^\d+$/.test(name.slice(title.length + 1))
}
