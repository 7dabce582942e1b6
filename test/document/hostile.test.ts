import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRecords } from '../../src/document/read-records.ts'
import { vouch } from '../vouch.ts'

const FOLDER = 'corpus/hostile/files'
const PLAIN = 'The patient tolerated treatment well today.\n\f'
const KPS = 'KPS 80 on examination.\n\f'

/** Problems of each file, and its text where some is to be read. */
const EXPECTED: Readonly<Record<string, { readonly ids: readonly string[]; readonly text?: string }>> = {
  'absolute.zip': { ids: ['archive-entry-skipped'] },
  'all-nul.pdf': { ids: ['empty-file'] },
  'attachment-bomb.pdf': { ids: ['attachment-skipped'], text: PLAIN },
  'billion-laughs.xml': { ids: ['damaged-file'] },
  'body-in-body.xml': { ids: ['attachment-skipped'] },
  'bomb.docx': { ids: ['file-too-large'] },
  'bomb.png': { ids: ['unread-page'] },
  'bundle-in-bundle.json': { ids: [], text: 'Observation: KPS\nValue: 80\n\f' },
  'cmap-bomb.pdf': { ids: [], text: PLAIN },
  'control-signs.txt': { ids: ['foreign-file'] },
  'cyclic-pages.pdf': { ids: ['unread-page'] },
  'cyclic.msg': { ids: ['reader-failed'] },
  'cyclic.tiff': { ids: ['unread-page', 'unread-page'] },
  'deep-arrays.pdf': { ids: [], text: PLAIN },
  'deep.docx': { ids: ['file-too-large'] },
  'deep.eml': { ids: ['reader-failed'] },
  'deep.html': { ids: ['file-too-large'], text: 'KPS 80\n\f' },
  'deep.json': { ids: [] },
  'deep.rtf': { ids: ['partly-read-page'], text: 'KPS 80\n\f' },
  'deep.xml': { ids: ['file-too-large'] },
  'endless-fallback.rtf': { ids: [] },
  'entities.docx': { ids: ['damaged-file'] },
  'executable.pdf': { ids: ['foreign-file'] },
  'external-entity.xml': { ids: ['damaged-file'], text: '\f' },
  'flate-bomb.pdf': { ids: ['reader-out-of-memory'] },
  'form-draws-itself.pdf': { ids: [] },
  'form-laughs.pdf': { ids: ['reader-out-of-memory'] },
  'header-only.pdf': { ids: ['damaged-file'] },
  'huge-page.pdf': { ids: ['unread-page'] },
  'javascript.pdf': { ids: [], text: PLAIN },
  'locked.docx': { ids: ['encrypted-file'] },
  'locked.pdf': { ids: ['encrypted-file'] },
  'locked.zip': { ids: ['encrypted-file'] },
  'lying-binary.rtf': { ids: ['partly-read-page'], text: 'KPS 80\n\f' },
  'lying-count.zip': { ids: ['damaged-file'], text: KPS },
  'lying-font.pdf': { ids: [], text: PLAIN },
  'lying-image.pdf': { ids: ['unread-page'] },
  'lying-size.zip': { ids: ['archive-entry-skipped'], text: KPS },
  'lying-wide.tiff': { ids: ['unread-page'] },
  'lying.png': { ids: ['unread-page'] },
  'lying.tiff': { ids: ['unread-page'] },
  'mail-in-mail.eml': { ids: ['attachment-skipped'] },
  'many-tables.docx': { ids: [], text: KPS },
  'million-pages.pdf': { ids: ['file-too-large', 'damaged-file'], text: PLAIN },
  'negative-pages.pdf': { ids: [], text: PLAIN },
  'nested.zip': { ids: ['archive-entry-skipped'] },
  'not-word.docx': { ids: ['damaged-file'] },
  'old-word.doc': { ids: ['unsupported-format'] },
  'one-line.txt': { ids: [] },
  'outline-loop.pdf': { ids: [], text: PLAIN },
  'pdf-called.docx': { ids: [], text: PLAIN },
  'picture-called.txt': { ids: ['unread-page'] },
  'plain.docx': { ids: [], text: KPS },
  'plain.pdf': { ids: [], text: PLAIN },
  'plain.zip': { ids: [], text: KPS },
  'ratio-bomb.zip': { ids: ['archive-entry-skipped'], text: KPS },
  'rtf-called.pdf': { ids: [], text: KPS },
  'same-names.zip': { ids: [] },
  'script.html': { ids: [], text: 'KPS 80\n\f' },
  'symbolic-link.zip': { ids: ['archive-entry-skipped'], text: KPS },
  'text-bomb.pdf': { ids: ['reader-timed-out'] },
  'text-called.tiff': { ids: [], text: KPS },
  'traversal.zip': { ids: ['archive-entry-skipped'] },
  'truncated.docx': { ids: ['damaged-file'] },
  'truncated.jpg': { ids: ['unread-page'] },
  'truncated.pdf': { ids: ['damaged-file'] },
  'truncated.png': { ids: ['unread-page'] },
  'truncated.tiff': { ids: ['unread-page'] },
  'truncated.zip': { ids: ['damaged-file'] },
  'xref-loop.pdf': { ids: [], text: PLAIN },
  'zero-bytes.pdf': { ids: ['empty-file'] },
}
/** Ends by running out of time or of memory, whichever the machine reaches first. */
const EITHER = ['flate-bomb.pdf', 'form-laughs.pdf', 'text-bomb.pdf']

describe('hostile files', () => {
  it('each is expected, and each that is expected is there', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  // All of them as one packet: one problem each, in bounded time, in one process that lives on.
  it('cost their problem and nothing else', async () => {
    const started = process.memoryUsage().rss
    const { documents, problems } = await readRecords([FOLDER])
    for (const [file, { ids, text }] of Object.entries(EXPECTED)) {
      const own = (each: { readonly file: string }): boolean => each.file === file || each.file.startsWith(`${file}/`)
      const found = problems.filter(own).map((problem) => problem.id)
      if (EITHER.includes(file)) expect([['reader-out-of-memory'], ['reader-timed-out'], ['reader-failed']], file).toContainEqual(found)
      else expect(found, file).toEqual(ids)
      if (text !== undefined) expect(documents.filter(own).map((document) => document.text), file).toContain(text)
    }
    for (const document of documents) expect(document.text, document.file).not.toContain('root:')
    expect(process.memoryUsage().rss - started).toBeLessThan(400 << 20)
  }, 300_000)

  it('vouch annotate says what is wrong and ends as promised', async () => {
    for (const [file, code] of [['plain.pdf', 0], ['traversal.zip', 1], ['truncated.pdf', 1], ['external-entity.xml', 1], ['flate-bomb.pdf', 1], ['control-signs.txt', 1]] as const) {
      const { code: got, out, err } = await vouch(['annotate', join(FOLDER, file)])
      expect([file, got, err]).toEqual([file, code, ''])
      expect(out).not.toContain('root:')
    }
  }, 200_000)
})
