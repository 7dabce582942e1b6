// Signatures: the examples of the dictionary, and what a reviewer accepts and refuses.
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { compilePeople, peopleFileSchema } from '../../src/dictionary/people-dictionary.ts'
import { readYaml } from '../../src/load/read-yaml.ts'
import { findPeople } from '../../src/note/people.ts'
import { findSignatures, signatureOfNote } from '../../src/note/signatures.ts'

const entries = readYaml(join(import.meta.dirname, '../../dictionaries/people.yaml'), peopleFileSchema)
const people = compilePeople(entries)
const BODY = 'Seen today.\nPlan: continue treatment.\nMore text here.\n'
const find = (text: string, radiationOncology = true) => findSignatures(BODY + text, 0, BODY.length + text.length, { people, radiationOncology })
const brief = (text: string, radiationOncology = true): string[] =>
  find(text, radiationOncology).map((s) => [s.kind, s.counts ? '+' : '-', s.by ?? '', s.role, s.date ?? '', s.time ?? ''].join('|'))
const stateOf = (text: string, signers: Parameters<typeof signatureOfNote>[1] = []) => signatureOfNote(find(text), signers, 'consult').state

describe('examples of the dictionary', () => {
  for (const e of entries) {
    const plain = (line: string): string => line.replace(/\[\[|\]\]/g, '')
    if (e.part === 'credential' || e.part === 'not-name') {
      it.each(e.examples.found)(`${e.id}: %s`, (line) => {
        const marked = [...line.matchAll(/\[\[(.+?)\]\]/g)].map((m) => m[1])
        const text = plain(line)
        const found = findPeople(text, 0, text.length, people)
        expect(found.map((p) => text.slice(p.start, p.end))).toEqual(marked)
        if (e.role) expect(found[0]?.role).toBe(e.role)
      })
      it.each(e.examples['not-found'])(`${e.id}, not: %s`, (line) => expect(findPeople(line, 0, line.length, people)).toEqual([]))
    }
    if (e.part === 'signing') {
      it.each(e.examples.found)(`${e.id}: %s`, (line) => expect(find(line).some((s) => s.counts)).toBe(true))
      it.each(e.examples['not-found'])(`${e.id}, not: %s`, (line) => expect(find(line).filter((s) => s.counts)).toEqual([]))
    }
    if (e.part === 'not-signing') it.each(e.examples.found)(`${e.id}: %s`, (line) => expect(find(line).filter((s) => s.counts)).toEqual([]))
    const kind = ({ pending: 'pending', dictated: 'dictated-not-read', stamp: 'stamp', 'not-initials': 'initials' } as const)[e.part as 'pending']
    if (kind) {
      it.each(e.examples.found)(`${e.id}: %s`, (line) => expect(find(line).map((s) => s.kind)).toContain(kind))
      it.each(e.examples['not-found'])(`${e.id}, not: %s`, (line) => expect(find(line).map((s) => s.kind)).not.toContain(kind))
    }
    if (e.part === 'label' || e.part === 'specialty') {
      const role = e.part === 'label' && e.role === 'physician' ? 'radiation-oncologist' : e.role
      it.each(e.examples.found)(`${e.id}: %s`, (line) => expect(find(line).map((s) => s.role)).toContain(role))
      if (e.id !== 'radiation-oncology-specialty') it.each(e.examples['not-found'])(`${e.id}, not: %s`, (line) => expect(find(line).map((s) => s.role)).not.toContain(role))
    }
  }
})

describe('who, in what role, when', () => {
  it.each([
    ['Electronically signed by Jane Roe, MD on 03/14/2025 09:12', 'electronic|+|Jane Roe|radiation-oncologist|2025-03-14|09:12'],
    ['Approved by: Roe, Jane (MD) 3/14/2025 9:12:03 PM', 'approval|+|Roe, Jane|radiation-oncologist|2025-03-14|21:12'],
    ['Plan status: Treatment Approved, JRoe, 03/14/25', 'approval|+|JRoe|unknown|2025-03-14|'],
    ['Plan Status\tTreatment Approved\tRenn, Tobias (DO)\t5/9/2025 3:20:11 PM', 'approval|+|Renn, Tobias|radiation-oncologist|2025-05-09|15:20'],
    ['X. Moreau MD signed 05/20/2025 16:12', 'electronic|+|X. Moreau|radiation-oncologist|2025-05-20|16:12'],
    ['/es/ JANE ROE, MD', 'electronic|+|JANE ROE|radiation-oncologist||'],
    ['Physics review: K. Lin, PhD, DABR, 3/14/25', 'approval|+|K. Lin|physicist|2025-03-14|'],
    ['A. Keller MD 06/06/2025', 'typed|+|A. Keller|radiation-oncologist|2025-06-06|'],
    ['R. Blankenship MS, DABR 06/06/2025', 'typed|+|R. Blankenship|physicist|2025-06-06|'],
    ['I. Solheim MD 2025-05-16', 'typed|+|I. Solheim|radiation-oncologist|2025-05-16|'],
    ['A. Keller, MD', 'typed|-|A. Keller|radiation-oncologist||'],
    ['Electronically signed by: ______', 'blank|-||unknown||'],
    ['Approved by\tROE, JANE MD (password entered)\nApproval time\t2025-03-14 16:31:05', 'approval|+|ROE, JANE|radiation-oncologist|2025-03-14|16:31'],
    ['Approved by: ______ Date: ______', 'blank|-||unknown||'],
    ['Physician signature:', 'blank|-||radiation-oncologist||'],
    ['_____________________\nJane Roe, MD', 'blank|-|Jane Roe|radiation-oncologist||'],
    ['Signed: [handwriting]\nJane Roe, M.D.', 'handwritten|+|Jane Roe|radiation-oncologist||'],
    ['Signature on file', 'stamp|-||unknown||'],
    ['Dictated but not read. J. Roe MD', 'dictated-not-read|-|J. Roe|radiation-oncologist||'],
    ['Continue. LK', 'initials|-|LK|unknown||'],
    ['Fraction 3 given, init rp', 'initials|-|rp|unknown||'],
    ['Electronically signed by\nJane Roe, MD\n03/14/2025', 'electronic|+|Jane Roe|radiation-oncologist|2025-03-14|'],
    ['Electronically signed by Caleb Onyango, MD, Neurosurgery 02/10/2025', 'electronic|+|Caleb Onyango|neurosurgeon|2025-02-10|'],
    ['Attestation: I saw and examined the patient and agree. J. Roe MD 3/14/25', 'electronic|+|J. Roe|radiation-oncologist|2025-03-14|'],
    ['Verified: K. Lin, PhD 3/14/25 07:50', 'approval|+|K. Lin|physicist|2025-03-14|07:50'],
    ['Electronically signed by Amy Voss, RT(R)(T) 05/05/2025 08:31', 'electronic|+|Amy Voss|therapist|2025-05-05|08:31'],
    ['Electronically signed by Sam Idris, PA-C on 05/05/2025', 'electronic|+|Sam Idris|advanced-practitioner|2025-05-05|'],
    ['Reviewed and approved by Dr. Falk 02/07/2025', 'approval|+|Falk|radiation-oncologist|2025-02-07|'],
  ])('%s', (line, wanted) => expect(brief(line)[0]).toBe(wanted))

  it('calls an MD outside radiation oncology a physician', () => {
    expect(brief('Electronically signed by Jane Roe, MD 03/14/2025', false)[0]).toContain('|physician|')
  })

  it.each([
    'CBCT was reviewed and approved by the therapists.', 'Images reviewed with Dr. Ames on 03/14/2025.', 'Position verified by CBCT 3/14/2025.', 'Insurance approved 30 fractions on 03/01/2025.',
    'Printed by: Jane Roe, MD 03/14/2025 10:00', 'cc: J. Ames, MD', 'Referring physician: H. Brandt, MD', 'Consent was signed by the patient on 03/14/2025.', 'Labs reviewed 03/14/2025.',
    'Scheduled with Dr. Ames 03/20/2025', 'We reviewed the MRI with A. Lund, MD.', 'Identity verified with name and DOB.', 'Status post resection by Dr. Lund 1/2/2025', 'Dose approved: 50 Gy', 'The signal was significant.',
  ])('no signature: %s', (line) => expect(find(`${line}\nThe note goes on with further words here.\nAnd more.`).filter((s) => s.counts)).toEqual([]))

  it('takes the letters of a log, and initials over the typed name', () => {
    expect(find('05/05/2025 Treated. AV\nAV = Amy Voss, RT(T)').find((s) => s.kind === 'initials')).toMatchObject({ counts: true, role: 'therapist' })
    expect(find('1\t05/05/2025\tdone\n').length).toBe(0)
  })

  it('reads initials in columns', () => {
    const table = 'Fx\tDate\tDose\tInit\n1\t05/05/2025\t200\tkj\n2\t05/06/2025\t200\tVL'
    expect(find(table).map((s) => [s.kind, s.by, s.date])).toEqual([['initials', 'kj', '2025-05-05'], ['initials', 'VL', '2025-05-06']])
  })
})

describe('forms that join a verb, a name and a day', () => {
  it.each([
    ['Delivered and signed by Celeste M. Ferrante, MD 3/11/2025 9:52 AM', 'electronic|+|Celeste M. Ferrante|radiation-oncologist|2025-03-11|09:52'],
    ['Carmen Ruelas, PhD, DABR, medical physicist. Signed electronically 05/18/2026 11:26', 'electronic|+|Carmen Ruelas|physicist|2026-05-18|11:26'],
    ['Signed: 08/05/2025 09:10 (A. Rodriguez, MD)', 'electronic|+|A. Rodriguez|radiation-oncologist|2025-08-05|09:10'],
    ['Plan Approval Status: TreatmentApproved  Approved By: Rodriguez, Ana MD  8/5/2025 9:10:11 AM', 'approval|+|Rodriguez, Ana|radiation-oncologist|2025-08-05|09:10'],
    ['Delivery verified and signed: Aasen, Ingrid (MD) 2026-03-04 10:21:17', 'approval|+|Aasen, Ingrid|radiation-oncologist|2026-03-04|10:21'],
    ['s/ Ana Rodriguez MD 8/5/2025', 'electronic|+|Ana Rodriguez|radiation-oncologist|2025-08-05|'],
    ['TK', 'initials|-|TK|unknown||'],
  ])('%s', (text, expected) => expect(brief(text)).toEqual([expected]))

  it('takes small letters for initials only where somebody of that name is known', () => {
    const text = `${BODY}Treated, tolerated well. tjb`
    const known = findSignatures(text, 0, text.length, { people, radiationOncology: true, initials: () => new Set(['TJB']) })
    expect(known.map((s) => [s.kind, s.by, s.counts])).toEqual([['initials', 'TJB', false]])
    expect(findSignatures(text, 0, text.length, { people, radiationOncology: true, initials: () => new Set(['AB']) })).toEqual([])
  })
})

describe('state of a note', () => {
  it.each([
    ['Signed by: Lee Park, MD 02/12/2025\nAwaiting cosignature by Anika Falk, MD', 'pending'],
    ['Awaiting cosignature by Anika Falk, MD\nCosigned by Anika Falk, MD 02/13/2025', 'signed'],
    ['Dictated but not read.\nElectronically signed by J. Roe MD 2/12/2025', 'dictated-not-read'],
    ['*** DRAFT ***', 'pending'],
    ['A. Keller, MD', 'unsigned'],
    ['Signature: ______', 'unsigned'],
    ['05/01 stable. LK', 'unsigned'],
    ['Nothing here.', 'absent'],
    ['05/01/2025 Stable. A. Falk MD 05/01/2025\n05/08/2025 Stable. A. Falk MD 05/08/2025', 'signed'],
  ])('%s', (text, state) => expect(stateOf(text)).toBe(state))

  it('waits for the role the note needs', () => {
    const text = 'Electronically signed by K. Lin, PhD 2/18/2025\nPhysician signature: ____________'
    expect(stateOf(text, ['radiation-oncologist', 'physician'])).toBe('unsigned')
    expect(stateOf(text, ['physicist'])).toBe('signed')
  })
})
