type JobAddress = { id: string; template_id: string }

/** Addresses that more than one view links to. */
export const templatePath = (templateId: string) => `/templates/${templateId}`
export const recordsPath = (templateId: string) => `/templates/${templateId}/records`
export const recordPath = (templateId: string, recordId: number) => `/templates/${templateId}/records/${recordId}`
export const recordHistoryPath = (templateId: string, recordId: number) => `${recordPath(templateId, recordId)}/history`
export const jobPath = (job: JobAddress) => `/templates/${job.template_id}/jobs/${job.id}`
export const readAgainPath = (job: JobAddress) => `${jobPath(job)}/read-again`

/** The drop form with the settings of an import. */
export const importAgainPath = (job: JobAddress) => `${templatePath(job.template_id)}?settings_of=${job.id}#drop`

/** An address with the parameters that have a value. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.append(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}
