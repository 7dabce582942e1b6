import { describe, expect, it, test } from 'vitest'
import { readHtml } from '../../src/document/read-html.ts'
import { readEml } from '../../src/document/read-mail.ts'
import { readFile } from '../../src/document/read-records.ts'
import { readFhirJson, readXml } from '../../src/document/read-xml.ts'
import { sniff } from '../../src/document/sniff.ts'
import { png } from './fixtures.ts'

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const html = (text: string) => readHtml(bytes(text), 'a.html')

describe('HTML', () => {
  it('as a browser shows it', () => {
    const { document } = html('<html><head><title>T</title><style>p{}</style></head><body><h2>Consult</h2><p>Patient:  <b>Doe</b>&nbsp;J &mu;g<br>next<p>last<script>x</script><div style="display: none">no</div><del>gone</del></html>')
    expect(document.text).toBe('Consult\nPatient: Doe J μg\nnext\nlast\n\f')
    expect(document.properties).toEqual({ title: 'T' })
    expect(document.regions.map((region) => region.kind)).toEqual(['heading'])
  })
  it('tables, terms, forms, type of one width', () => {
    expect(html('<table><tr><th rowspan=2>A<th>B<tr><td>2</table>').document.text).toBe('A\tB\n\t2\n\f')
    expect(html('<dl><dt>KPS<dd>80<dt>ECOG<dd>1</dl>').document.text).toBe('KPS\t80\nECOG\t1\n\f')
    expect(html('<input type=checkbox checked> Yes <input type=radio> No <input value=" 5 "> <input> <select><option>a<option selected>b</select>').document.text).toBe('☒ Yes ☐ No 5 ____ b\n\f')
    expect(html('<pre>Date     Dose    Fx\n1/1      200     1</pre>').document.text).toBe('Date\tDose\tFx\n1/1\t200\t1\n\f')
  })
  it('in its declared encoding, with pictures of its own', () => {
    expect(readHtml(Buffer.from('<meta charset="iso-8859-2"><p>Dvo\xf8\xe1k</p>', 'latin1'), 'a').document.text).toBe('Dvořák\n\f')
    expect(html(`<p>x</p><img src="data:image/png;base64,${Buffer.from(png(1700, 2200)).toString('base64')}"><p>y</p><img src="http://127.0.0.1/no.png">`).pictures.map((each) => each.at)).toEqual([2])
  })
  it('ends on deep nesting', () => {
    expect(html('<div>'.repeat(300) + 'x').document.text).toBe('x\n\f')
    expect(html('x' + '<div>'.repeat(200_000)).document).toMatchObject({ text: 'x\n\f', problems: [{ id: 'file-too-large' }] })
    expect(html('<table><tr><td>x'.repeat(5000)).document.problems).toHaveLength(1)
  })
})

const CCDA = (inner: string): string => `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><code code="11488-4" displayName="Consultation note"/><title>Radiation Oncology Consultation</title><effectiveTime value="20250820101500-0500"/>
<recordTarget><patientRole><id extension="55512"/><patient><name><given>Edith</given><family>Marlowe</family></name><birthTime value="19491102"/></patient></patientRole></recordTarget>
<author><assignedAuthor><code displayName="Radiation Oncology"/><assignedPerson><name><given>Jane</given><family>Doe</family><suffix>MD</suffix></name></assignedPerson></assignedAuthor></author>${inner}</ClinicalDocument>`
const SIGNED = (code: string): string => `<legalAuthenticator><time value="20250820111500"/><signatureCode code="${code}"/><assignedEntity><assignedPerson><name><given>Jane</given><family>Doe</family></name></assignedPerson></assignedEntity></legalAuthenticator>`
const BODY = (section: string): string => `<component><structuredBody><component><section>${section}</section></component></structuredBody></component>`

describe('C-CDA', () => {
  it('who, when, sections with their tables, who signed', () => {
    const { document } = readXml(bytes(CCDA(SIGNED('S') + BODY('<title>History</title><text><paragraph>ECOG <content styleCode="Bold">1</content>.<br/>No pacemaker.</paragraph><list><item>one</item></list><table><thead><tr><th>Date</th><th>Dose</th></tr></thead><tbody><tr><td>1/2/25</td><td>200 cGy</td></tr></tbody></table></text>'))), 'a.xml')
    expect(document.text).toBe('Radiation Oncology Consultation\nPatient: Marlowe, Edith\nDate of birth: 1949-11-02\nMRN: 55512\nDocument date: 2025-08-20 10:15\nAuthor: Jane Doe, MD, Radiation Oncology\nHistory\nECOG 1.\nNo pacemaker.\none\nDate\tDose\n1/2/25\t200 cGy\nElectronically signed by: Jane Doe on 2025-08-20 11:15\n\f')
    expect(document.regions.map((region) => region.kind)).toEqual(['heading', 'heading', 'table-row', 'table-row'])
  })
  it('a signature that is only asked for is none; entries speak where the narrative is silent', () => {
    const { document } = readXml(bytes(CCDA(SIGNED('X') + BODY('<title>Results</title><text/><entry><observation negationInd="true"><code displayName="KPS"/><value value="80" unit="%"/><effectiveTime value="20250820"/></observation></entry>'))), 'a.xml')
    expect(document.text).toContain('Signature pending: Jane Doe')
    expect(document.text).toContain('KPS\t80 %\t2025-08-20\tnot done')
    expect(document.text).not.toContain('signed by')
  })
  it('a body of another format is a file of its own', async () => {
    const inner = `<component><nonXMLBody><text mediaType="text/rtf" representation="B64">${Buffer.from('{\\rtf1 KPS 80}').toString('base64')}</text></nonXMLBody></component>`
    const { documents } = await readFile(bytes(CCDA(inner)), 'a.xml')
    expect(documents.map((each) => [each.file, each.kind])).toEqual([['a.xml', 'xml'], ['a.xml/body.rtf', 'rtf']])
    expect(documents[1]?.text).toBe('KPS 80\n\f')
  })
  it('entities and a DTD are refused, cut XML is read as far as it goes', () => {
    expect(readXml(bytes('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ClinicalDocument><title>&e;</title></ClinicalDocument>'), 'a').document).toMatchObject({ text: '\f', problems: [{ id: 'damaged-file' }] })
    const cut = CCDA(BODY('<title>History</title><text>Lung cancer'))
    expect(readXml(bytes(cut.slice(0, cut.indexOf('cancer') + 6)), 'a').document).toMatchObject({ text: expect.stringContaining('Lung cancer') as string, problems: [{ id: 'partly-read-page' }] })
  })
})

describe('FHIR', () => {
  const course = {
    resourceType: 'Procedure', id: 'c1', meta: { profile: ['http://hl7.org/fhir/us/codex-radiation-therapy/StructureDefinition/codexrt-radiotherapy-course-summary'] }, status: 'completed',
    code: { coding: [{ display: 'Radiotherapy course of treatment' }] }, performedPeriod: { start: '2025-08-21', end: '2025-09-10' },
    extension: [{ url: 'x/mcode-radiotherapy-dose-delivered-to-volume', extension: [{ url: 'volume', valueReference: { reference: 'BodyStructure/b' } }, { url: 'totalDoseDelivered', valueQuantity: { value: 5000, unit: 'cGy' } }, { url: 'fractionsDelivered', valueUnsignedInt: 5 }] }],
  }
  it('courses as a table, attachments as files', async () => {
    const bundle = { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'BodyStructure', id: 'b', description: 'PTV lung' } }, { resource: course }, { resource: { resourceType: 'DocumentReference', id: 'd', type: { text: 'Consult' }, content: [{ attachment: { url: 'Binary/1' } }] } }, { resource: { resourceType: 'Binary', id: '1', contentType: 'text/plain', data: Buffer.from('KPS 80').toString('base64') } }] }
    const { documents } = await readFile(bytes(JSON.stringify(bundle)), 'b.json')
    expect(documents.map((each) => [each.file, each.kind])).toEqual([['b.json', 'fhir'], ['b.json/document-d.txt', 'text']])
    expect(documents[0]?.text).toContain('Radiotherapy course summary\nProcedure: Radiotherapy course of treatment\nStatus: completed\nDate: 2025-08-21 to 2025-09-10\n')
    expect(documents[0]?.text).toContain('Volume\tTotal dose delivered\tFractions delivered\nPTV lung\t5000 cGy\t5\n')
  })
  it('XML says the same', () => {
    const { document } = readXml(bytes('<Procedure xmlns="http://hl7.org/fhir"><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml"><p>Five fractions &lt; 6</p></div></text><status value="completed"/><code><text value="SBRT"/></code><note><text value="Tolerated"/></note></Procedure>'), 'p.xml')
    expect(document.text).toBe('Procedure: SBRT\nFive fractions < 6\nStatus: completed\nNote: Tolerated\n\f')
    expect(document.kind).toBe('fhir')
  })
  it('other JSON is text', () => {
    expect(readFhirJson(bytes('{"a":1}'), 'a')).toBeUndefined()
    expect(sniff(bytes('{"a":1}'))).toBe('text')
  })
})

const MAIL = 'From: Clinic <a@b.org>\nTo: c@d.org\nDate: Wed, 20 Aug 2025 23:30:00 -0500\nSubject: Records\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="X"\n\n--X\nContent-Type: text/plain\n\nPlease find attached.\n--X\nContent-Type: application/rtf; name="n.rtf"\nContent-Disposition: attachment; filename="../n.rtf"\n\n{\\rtf1 KPS 80}\n--X--\n'

describe('mail', () => {
  it('with its attachments, by the sender’s clock', async () => {
    const { documents } = await readFile(bytes(MAIL), 'm.eml')
    expect(documents.map((each) => [each.file, each.text])).toEqual([
      ['m.eml', 'From: Clinic <a@b.org>\nTo: <c@d.org>\nSent: 2025-08-20 23:30\nSubject: Records\nPlease find attached.\n\f'], ['m.eml/../n.rtf', 'KPS 80\n\f']])
  })
  it('logos are no records, and what shows a record is none', async () => {
    const logo = `--X\nContent-Type: image/png; name="logo.png"\nContent-Disposition: attachment; filename="logo.png"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(png(120, 40)).toString('base64')}\n--X--\n`
    const { documents, problems } = await readFile(bytes(MAIL.replace('--X--\n', logo)), 'm.eml')
    expect([documents.length, problems]).toEqual([2, []])
    const sheet = readXml(bytes('<?xml version="1.0"?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">Some words</xsl:template></xsl:stylesheet>'), 'CDA.xsl').document
    expect([sheet.text, sheet.pages[0]?.reason, sheet.problems[0]?.severity]).toEqual(['\f', 'blank', 'warning'])
  })
  it('set in HTML', async () => {
    const { document } = await readEml(bytes('From: a@b.org\nMIME-Version: 1.0\nSubject: =?utf-8?q?=C2=B5g?=\nContent-Type: text/html; charset=utf-8\n\n<p>Dose</p><table><tr><td>1</td><td>2</td></tr></table>'), 'm')
    expect(document.text).toBe('From: <a@b.org>\nSubject: µg\nDose\n1\t2\n\f')
  })
})

test('what a file is', () => {
  expect(sniff(bytes('\ufeff{\\rtf1 x}'))).toBe('rtf')
  expect(sniff(bytes('<!-- a --><!-- b --><ClinicalDocument xmlns="urn:hl7-org:v3">'))).toBe('xml')
  expect(sniff(bytes('<p>Note</p>'))).toBe('html')
  expect(sniff(bytes('< 5 mm margin\nKPS 80'))).toBe('text')
  expect(sniff(bytes(MAIL))).toBe('eml')
  expect(sniff(bytes('From: Clinic\nTo: Payer\nDate: 1/2/2025\nSubject: records\n\nfax cover'))).toBe('text')
  expect(sniff(bytes(`<${'!-- x -->\n<'.repeat(2000)}`))).toBe('text')
})
