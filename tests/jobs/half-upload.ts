import http from 'node:http'

/** Sends the first half of a form with a file, and then nothing more. */
export function startHalfUpload({ url, key }: { url: string; key: string }, templateId: string): http.ClientRequest {
  const request = http.request(`${url}/api/templates/${templateId}/imports`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'multipart/form-data; boundary=cut' },
  })
  request.on('error', () => {})
  request.write('--cut\r\nContent-Disposition: form-data; name="file"; filename="half.csv"\r\n\r\n')
  request.write('SKU,Name\n'.padEnd(100_000, '1,A\n'))
  return request
}
