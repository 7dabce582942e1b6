import fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
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
