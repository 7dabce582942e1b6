import fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync, type Zippable, type ZipOptions } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimSchema } from '../../src/claim/claim.ts'
import { letterSettingsSchema } from '../../src/dictionary/letters.ts'
import { engineVersion } from '../../src/load/engine-version.ts'
import { dictionariesFolder } from '../../src/load/folder.ts'
import { loadLetterTemplates } from '../../src/load/load-letters.ts'
import { policyText } from '../../src/load/policy-text.ts'
import { knowledgeOf } from '../../src/load/snapshot.ts'
import { toContract } from '../../src/report/contract.ts'
import { reviewClaim, type Knowledge } from '../../src/review-claim.ts'
import { jsonBytes, MANIFEST, manifestSchema, packetOf, SEAL, sha256, zipPacket, type Packet, type PacketFile, type PacketInput } from '../../src/sending/packet.ts'
import { ZIP_DAY } from '../../src/sending/office-zip.ts'
import { readAll, replayPacket } from '../../src/sending/replay-packet.ts'
import { verifyPacket } from '../../src/sending/verify-packet.ts'

const text = (s: string): Uint8Array => new TextEncoder().encode(s)

/** A packet of a few hundred bytes, sealed like a real one. */
function small(): { bytes: Uint8Array; files: PacketFile[] } {
  const files = [{ name: 'claim.json', bytes: text('{}') }, { name: 'records/a note.txt', bytes: text('ONCOLOGY NOTE\nECOG 1') }]
  const manifest = manifestSchema.parse({
    schema: 'vouch/packet@1', made: { engine: '1', ocr: null, dictionaries: 'd', policy: 'p', policyVersions: [] }, reading: { ocr: 'builtin' }, records: [],
    files: files.map((f) => ({ path: f.name, bytes: f.bytes.length, sha256: sha256(f.bytes) })),
  })
  const all = [...files, { name: MANIFEST, bytes: jsonBytes(manifest) }, { name: SEAL, bytes: text(`${sha256(jsonBytes(manifest))}  ${MANIFEST}\n`) }]
  return { bytes: zipPacket(all), files: all }
}

describe('vouch verify', () => {
  it('finds a whole packet whole', async () => {
    const { faults, seal } = await verifyPacket(small().bytes)
    expect(faults).toEqual([])
    expect(seal).toMatch(/^[0-9a-f]{64}$/)
  })

  it('catches every single byte changed, wherever it is', async () => {
    const { bytes } = small()
    const missed: number[] = []
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [0x01, 0xff]) {
        const changed = bytes.slice()
        changed[at] = (changed[at] as number) ^ flip
        if ((await verifyPacket(changed)).faults.length === 0) missed.push(at)
      }
    }
    expect(missed).toEqual([])
    expect(bytes.length).toBeGreaterThan(1000)
  }, 40_000)

  it('catches bytes added or cut off anywhere', async () => {
    const { bytes } = small()
    await fc.assert(fc.asyncProperty(fc.nat(bytes.length), fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.boolean(), async (at, more, cut) => {
      const changed = cut ? bytes.slice(0, Math.min(at, bytes.length - 1)) : new Uint8Array(Buffer.concat([bytes.slice(0, at), more, bytes.slice(at)]))
      expect((await verifyPacket(changed)).faults.length).toBeGreaterThan(0)
    }), { numRuns: 200 })
  })

  it('says which file was changed, taken out or added, and where else a byte was changed', async () => {
    const { files, bytes } = small()
    const told = async (changed: readonly PacketFile[]): Promise<readonly string[]> => (await verifyPacket(zipPacket(changed))).faults
    expect(await told(files.map((f) => (f.name === 'claim.json' ? { ...f, bytes: text('[]') } : f)))).toEqual(['claim.json was changed: its hash is not that of the manifest.'])
    expect(await told(files.map((f) => (f.name === 'claim.json' ? { ...f, bytes: text('{ }') } : f)))).toEqual(['claim.json was changed: it has 3 bytes, not 2.'])
    expect(await told(files.filter((f) => !f.name.startsWith('records/')))).toEqual(['records/a note.txt is missing or cannot be unpacked.'])
    expect(await told([...files, { name: 'records/b.txt', bytes: text('x') }])).toEqual(['records/b.txt was added: the manifest does not name it.'])
    expect(await told(files.filter((f) => f.name !== SEAL))).toEqual([`${SEAL} is missing.`])
    expect((await told(files.map((f) => (f.name === MANIFEST ? { ...f, bytes: text(new TextDecoder().decode(f.bytes).replace('"engine": "1"', '"engine": "2"')) } : f)))).join()).toContain('manifest.json or manifest.sha256 was changed')
    const dated = bytes.slice()
    dated[10] = 1
    expect((await verifyPacket(dated)).faults).toEqual(['Byte 11 of the archive was changed or added, outside of the files\' content: in what stands before claim.json.'])
    expect((await verifyPacket(new Uint8Array(Buffer.concat([bytes, text('x')])))).faults.length).toBeGreaterThan(0)
    expect((await verifyPacket(text('no archive'))).faults.join()).toContain('no evidence packet')
    expect((await verifyPacket(new Uint8Array())).faults.length).toBeGreaterThan(0)
  })

  it('catches an archive put together otherwise from the same files', async () => {
    const { files } = small()
    const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
    const zip = (all: readonly PacketFile[], more: ZipOptions & { comment?: string } = {}, only?: string): Uint8Array => {
      const out: Zippable = {}
      for (const f of all) out[f.name] = [f.bytes, { level: 0, mtime: ZIP_DAY, os: 3, attrs: 0o644 << 16, ...(only === undefined || only === f.name ? more : {}) }]
      return zipSync(out)
    }
    const whole = zip(sorted)
    expect((await verifyPacket(whole)).faults).toEqual([])
    // The end of the directory: its last two bytes are the length of a comment.
    const commented = new Uint8Array(Buffer.concat([whole, text('seen')]))
    commented[whole.length - 2] = 4
    const lead = (bytes: string): Uint8Array => new Uint8Array(Buffer.concat([text(bytes), whole]))
    const renamed = (from: string, to: string): PacketFile[] => sorted.map((f) => (f.name === from ? { ...f, name: to } : f))
    const bom = (name: string): PacketFile[] => sorted.map((f) => (f.name === name ? { ...f, bytes: new Uint8Array([0xef, 0xbb, 0xbf, ...f.bytes]) } : f))
    const others: Readonly<Record<string, Uint8Array>> = {
      'a comment of the archive': commented, 'bytes at the end': new Uint8Array(Buffer.concat([whole, new Uint8Array(7)])), 'bytes in front': lead('#!/bin/sh\n'), 'twice the archive': new Uint8Array(Buffer.concat([whole, whole])),
      'another order': zip([...sorted].reverse()), packed: zip(sorted, { level: 9 }), 'one packed': zip(sorted, { level: 9 }, 'claim.json'), 'another day': zip(sorted, { mtime: new Date(2001, 1, 1) }), 'one of another day': zip(sorted, { mtime: new Date(2001, 1, 1) }, SEAL),
      'extra fields': zip(sorted, { extra: { 0x5455: new Uint8Array([1, 2, 3]) } }), 'a comment of a file': zip(sorted, { comment: 'seen' }, 'claim.json'), 'other rights': zip(sorted, { attrs: 0o755 << 16 }), 'another system': zip(sorted, { os: 0 }),
      'a folder': zip([...sorted, { name: 'records/', bytes: new Uint8Array() }]), 'a hidden file': zip([...sorted, { name: '.hidden', bytes: text('x') }]), 'clutter of a Mac': zip([...sorted, { name: '__MACOSX/x', bytes: text('x') }]),
      'a name in capitals': zip(renamed('claim.json', 'Claim.json')), 'another name': zip(renamed('records/a note.txt', 'records/a  note.txt')), 'a name with a stroke': zip(renamed('records/a note.txt', 'records\\a note.txt')), 'a name with a dot': zip(renamed('records/a note.txt', './records/a note.txt')),
      'an empty file more': zip([...sorted, { name: 'records/z.txt', bytes: new Uint8Array() }]), 'a mark of bytes before the seal': zip(bom(SEAL)), 'a mark of bytes before the manifest': zip(bom(MANIFEST)), 'a seal without its end': zip(sorted.map((f) => (f.name === SEAL ? { ...f, bytes: f.bytes.slice(0, -1) } : f))),
      'one name twice': new Uint8Array(Buffer.from(Buffer.from(zip([...sorted, { name: 'claim.jsom', bytes: text('{}') }])).toString('latin1').replaceAll('claim.jsom', 'claim.json'), 'latin1')),
    }
    for (const [what, bytes] of Object.entries(others)) {
      expect(Buffer.compare(bytes, whole), what).not.toBe(0)
      expect((await verifyPacket(bytes)).faults.length, what).toBeGreaterThan(0)
    }
  })

  it('catches any handful of changes to any member or to what stands between them', async () => {
    const { bytes, files } = small()
    const change = fc.record({ at: fc.nat(bytes.length - 1), flip: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(fc.asyncProperty(fc.uniqueArray(change, { minLength: 1, maxLength: 6, selector: (c) => c.at }), async (changes) => {
      const changed = bytes.slice()
      for (const { at, flip } of changes) changed[at] = (changed[at] as number) ^ flip
      expect((await verifyPacket(changed)).faults.length).toBeGreaterThan(0)
    }), { numRuns: 300 })
    // Content changed and the archive made anew around it, checksums and all.
    await fc.assert(fc.asyncProperty(fc.nat(files.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, flip) => {
      const changed = files.map((f, i) => (i === which ? { ...f, bytes: f.bytes.map((b, k) => (k === at % f.bytes.length ? b ^ flip : b)) } : f))
      expect((await verifyPacket(zipPacket(changed))).faults.length).toBeGreaterThan(0)
    }), { numRuns: 300 })
  }, 30_000)

  it('tells a packet made anew by its seal', async () => {
    const { bytes } = small()
    const { seal } = await verifyPacket(bytes)
    expect((await verifyPacket(bytes, seal ?? '')).faults).toEqual([])
    expect((await verifyPacket(bytes, 'a'.repeat(64))).faults.join()).toContain('made anew')
  })

  it('opens no bomb and no path that leads out', async () => {
    const { files } = small()
    const out = zipPacket([...files, { name: '../outside.txt', bytes: text('x') }])
    expect((await verifyPacket(out)).faults.join()).toContain('cannot be unpacked')
    expect([...(await verifyPacket(out)).files.keys()].some((n) => n.includes('..'))).toBe(false)
  })
})

describe('an evidence packet', () => {
  let knowledge: Knowledge
  let input: PacketInput
  let packet: Packet
  const same = (report: PacketInput['report']): PacketInput['report'] => report

  beforeAll(async () => {
    knowledge = await knowledgeOf(dictionariesFolder(), engineVersion())
    const folder = 'corpus/sample/records'
    const records = readdirSync(folder).sort().map((file) => ({ file, bytes: new Uint8Array(readFileSync(join(folder, file))) }))
    const { documents, problems, ocr } = await readAll(records, { processes: 1 })
    const claim = claimSchema.parse(JSON.parse(readFileSync('corpus/sample/claim.json', 'utf8')))
    const report = toContract(reviewClaim(claim, { documents, problems, ...(ocr === undefined ? {} : { ocr }) }, knowledge), policyText(knowledge.policies), knowledge.denialCodes)
    input = {
      report, fees: null, records, documents: new Map(documents.map((d) => [d.file, d])), reading: { ocr: 'builtin' }, withRecords: true,
      decisions: [{ target: 'requirement', line: 3, subject: '77435.coordination', machine: 'not-met', action: 'override', status: 'met', reason: 'evidence-elsewhere', note: 'on page 2', evidence: [{ file: 'treatment.pdf', page: 2, quote: 'x', boxes: [{ page: 2, left: 72, top: 100, right: 200, bottom: 112 }] }], round: 'first', by: 'Ann Ferrow', at: '2026-01-15T10:00:00.000Z', stands: true }],
      letters: {
        templates: loadLetterTemplates(dictionariesFolder()), settings: letterSettingsSchema.parse({ payer: 'Invented Health Plan', rights: ['Dispute within {disputeDays} days.'] }), date: null,
        signOff: { determination: { by: 'Ann Ferrow', on: '2026-01-15' }, 'record-request': null },
      },
    }
    packet = await packetOf(input)
  }, 40_000)

  it('holds everything, and nothing of the day or the machine it was made on', async () => {
    expect(Object.keys(unzipSync(packet.bytes))).toEqual([
      'claim.json', 'decisions.json', 'letters/determination.docx', 'letters/determination.json', 'letters/determination.pdf', 'letters/inputs.json', 'letters/record-request.docx', 'letters/record-request.json', 'letters/record-request.pdf',
      'manifest.json', 'manifest.sha256', 'marked-records.pdf', 'read-me.txt', 'records/consultation.docx', 'records/prescription-and-plan.pdf', 'records/treatment.pdf', 'review.json', 'worksheet/worksheet.pdf', 'worksheet/worksheet.xlsx',
    ])
    const year = new Date().getFullYear()
    const all = Buffer.from(packet.bytes).toString('latin1')
    expect(all).not.toContain(`D:${year}`)
    expect(all).not.toContain(process.cwd())
    const again = await packetOf(input)
    expect(Buffer.compare(again.bytes, packet.bytes)).toBe(0)
    expect((await verifyPacket(packet.bytes, packet.seal)).faults).toEqual([])
  }, 20_000)

  it('is caught with any byte changed', async () => {
    await fc.assert(fc.asyncProperty(fc.nat(packet.bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = packet.bytes.slice()
      changed[at] = (changed[at] as number) ^ flip
      expect((await verifyPacket(changed)).faults.length).toBeGreaterThan(0)
    }), { numRuns: 60 })
  }, 30_000)

  it('is reproduced byte for byte', async () => {
    const { differences, same: found } = await replayPacket(await verifyPacket(packet.bytes), knowledge, new Map(), { processes: 1 }, same)
    expect(differences).toEqual([])
    expect(found).toEqual(['review.json', 'letters/determination.docx', 'letters/determination.pdf', 'letters/determination.json', 'letters/record-request.docx', 'letters/record-request.pdf', 'letters/record-request.json', 'worksheet/worksheet.pdf', 'worksheet/worksheet.xlsx', 'marked-records.pdf'])
  }, 30_000)

  it('with hashes only asks for the records, and takes no others', async () => {
    const bare = await packetOf({ ...input, withRecords: false })
    const verified = await verifyPacket(bare.bytes)
    expect([...verified.files.keys()].filter((n) => n.startsWith('records/'))).toEqual([])
    expect((await replayPacket(verified, knowledge, new Map(), { processes: 1 }, same)).differences).toHaveLength(3)
    const given = new Map(input.records.map((r) => [r.file, r.bytes]))
    expect((await replayPacket(verified, knowledge, given, { processes: 1 }, same)).differences).toEqual([])
    given.set('treatment.pdf', text('another file'))
    expect((await replayPacket(verified, knowledge, given, { processes: 1 }, same)).differences).toEqual(['treatment.pdf: the record is not the one that was reviewed (its hash differs).'])
  }, 60_000)

  it('says where a review that comes out otherwise parts from it, without a word of the records', async () => {
    const report: typeof input.report = { ...input.report, lines: input.report.lines.map((l) => ({ ...l, requirements: l.requirements.map((r) => (r.id === '77435.target' ? { ...r, status: 'partial' as const, evidence: r.evidence.map((e) => ({ ...e, quote: 'Marlowe' })) } : r)) })) }
    const other = await packetOf({ ...input, report })
    const { differences } = await replayPacket(await verifyPacket(other.bytes), { ...knowledge, engine: '9.9.9' }, new Map(), { processes: 1 }, same)
    expect(differences).toHaveLength(2)
    expect(differences[0]).toBe(`The packet was made by version ${knowledge.engine}, this is 9.9.9.`)
    expect(differences[1]).toContain('lines[line 3].requirements[77435.target].status (partial in the packet, met now)')
    expect(differences[1]).not.toContain('Marlowe')
  }, 60_000)
})
