import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPacket } from '../../src/document/packet.ts'
import { readFile, readRecords } from '../../src/document/read-records.ts'
import { sniff, tiffPages } from '../../src/document/sniff.ts'
import { chart, pdf, png, zip } from './fixtures.ts'

const text = (words: string): Uint8Array => new Uint8Array(Buffer.from(words))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vouch-records-'))
  await mkdir(join(folder, 'notes', 'deep'), { recursive: true })
  const one = await chart(1)
  await writeFile(join(folder, 'b.pdf'), one)
  await writeFile(join(folder, 'notes', 'a.txt'), 'KPS 80 on examination.')
  await writeFile(join(folder, 'notes', 'deep', 'scan.png'), png(60, 40))
  await writeFile(join(folder, 'notes', '.DS_Store'), 'x')
  await writeFile(join(folder, 'notes', 'empty.pdf'), '')
  await writeFile(join(folder, 'packet.zip'), zip([
    { name: 'z/second.txt', bytes: text('Second note.') }, { name: 'first.pdf', bytes: one }, { name: '__MACOSX/first.pdf', bytes: text('x') },
    { name: 'bad.pdf', bytes: text('%PDF-1.4 nothing') }, { name: 'inner.zip', bytes: zip([{ name: 'third.txt', bytes: text('Third note.') }]) },
  ]))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('readRecords', () => {
  test('files, folders and archives by cited name, one problem for each bad file', async () => {
    const seen: string[] = []
    const { documents, problems } = await readRecords([join(folder, 'packet.zip'), join(folder, 'notes'), join(folder, 'b.pdf')], { onProgress: (progress) => seen.push(progress.file) })
    expect(documents.map((document) => document.file)).toEqual([
      'a.txt', 'b.pdf', 'deep/scan.png', 'empty.pdf', 'packet.zip/bad.pdf', 'packet.zip/first.pdf', 'packet.zip/inner.zip/third.txt', 'packet.zip/z/second.txt',
    ])
    expect(problems.map((problem) => [problem.id, problem.file])).toEqual([['unread-page', 'deep/scan.png'], ['empty-file', 'empty.pdf'], ['damaged-file', 'packet.zip/bad.pdf']])
    expect(documents.find((document) => document.file === 'packet.zip/first.pdf')?.sha256).toBe(documents.find((document) => document.file === 'b.pdf')?.sha256)
    expect(new Set(seen)).toContain('b.pdf')
  })

  test('the order of the arguments does not matter', async () => {
    const paths = [join(folder, 'b.pdf'), join(folder, 'notes', 'a.txt')]
    expect(await readRecords(paths)).toEqual(await readRecords([...paths].reverse()))
  })

  test('what does not exist is the caller\'s fault', async () => {
    await expect(readRecords([join(folder, 'nowhere.pdf')])).rejects.toMatchObject({ kind: 'input-fault', message: expect.stringContaining('There is no file or folder at') as string })
  })

  test('a document for a file of a kind that is not read', async () => {
    const { documents, problems } = await readFile(text('\x00\x01binary\x00'), 'a.bin')
    expect(documents).toHaveLength(1)
    expect(problems).toEqual([{ id: 'foreign-file', severity: 'error', file: 'a.bin', data: { format: 'unknown' } }])
  })
})

test('sniff', async () => {
  expect(sniff(new Uint8Array())).toBe('empty')
  expect(sniff(new Uint8Array(50))).toBe('empty')
  expect(sniff(await chart(1))).toBe('pdf')
  expect(sniff(text(`junk before\n%PDF-1.4`))).toBe('pdf')
  expect(sniff(png(2, 2))).toBe('png')
  expect(sniff(text('<!DOCTYPE html><html>'))).toBe('html')
  expect(sniff(text('<?xml version="1.0"?><ClinicalDocument>'))).toBe('xml')
  expect(sniff(text('Patient: Doe\nKPS 80'))).toBe('text')
  expect(sniff(new Uint8Array(Buffer.from('\ufeffPatient', 'utf16le')))).toBe('text')
  expect(sniff(zip([{ name: '[Content_Types].xml', bytes: text('<x/>') }, { name: 'word/document.xml', bytes: text('<x/>') }]))).toBe('docx')
  expect(sniff(zip([{ name: 'a.pdf', bytes: text('x') }]))).toBe('zip')
  expect(sniff(new Uint8Array([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0]))).toBe('tiff')
})

test('pages of a TIFF, also of one that bites its tail', () => {
  const directory = (next: number): number[] => [0, 0, ...[24, 16, 8, 0].map((shift) => (next >> shift) & 255)]
  expect(tiffPages(new Uint8Array([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, ...directory(14), ...directory(0)]))).toBe(2)
  expect(tiffPages(new Uint8Array([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, ...directory(8)]))).toBe(1)
  expect(tiffPages(new Uint8Array([0x4d, 0x4d, 0, 42]))).toBe(1)
})

describe('packets', () => {
  test('names that leave the archive are refused', async () => {
    const { entries, problems } = await openPacket(zip([{ name: '../out.txt', bytes: text('x') }, { name: 'a.txt', bytes: text('y') }, { name: '/etc/b.txt', bytes: text('z') }]), 'p.zip')
    expect(entries.map((entry) => entry.name)).toEqual(['a.txt'])
    expect(problems.map((problem) => [problem.id, problem.data])).toEqual([1, 3].map((entry) => ['archive-entry-skipped', { entry, cause: 'bad-name' }]))
  })

  test('a cut archive', async () => {
    const whole = zip([{ name: 'a.txt', bytes: text('KPS 80') }])
    expect((await openPacket(whole.slice(0, whole.length - 30), 'p.zip')).problems.map((problem) => problem.id)).toEqual(['damaged-file'])
  })

  test('a password-protected PDF in a packet is one problem', async () => {
    const locked = await pdf((pen) => void pen.text('x'), { userPassword: 'secret' })
    const { documents, problems } = await readFile(zip([{ name: 'a.txt', bytes: text('KPS 80') }, { name: 'locked.pdf', bytes: locked }]), 'p.zip')
    expect(documents).toHaveLength(2)
    expect(problems.map((problem) => [problem.id, problem.file])).toEqual([['encrypted-file', 'p.zip/locked.pdf']])
  })
})
