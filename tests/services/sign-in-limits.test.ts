import { describe, expect, it } from 'vitest'
import { FailureLimit, networkOf, SignInLimits } from '../../src/services/sign-in-limits.ts'

describe('a limit of failures', () => {
  it('doubles the wait with every failure after the free ones, up to the longest', () => {
    const limit = new FailureLimit({ free: 2, longestMs: 3000 })
    const waits = [1, 2, 3, 4, 5, 6].map(() => {
      limit.fail('key', 0)
      return limit.waitMs('key', 0)
    })
    expect(waits).toEqual([0, 0, 1000, 2000, 3000, 3000])
    expect(limit.waitMs('key', 2500)).toBe(500)
    expect(limit.waitMs('other', 0)).toBe(0)
  })

  it('starts anew an hour after the last failure', () => {
    const limit = new FailureLimit({ free: 1, longestMs: 60_000 })
    limit.fail('key', 0)
    limit.fail('key', 0)
    const later = 60 * 60_000 + 1
    limit.fail('key', later)
    expect(limit.waitMs('key', later)).toBe(0)
  })
})

describe('the limits of signing in', () => {
  const victim = (address: string) => ({ email: 'alice@example.org', address })

  it('slow a whole account down when it is guessed at from many addresses', () => {
    const limits = new SignInLimits()
    for (let index = 0; index < 30; index++) limits.fail(victim(`10.0.0.${index}`), 0)
    expect(() => limits.admit(victim('10.9.9.9'), 0)).toThrow(/Too many failed tries/)
    expect(() => limits.admit(victim('10.9.9.9'), 31_000)).not.toThrow()
  })

  it('leave an address alone from which the account has signed in before', () => {
    const limits = new SignInLimits()
    limits.succeed(victim('10.1.1.1'))
    for (let index = 0; index < 30; index++) limits.fail(victim(`10.0.0.${index}`), 0)
    expect(() => limits.admit(victim('10.1.1.1'), 0)).not.toThrow()
  })

  it('slow one address down that tries many accounts', () => {
    const limits = new SignInLimits()
    for (let index = 0; index < 60; index++) limits.fail({ email: `user${index}@example.org`, address: '10.0.0.1' }, 0)
    expect(() => limits.admit({ email: 'new@example.org', address: '10.0.0.1' }, 0)).toThrow()
    expect(() => limits.admit({ email: 'new@example.org', address: '10.0.0.2' }, 0)).not.toThrow()
  })
})

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
