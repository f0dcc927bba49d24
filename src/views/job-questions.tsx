import type { QuestionOption } from '../columns/question.ts'
import { PostButton } from './button.tsx'
import { plural } from './format.ts'
import type { JobView } from './job-view.ts'
import { reviewWords } from './job-words.ts'
import { jobPath, templatePath } from './paths.ts'

/** What only a person can say about the file, each with real cells in every reading. */
export function JobQuestions({ view }: { view: JobView }) {
  const { job } = view
  const path = jobPath(job)
  return (
    <div class="job-block">
      <p class="lead">
        <strong>{reviewWords(job)}</strong> Nothing has changed yet.
      </p>
      <form id={`answers-${job.id}`} method="post" action={`${path}/answers`} class="stack">
        {job.questions.map((question) => (
          <Ask question={question} />
        ))}
        {job.questions.some((question) => question.column_id !== null) && <Remember view={view} />}
      </form>
      <div class="actions">
        <button class="button button-primary" type="submit" form={`answers-${job.id}`}>
          Read {plural(job.counts.read, 'row')} this way
        </button>
        {view.can.cancel && (
          <PostButton action={`${path}/cancel`} look="quiet">
            Cancel import
          </PostButton>
        )}
      </div>
    </div>
  )
}

function Remember({ view }: { view: JobView }) {
  return (
    <label class="flag">
      <input type="checkbox" name="remember" value="yes" checked />
      <span>
        Remember for <a href={`${templatePath(view.job.template_id)}/edit`}>{view.templateName}</a>, so that it is asked
        once
      </span>
    </label>
  )
}

type Question = JobView['job']['questions'][number]

function Ask({ question }: { question: Question }) {
  const { id, sentence, samples, options, suggested } = question
  return (
    <fieldset class="fieldset ask">
      <legend>{sentence}</legend>
      <div class="answers">
        {options.map((option) => (
          <Answer question={id} option={option} samples={samples} chosen={option.value === suggested} />
        ))}
      </div>
    </fieldset>
  )
}

type AnswerProps = { question: string; option: QuestionOption; samples: Question['samples']; chosen: boolean }

function Answer({ question, option, samples, chosen }: AnswerProps) {
  return (
    <label class="answer">
      <input type="radio" name={`answer[${question}]`} value={option.value} required checked={chosen} />
      <span class="answer-label">{option.label}</span>
      <span class="answer-readings">
        {samples.map(({ cell, value }, at) => (
          <span>
            <span class="quiet">{cell}</span> {value} → <strong>{option.readings[at]}</strong>
          </span>
        ))}
      </span>
    </label>
  )
}
