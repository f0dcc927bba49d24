import type { TemplateShape } from '../columns/column.ts'
import type { KeptSince } from '../tables/kept-records.ts'
import type { UndoEffect, UndoPlan } from '../tables/undo-plan.ts'
import { type StepObject, toStepObject } from './record-object.ts'

type EffectObject = { removes: number; restores: number; brings_back: number }

/** A record that an undo leaves alone, with what happened to it since. */
export type KeptObject = { record: number; reason: KeptSince['reason']; since: StepObject[] }

/** What an undo would do; `of` is what it would do if no record were kept. */
export type UndoPlanObject = EffectObject & { keeps: number; of: EffectObject; note: string | null }

export function toUndoPlanObject({ counts, columns }: UndoPlan): UndoPlanObject {
  return { ...effectObject(counts), keeps: counts.keeps, of: effectObject(counts.all), note: columns }
}

export function toKeptObject({ recordId, reason, since }: KeptSince, shape: TemplateShape): KeptObject {
  return { record: recordId, reason, since: since.map((step) => toStepObject(step, shape)) }
}

function effectObject({ removes, restores, bringsBack }: UndoEffect): EffectObject {
  return { removes, restores, brings_back: bringsBack }
}
