import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

describe('the environment', () => {
  it('may say nothing at all', () => {
    const config = readConfig({})
    expect(config).toMatchObject({ port: 3000, host: '127.0.0.1', baseUrl: undefined, owner: undefined })
    expect(config.maxUploadBytes).toBe(512 * 1024 * 1024)
    expect(config.jobConcurrency).toBeGreaterThanOrEqual(1)
    expect(config.data.root).toBe(path.resolve('data'))
    expect(config.data.table('t1')).toBe(path.resolve('data/tables/t1.db'))
  })

  it('says where things are and how much is allowed', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '::',
      DATA_DIR: '/srv/sheets',
      BASE_URL: 'https://sheets.example.org/',
      OWNER_EMAIL: 'ada@example.org',
      OWNER_PASSWORD: 'long enough, this',
      MAX_UPLOAD_MB: '1',
      JOB_CONCURRENCY: '3',
      KEEP_EXPORTS_HOURS: '0.5',
      KEEP_HISTORY_DAYS: '2',
    })
    expect(config).toMatchObject({
      port: 0,
      host: '::',
      baseUrl: 'https://sheets.example.org',
      owner: { email: 'ada@example.org' },
      maxUploadBytes: 1024 * 1024,
      jobConcurrency: 3,
      keepExportsMs: 1_800_000,
      keepHistoryMs: 172_800_000,
    })
    expect(config.data.appDb).toBe('/srv/sheets/app.db')
  })

  it('means nothing where it is empty', () => {
    expect(readConfig({ PORT: '', OWNER_EMAIL: '', OWNER_PASSWORD: '' })).toMatchObject({
      port: 3000,
      owner: undefined,
    })
  })

  it.each([
    [{ PORT: '70000' }, 'PORT=70000'],
    [{ PORT: 'http' }, 'PORT=http'],
    [{ JOB_CONCURRENCY: '0' }, 'JOB_CONCURRENCY=0'],
    [{ BASE_URL: 'sheets.example.org' }, 'BASE_URL=sheets.example.org'],
    [{ BASE_URL: 'javascript:alert(1)' }, 'BASE_URL=javascript:alert(1)'],
    [{ OWNER_EMAIL: 'ada@example.org' }, 'OWNER_EMAIL and OWNER_PASSWORD go together'],
  ])('is refused as %j, by the name of the variable', (env, sentence) => {
    expect(() => readConfig(env)).toThrow(sentence)
  })

  it('is told everything that is wrong at once, and no password', () => {
    const read = () => readConfig({ PORT: 'x', OWNER_EMAIL: 'ada@example.org', OWNER_PASSWORD: 'hush' })
    expect(read).toThrow(/PORT=x[\s\S]*OWNER_PASSWORD=…/)
    expect(read).not.toThrow(/hush/)
  })
})
