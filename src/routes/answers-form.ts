/** The form of the questions about a file: `answer[<question>]` holds the chosen option; an unticked box sends nothing. */
export function answersFromForm(form: Record<string, unknown>): unknown {
  const answers = Object.entries(form).flatMap(([name, value]) => {
    const id = /^answer\[([\w.]+)\]$/.exec(name)?.[1]
    return id === undefined ? [] : [[id, value]]
  })
  return { answers: Object.fromEntries(answers), remember: form.remember !== undefined }
}
