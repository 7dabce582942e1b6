import { describe, expect, it } from 'vitest'
import { answerVersion, readerVersion } from '../../src/load/program-version.ts'

describe('the versions of reading and answering', () => {
  it('are the same in every run and never each other', () => {
    expect(readerVersion()).toMatch(/^reader-[0-9a-f]{24}$/)
    expect(readerVersion()).toBe(readerVersion())
    expect(answerVersion().slice(7)).not.toBe(readerVersion().slice(7))
  })
})
