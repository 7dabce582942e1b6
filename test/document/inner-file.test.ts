import { describe, expect, it } from 'vitest'
import { zipSync } from 'fflate'
import { innerFile } from '../../src/document/inner-file.ts'
import { pdfPagePng } from '../../src/document/page-image.ts'
import { openPdf, startEngine } from '../../src/document/pdf-engine.ts'
import { readFile } from '../../src/document/read-records.ts'
import { pdf } from './fixtures.ts'

const engine = await startEngine()
const mail = async (name: string): Promise<Uint8Array> => {
  const content = Buffer.from(await pdf((pen) => pen.text('Simulation note of an invented patient', 50, 50))).toString('base64').replace(/.{76}/g, '$&\r\n')
  return Buffer.from(['From: a@example.org', 'To: b@example.org', 'Subject: records', 'Message-ID: <1@example.org>', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"', '', '--b', 'Content-Type: text/plain', '', 'See the files.', '',
    ...[1, 2].flatMap(() => ['--b', `Content-Type: application/pdf; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`, 'Content-Transfer-Encoding: base64', '', content, '']), '--b--', ''].join('\r\n'))
}

describe('a file inside another', () => {
  it('is found under the name it is cited by, in a mail and in a ZIP with a mail', async () => {
    const eml = await mail('scan.pdf')
    const { documents } = await readFile(eml, 'mail.eml', { ocr: false })
    const inner = documents.map((d) => d.file).filter((f) => f !== 'mail.eml').map((f) => f.slice('mail.eml/'.length))
    expect(inner).toEqual(['scan.pdf', 'scan.pdf (2)'])
    const zip = zipSync({ 'letters/mail.eml': eml })
    for (const [outer, prefix] of [[eml, ''], [zip, 'letters/mail.eml/']] as const) {
      for (const name of inner) {
        const bytes = await innerFile(engine, outer, `${prefix}${name}`)
        expect(Buffer.from(bytes ?? []).subarray(0, 5).toString()).toBe('%PDF-')
        const opened = openPdf(engine, bytes as Uint8Array)
        if ('fault' in opened) throw new Error('not opened')
        expect((await pdfPagePng(opened, 0, 180))?.subarray(1, 4).toString()).toBe('PNG')
        opened.close()
      }
      expect(await innerFile(engine, outer, `${prefix}none.pdf`)).toBeNull()
    }
  })
})
