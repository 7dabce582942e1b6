// Word files made by hand, feature by feature. May not: read files from disk.
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { strToU8, zipSync, type Zippable } from 'fflate'
import mammoth from 'mammoth'
import * as docx from 'docx'
import { readDocx } from '../../src/document/read-docx.ts'
import { imageSize } from '../../src/document/picture-size.ts'
import { readingView } from '../../src/document/docx-view.ts'
import type { Document } from '../../src/document/document.ts'

const NS = [
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"',
  'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
  'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
  'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
  'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"',
  'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
  'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
  'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
  'xmlns:v="urn:schemas-microsoft-com:vml"',
].join(' ')
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

interface Made {
  readonly parts?: Readonly<Record<string, string | Uint8Array>>
  readonly styles?: string
  readonly section?: string
  readonly relations?: string
}

function pack(body: string, made: Made = {}): Uint8Array {
  const wrap = (name: string, inner: string): string => `${XML}<w:${name} ${NS}>${inner}</w:${name}>`
  const known: Record<string, [string, string]> = {
    'word/footnotes.xml': ['footnotes', 'footnotes'], 'word/endnotes.xml': ['endnotes', 'endnotes'], 'word/comments.xml': ['comments', 'comments'],
    'word/numbering.xml': ['numbering', 'numbering'], 'word/settings.xml': ['settings', 'settings'],
  }
  const files: Zippable = {
    '[Content_Types].xml': strToU8(`${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`),
    '_rels/.rels': strToU8(`${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`),
    'word/document.xml': strToU8(wrap('document', `<w:body>${body}<w:sectPr>${made.section ?? ''}</w:sectPr></w:body>`)),
  }
  let relations = made.relations ?? ''
  if (made.styles !== undefined) {
    files['word/styles.xml'] = strToU8(wrap('styles', made.styles))
    relations += `<Relationship Id="rStyles" Type="${REL}/styles" Target="styles.xml"/>`
  }
  for (const [name, content] of Object.entries(made.parts ?? {})) {
    const file = name.slice('word/'.length)
    if (typeof content !== 'string') {
      files[name] = [content, { level: 0 }]
      relations += `<Relationship Id="${file.replace(/\W/g, '')}" Type="${REL}/image" Target="${file}"/>`
    } else if (known[name]) {
      const [root, type] = known[name]
      files[name] = strToU8(wrap(root, content))
      relations += `<Relationship Id="r${type}" Type="${REL}/${type}" Target="${file}"/>`
    } else if (/^word\/(header|footer)\d/.test(name)) {
      const kind = file.startsWith('header') ? 'header' : 'footer'
      files[name] = strToU8(wrap(kind === 'header' ? 'hdr' : 'ftr', content))
      relations += `<Relationship Id="${file.replace('.xml', '')}" Type="${REL}/${kind}" Target="${file}"/>`
    } else files[name] = strToU8(content)
  }
  files['word/_rels/document.xml.rels'] = strToU8(`${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relations}</Relationships>`)
  return zipSync(files)
}

const r = (text: string, properties = ''): string => `<w:r>${properties && `<w:rPr>${properties}</w:rPr>`}<w:t xml:space="preserve">${text}</w:t></w:r>`
const p = (...runs: string[]): string => `<w:p>${runs.map(run => run.startsWith('<') ? run : r(run)).join('')}</w:p>`
const tc = (...blocks: string[]): string => `<w:tc>${blocks.map(block => block.startsWith('<') ? block : p(block)).join('')}</w:tc>`
const tr = (...cells: string[]): string => `<w:tr>${cells.map(cell => cell.startsWith('<w:tc') ? cell : tc(cell)).join('')}</w:tr>`
const tbl = (...rows: string[]): string => `<w:tbl>${rows.join('')}</w:tbl>`
const field = (instruction: string, result: string, data = ''): string =>
  `<w:r><w:fldChar w:fldCharType="begin">${data}</w:fldChar></w:r><w:r><w:instrText>${instruction}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>${result}<w:r><w:fldChar w:fldCharType="end"/></w:r>`
const read = (body: string, made?: Made): Promise<Document> => Promise.resolve(readDocx(pack(body, made), 'chart.docx').document)
const textOf = async (body: string, made?: Made): Promise<string> => (await read(body, made)).text.trimEnd()
const regionsOf = (document: Document, kind: string): string[] => document.regions.filter(one => one.kind === kind).map(one => document.text.slice(one.start, one.end))

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(64)
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  new DataView(bytes.buffer).setUint32(16, width)
  new DataView(bytes.buffer).setUint32(20, height)
  return bytes
}

describe('text of a Word file', () => {
  it('is one page without size, ended by a form feed', async () => {
    const document = await read(p('Dose ', '50 Gy') + p('in 25 fractions'))
    expect(document.text).toBe('Dose 50 Gy\nin 25 fractions\n\f')
    expect(document.pages).toEqual([{ page: 1, start: 0, end: document.text.length, width: 0, height: 0, text: 'native', legibility: 1 }])
    expect(document.words.start.length).toBe(0)
    expect(document.problems).toEqual([])
    expect(document.sha256).toMatch(/^[0-9a-f]{64}$/)
  })
  it('keeps words apart at breaks and tabs', async () => {
    expect(await textOf(p('a', '<w:r><w:br/></w:r>', 'b', '<w:r><w:tab/></w:r>', 'c', '<w:r><w:noBreakHyphen/><w:softHyphen/></w:r>', 'd', '<w:r><w:br w:type="page"/></w:r>', 'e'))).toBe('a\nb   c-d\ne')
    expect(await textOf('<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr><w:r><w:t>x</w:t></w:r></w:p>')).toBe('x')
  })
  it('holds at most one blank line between paragraphs', async () => {
    expect(await textOf(p('a') + '<w:p/><w:p/>' + p('b'))).toBe('a\n\nb')
  })
  it('counts inserted and moved-in text, never deleted, moved-away or hidden text', async () => {
    expect(await textOf(p('a ', '<w:ins w:author="x">' + r('in ') + '</w:ins>', '<w:del>' + '<w:r><w:delText>gone</w:delText></w:r>' + r('gone') + '</w:del>',
      '<w:moveFrom>' + r('from') + '</w:moveFrom>', '<w:moveTo>' + r('to ') + '</w:moveTo>', r('hidden', '<w:vanish/>'), r('shown', '<w:vanish w:val="0"/>'))))
      .toBe('a in to shown')
    expect(await textOf(p(r('kept', '<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>')))).toBe('kept')
  })
  it('hides by style, and knows that two toggles cancel out', async () => {
    const styles = '<w:style w:type="character" w:styleId="H"><w:name w:val="secret"/><w:rPr><w:vanish/></w:rPr></w:style><w:style w:type="character" w:styleId="H2"><w:basedOn w:val="H"/></w:style>'
      + '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="hid"/><w:rPr><w:vanish/></w:rPr></w:style>'
    expect(await textOf(p('a', r('no', '<w:rStyle w:val="H2"/>'), 'b'), { styles })).toBe('ab')
    expect(await textOf('<w:p><w:pPr><w:pStyle w:val="P"/></w:pPr>' + r('no') + r('yes', '<w:rStyle w:val="H"/>') + r('on', '<w:vanish w:val="false"/>') + '</w:p>', { styles })).toBe('yeson')
  })
  it('joins paragraphs whose mark was deleted', async () => {
    expect(await textOf('<w:p><w:pPr><w:rPr><w:del w:author="x"/></w:rPr></w:pPr>' + r('50 Gy ') + '</w:p>' + p('in 25'))).toBe('50 Gy in 25')
    expect(await textOf('<w:p><w:pPr><w:rPr><w:del w:author="x"/></w:rPr></w:pPr>' + r('last') + '</w:p>')).toBe('last')
  })
  it('reads other prefixes and the strict names', async () => {
    const strict = `${XML}<ns0:document xmlns:ns0="http://purl.oclc.org/ooxml/wordprocessingml/main"><ns0:body><ns0:p><ns0:r><ns0:rPr><ns0:vanish ns0:val="true"/></ns0:rPr><ns0:t>no</ns0:t></ns0:r><ns0:r><ns0:t>Strict</ns0:t><ns0:tab/><ns0:t>text</ns0:t></ns0:r></ns0:p></ns0:body></ns0:document>`
    expect(readDocx(zipSync({ 'word/document.xml': strToU8(strict) }), 'a.docx').document.text).toBe('Strict   text\n\f')
  })
  it('shows symbols as on paper', async () => {
    expect(await textOf(p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', ' IMRT ', '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', ' 3D ',
      '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', '5 ', r('o', '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), ' no ', r('\uf0fe'), ' yes ', '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>'))).toBe('☒ IMRT ☐ 3D ≥5 ☐ no ☒ yes ☒')
  })
  it('reads math without changing numbers', async () => {
    const t = (text: string): string => `<m:r><m:t>${text}</m:t></m:r>`
    expect(await textOf(p('BED = ', `<m:oMath><m:f><m:num>${t('1')}</m:num><m:den>${t('2')}</m:den></m:f>${t(' × ')}<m:sSup><m:e>${t('10')}</m:e><m:sup>${t('3')}</m:sup></m:sSup></m:oMath>`))).toBe('BED = 1/2 × 10^3')
  })
})

describe('controls and fields', () => {
  const box = (checked: string, shown: string): string => `<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="${checked}"/><w14:checkedState w14:val="2612"/></w14:checkbox></w:sdtPr><w:sdtContent>${shown && r(shown)}</w:sdtContent></w:sdt>`
  it('shows check boxes', async () => {
    expect(await textOf(p(box('1', '☒'), ' a ', box('0', '☐'), ' b ', box('1', ''), ' c ', box('1', '☑'), ' d ', box('0', '☒'), ' e ', box('1', '§')))).toBe('☒ a ☐ b ☒ c ☒ d ☒ e ☒')
    expect(await textOf(tbl(`<w:tr>${box('1', '').replace('<w:sdtContent></w:sdtContent>', `<w:sdtContent>${tc('☒')}</w:sdtContent>`)}${tc('Gating')}</w:tr>`))).toBe('☒\tGating')
  })
  it('shows legacy check boxes in both states', async () => {
    const legacy = (state: string): string => field('FORMCHECKBOX', '', `<w:ffData><w:checkBox><w:sizeAuto/>${state}</w:checkBox></w:ffData>`)
    expect(await textOf(p(legacy('<w:default w:val="0"/><w:checked/>'), ' a ', legacy('<w:default w:val="0"/>'), ' b ', legacy('<w:default w:val="1"/>'), ' c ', legacy('<w:default w:val="1"/><w:checked w:val="0"/>'), ' d')))
      .toBe('☒ a ☐ b ☒ c ☐ d')
  })
  it('shows the chosen entry of a legacy list, and empty fields as blanks', async () => {
    expect(await textOf(p('Technique: ', field('FORMDROPDOWN', '', '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="3D"/><w:listEntry w:val="IMRT"/></w:ddList></w:ffData>'),
      ' Dose: ', field('FORMTEXT', r('\u2002\u2002\u2002\u2002\u2002'), '<w:ffData><w:textInput/></w:ffData>'), ' Site: ', field('FORMTEXT', r('left breast'), '<w:ffData><w:textInput/></w:ffData>'))))
      .toBe('Technique: IMRT Dose: ____ Site: left breast')
  })
  it('takes results of fields, not instructions', async () => {
    expect(await textOf(p('<w:fldSimple w:instr=" MERGEFIELD Name ">' + r('Doe') + '</w:fldSimple>', ' ', field(' IF 1 = 1 ', r('seen'), ''), ' ', '<w:hyperlink>' + r('link') + '</w:hyperlink>'))).toBe('Doe seen link')
    expect(await textOf(p(field(`IF </w:instrText></w:r>${field('MERGEFIELD X', r('inner'))}<w:r><w:instrText>`, r('outer'))))).toBe('outer')
  })
  it('loses no text to a field that never ends', async () => {
    expect(await textOf(p('a', '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>') + p('still here'))).toBe('a\nstill here')
  })
  it('shows an unfilled control as a blank and a filled one as text', async () => {
    const control = (inner: string, empty: boolean): string => `<w:sdt><w:sdtPr>${empty ? '<w:showingPlcHdr/>' : ''}<w:dropDownList/></w:sdtPr><w:sdtContent>${inner}</w:sdtContent></w:sdt>`
    expect(await textOf(p('Site: ', control(r('Choose') + r(' an item.'), true), '; side: ', control(r('left'), false)) + control(p('Click to enter text.') + p('more'), true))).toBe('Site: ____; side: left\n____')
  })
  it('shows a box that stands as a bullet', async () => {
    const numbering = '<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:lvlText w:val="\uf0a8"/><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    expect(await textOf('<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr></w:pPr>' + r('Boost planned') + '</w:p>', { parts: { 'word/numbering.xml': numbering } })).toBe('☐ Boost planned')
  })
})

describe('tables', () => {
  it('make a line a row, cells apart by tabs', async () => {
    const document = await read(p('Labs') + tbl(tr('Potassium', '4.3', tc(p('H', '<w:r><w:br/></w:r>', 'x') + p('y')), ''), tr('', '', '', ''), tr('Sodium', '', '140')))
    expect(document.text).toBe('Labs\nPotassium\t4.3\tH x y\t\nSodium\t\t140\n\f')
    expect(document.regions.filter(one => one.kind === 'table-row').map(one => [one.table, one.row])).toEqual([[0, 0], [0, 2]])
  })
  it('leave merged-away cells empty and deleted or hidden rows out', async () => {
    expect(await textOf(tbl(
      tr('<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p('PTV') + '</w:tc>', 'D95'), tr('<w:tc><w:tcPr><w:vMerge/></w:tcPr>' + p('PTV?') + '</w:tc>', 'D2'),
      '<w:tr><w:trPr><w:del w:author="x"/></w:trPr>' + tc('old') + tc('row') + '</w:tr>', '<w:tr><w:trPr><w:hidden/></w:trPr>' + tc('hidden') + tc('row') + '</w:tr>')))
      .toBe('PTV\tD95\n\tD2')
  })
  it('that hold a layout are ordinary text', async () => {
    expect(await textOf(tbl(tr(tc(p('only cell') + p('second')))))).toBe('only cell\nsecond')
    const document = await read(tbl(tr(tc(p(r('Plan', '<w:b/>'))), tc(p('one') + p('two') + p('three') + p('four'))), tr('Site', 'lung')))
    expect(document.text).toBe('Plan\none\ntwo\nthree\nfour\nSite\tlung\n\f')
    expect(regionsOf(document, 'heading')).toEqual(['Plan'])
    expect(regionsOf(document, 'table-row')).toEqual(['Site\tlung'])
    expect(await textOf(tbl(tr('left', tc(tbl(tr('a', 'b')) + '<w:p/>'))))).toBe('left\na\tb')
  })
})

describe('headings', () => {
  const styles = '<w:style w:type="paragraph" w:styleId="Berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="Clinic head"/><w:basedOn w:val="Berschrift1"/></w:style>'
    + '<w:style w:type="paragraph" w:styleId="Lvl"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style><w:style w:type="character" w:styleId="Strong"><w:rPr><w:b/></w:rPr></w:style>'
  const styled = (id: string, text: string): string => `<w:p><w:pPr><w:pStyle w:val="${id}"/></w:pPr>${r(text)}</w:p>`
  it('are known by style, level, and bold face', async () => {
    const document = await read(styled('Title', 'SBRT Summary') + styled('Mine', 'History') + styled('Lvl', 'Plan') + p(r('Assessment:', '<w:b/>')) + p(r('By style', '<w:rStyle w:val="Strong"/>'))
      + p(r('Dose: 50 Gy', '<w:b/>')) + p(r('The patient tolerated it.', '<w:b/>')) + p(r('Lead', '<w:b/>'), ' and text') + p(r('not', '<w:b w:val="0"/>')) + p(r('____', '<w:b/>')), { styles })
    expect(regionsOf(document, 'heading')).toEqual(['SBRT Summary', 'History', 'Plan', 'Assessment:', 'By style'])
  })
})

describe('beside the text', () => {
  const reference = (kind: 'header' | 'footer', id: string, type = 'default'): string => `<w:${kind}Reference w:type="${type}" r:id="${id}"/>`
  it('headers come first, footers last, the same text once', async () => {
    const document = await read('<w:p><w:pPr><w:sectPr>' + reference('header', 'header1') + '</w:sectPr></w:pPr>' + r('body') + '</w:p>' + p('more'), {
      section: reference('header', 'header2') + reference('footer', 'footer1'),
      parts: { 'word/header1.xml': p('Doe, Jane') + p('MRN 1'), 'word/header2.xml': p('Doe, Jane') + p('MRN 1'), 'word/footer1.xml': p('Signed'), 'word/header9.xml': p('Other, Patient') },
    })
    expect(document.text).toBe('Doe, Jane\nMRN 1\nbody\nmore\nSigned\n\f')
    expect(regionsOf(document, 'header')).toEqual(['Doe, Jane\nMRN 1'])
    expect(regionsOf(document, 'footer')).toEqual(['Signed'])
  })
  it('a first-page or even-page header counts only where a page shows it', async () => {
    const section = reference('header', 'header1', 'first') + reference('header', 'header2', 'even') + reference('header', 'header3')
    const parts = { 'word/header1.xml': p('first'), 'word/header2.xml': p('even'), 'word/header3.xml': p('default') }
    expect(await textOf(p('x'), { section, parts })).toBe('default\nx')
    expect(await textOf(p('x'), { section: section + '<w:titlePg/>', parts: { ...parts, 'word/settings.xml': '<w:evenAndOddHeaders/>' } })).toBe('first\ndefault\neven\nx')
  })
  it('notes and comments follow the text that refers to them', async () => {
    const document = await read(p('body', '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>', '<w:del><w:r><w:footnoteReference w:id="3"/></w:r></w:del>', '<w:r><w:commentReference w:id="0"/></w:r>'), { parts: {
      'word/footnotes.xml': `<w:footnote w:type="separator" w:id="-1">${p('sep')}</w:footnote><w:footnote w:id="2">${p('fused with MRI')}</w:footnote><w:footnote w:id="3">${p('gone')}</w:footnote>`,
      'word/endnotes.xml': `<w:endnote w:id="1">${p('end note')}</w:endnote>`,
      'word/comments.xml': `<w:comment w:id="0" w:author="A">${p('please verify')}</w:comment><w:comment w:id="5" w:author="A">${p('orphan')}</w:comment>`,
    } })
    expect(document.text).toBe('body\nfused with MRI\nend note\nplease verify\n\f')
    expect(regionsOf(document, 'footnote')).toEqual(['fused with MRI', 'end note'])
    expect(regionsOf(document, 'comment')).toEqual(['please verify'])
  })
  const textBox = (text: string): string => `<w:txbxContent>${p(text)}</w:txbxContent>`
  it('text boxes stand once, after their paragraph', async () => {
    const both = (choice: string, fallback: string): string => `<w:r><mc:AlternateContent><mc:Choice Requires="wps">${choice}</mc:Choice><mc:Fallback>${fallback}</mc:Fallback></mc:AlternateContent></w:r>`
    const drawing = (inner: string): string => `<w:drawing><wp:anchor><wp:docPr id="1"/><wps:txbx>${inner}</wps:txbx></wp:anchor></w:drawing>`
    const pict = (inner: string): string => `<w:pict><v:shape><v:textbox>${inner}</v:textbox></v:shape></w:pict>`
    const document = await read(p('before ', both(drawing(textBox('APPROVED')), pict(textBox('APPROVED'))), 'after') + p(both(drawing(''), pict(textBox('fallback')))))
    expect(document.text).toBe('before after\nAPPROVED\nfallback\n\f')
    expect(regionsOf(document, 'text-box')).toEqual(['APPROVED', 'fallback'])
    expect(await textOf(p('a', '<w:r><w:drawing><wp:anchor><wp:docPr id="1" hidden="1"/>' + textBox('no') + '</wp:anchor></w:drawing></w:r>', 'b') + p('<w:r><w:pict><v:shape style="visibility:hidden">' + textBox('no') + '</v:shape></w:pict></w:r>', 'c'))).toBe('ab\nc')
    expect(await textOf(p('<w:r><w:rPr><w:vanish/></w:rPr><w:pict>' + textBox('no') + '</w:pict></w:r>', 'c'))).toBe('c')
  })
  it('word art in a header counts', async () => {
    expect(await textOf(p('x'), { section: reference('header', 'header1'), parts: { 'word/header1.xml': p('<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>') } })).toBe('DRAFT\nx')
  })
  it('properties are read', async () => {
    const core = `${XML}<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>Consult</dc:title><dc:creator>Clinic</dc:creator><dcterms:created>2025-01-02T00:00:00Z</dcterms:created></cp:coreProperties>`
    expect((await read(p('x'), { parts: { 'docProps/core.xml': core } })).properties).toEqual({ title: 'Consult', author: 'Clinic', created: '2025-01-02T00:00:00Z' })
  })
  it('pasted scans, inserted and embedded documents are reported', async () => {
    const picture = (id: string): string => `<w:r><w:drawing><a:blip r:embed="${id}"/></w:drawing></w:r>`
    const made: Made = { parts: { 'word/media/scan.png': png(1700, 2200), 'word/media/logo.png': png(200, 100), 'word/media/unused.png': png(2000, 2000) }, relations: `<Relationship Id="o1" Type="${REL}/package" Target="embeddings/a.xlsx"/>` }
    const body = p('x', picture('mediascanpng'), picture('medialogopng'), picture('mediascanpng')) + '<w:altChunk r:id="z"/>'
    const document = await read(body, made)
    expect(document.problems.map(one => [one.id, one.severity, one.data])).toEqual([
      ['partly-read-page', 'warning', { images: 1 }], ['partly-read-page', 'warning', { insertedDocuments: 1 }], ['attachment-skipped', 'warning', { embedded: 1 }]])
    const sheet = zipSync({ '[Content_Types].xml': strToU8('<x/>'), 'xl/workbook.xml': strToU8('<x/>') })
    const inner = pack(p('inside'))
    const both: Made = { parts: { 'word/embeddings/a.xlsx': sheet, 'word/embeddings/b.docx': inner }, relations: `<Relationship Id="o1" Type="${REL}/package" Target="embeddings/a.xlsx"/><Relationship Id="o2" Type="${REL}/package" Target="embeddings/b.docx"/>` }
    const reading = readDocx(pack(p('x'), both), 'x.docx')
    expect([reading.attachments.map(one => one.name), reading.document.problems.map(one => one.id)]).toEqual([['b.docx'], ['attachment-skipped']])
    expect(readDocx(pack(body, made), 'x.docx').pictures.map(one => [one.at, imageSize(one.bytes)])).toEqual([[2, [1700, 2200]]])
    const only = await read(p(picture('mediascanpng')), { parts: { 'word/media/scan.png': png(1700, 2200) } })
    expect([only.pages[0]?.text, only.pages[0]?.reason, only.problems[0]?.id]).toEqual(['none', 'image-only', 'unread-page'])
  })
  it('sizes of pictures come from their headers', () => {
    const jpeg = new Uint8Array(40)
    jpeg.set([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc2, 0, 17, 8, 0x08, 0x98, 0x06, 0xa4])
    expect(imageSize(jpeg)).toEqual([1700, 2200])
    const tiff = new Uint8Array(60)
    tiff.set([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 0, 0xc0, 6, 0, 0, 1, 1, 4, 0, 1, 0, 0, 0, 0x98, 8, 0, 0])
    expect(imageSize(tiff)).toEqual([1728, 2200])
    expect(imageSize(new Uint8Array(100))).toBeUndefined()
  })
})

describe('refused files', () => {
  const ids = async (bytes: Uint8Array): Promise<string[]> => readDocx(bytes, 'x.docx').document.problems.map(one => one.id)
  const ole = (stream: string): Uint8Array => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(504), Buffer.from(stream, 'utf16le')])
  it('say why', async () => {
    expect(await ids(new Uint8Array(0))).toEqual(['empty-file'])
    expect(await ids(ole('EncryptedPackage'))).toEqual(['encrypted-file'])
    expect(await ids(ole('WordDocument'))).toEqual(['unsupported-format'])
    expect(await ids(strToU8('just text'))).toEqual(['foreign-file'])
    expect(await ids(zipSync({ 'a.txt': strToU8('x') }))).toEqual(['foreign-file'])
    expect(await ids(zipSync({ 'word/document.xml': strToU8('<x/>') }))).toEqual(['foreign-file'])
    expect(await ids(pack(p('x')).subarray(0, 500))).toEqual(['damaged-file'])
    expect(await ids(pack(''))).toEqual(['empty-file'])
    const refused = readDocx(pack(p('x')).subarray(0, 500), 'x.docx').document
    expect([refused.text, refused.pages[0]?.text]).toEqual(['\f', 'none'])
  })
  it('a DTD, a bomb, a deep tree are refused', async () => {
    expect(await ids(zipSync({ 'word/document.xml': strToU8(`${XML}<!DOCTYPE a [<!ENTITY b "c">]><w:document ${NS}><w:body>${p('&b;')}</w:body></w:document>`) }))).toEqual(['damaged-file'])
    expect(await ids(pack('<w:sdt><w:sdtContent>'.repeat(50_000)))).toEqual(['file-too-large'])
    const bomb = zipSync({ 'word/document.xml': new Uint8Array(70 << 20) })
    expect(await ids(bomb)).toEqual(['file-too-large'])
    // A directory that lies about the size: cut off at what it says.
    const lying = zipSync({ 'word/document.xml': new Uint8Array(20 << 20) })
    const at = Buffer.from(lying).lastIndexOf('PK\x01\x02', undefined, 'latin1')
    new DataView(lying.buffer, lying.byteOffset).setUint32(at + 24, 1000, true)
    expect(await ids(lying)).toEqual(['damaged-file'])
    expect(await readingView(bomb)).toBe('')
  })
  it('many open fields, controls and boxes are read', async () => {
    const begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    const document = await read(p(...Array.from({ length: 20_000 }, (_, i) => begin + r(`x${i} `))) + '<w:sdt><w:sdtContent>'.repeat(900) + p(...Array.from({ length: 20_000 }, (_, i) => r(`y${i} `))) + '</w:sdtContent></w:sdt>'.repeat(900))
    expect(document.text).toMatch(/x19999\ny0 .*y19999\n\f$/)
  })
  it('two parts of one name are refused', async () => {
    const bytes = zipSync({ 'word/document.xml': strToU8('<a/>'), 'word/documenu.xml': strToU8('<a/>') })
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = text.indexOf('documenu'); at >= 0; at = text.indexOf('documenu', at)) text.write('document', at)
    expect(await ids(bytes)).toEqual(['damaged-file'])
  })
  it('a text cut short keeps what was read, with a problem', async () => {
    const whole = `${XML}<w:document ${NS}><w:body>${p('first')}${tbl(tr('a', 'b'))}${p('second')}`
    const { document } = readDocx(zipSync({ 'word/document.xml': strToU8(whole) }), 'x.docx')
    expect(document.text).toBe('first\na\tb\nsecond\n\f')
    expect(document.problems.map(one => [one.id, one.severity])).toEqual([['partly-read-page', 'error']])
  })
})

const chart = (pages: number): Promise<Buffer> => docx.Packer.toBuffer(new docx.Document({ sections: [{
  headers: { default: new docx.Header({ children: [new docx.Paragraph('Patient: Doe, Jane   MRN: 00123')] }) },
  footers: { default: new docx.Footer({ children: [new docx.Paragraph('Electronically signed')] }) },
  children: Array.from({ length: pages }, (_, page) => [
    new docx.Paragraph({ text: `On-treatment visit ${page + 1}`, heading: docx.HeadingLevel.HEADING_1 }),
    ...Array.from({ length: 12 }, (_, line) => new docx.Paragraph({ children: [new docx.TextRun({ text: 'Assessment: ', bold: true }), new docx.TextRun(`Fraction ${line} of 25, skin grade 1, no ulceration, continues as planned with daily image guidance and weekly checks.`)] })),
    new docx.Table({ rows: Array.from({ length: 8 }, (_, row) => new docx.TableRow({ children: ['Dose', `${row} Gy`, 'cGy', '≥ 95 %'].map(text => new docx.TableCell({ children: [new docx.Paragraph(text)] })) })) }),
  ]).flat(),
}] }))

describe('charts made by another writer', () => {
  it('lose nothing mammoth finds', async () => {
    const bytes = await chart(5)
    const { document } = readDocx(bytes, 'chart.docx')
    const { value } = await mammoth.extractRawText({ buffer: bytes })
    const ours = new Set(document.text.split(/[\n\t\f]/).map(one => one.trim()))
    for (const line of value.split('\n')) if (line.trim() !== '') expect(ours.has(line.trim()), line).toBe(true)
    expect(regionsOf(document, 'header')).toEqual(['Patient: Doe, Jane   MRN: 00123'])
    expect(regionsOf(document, 'heading').length).toBe(5)
    expect(regionsOf(document, 'table-row').length).toBe(40)
    expect(document.problems).toEqual([])
  })
  it('nor where it is made by hand', async () => {
    const bytes = pack(p('plain ', '<w:ins w:author="a">' + r('inserted') + '</w:ins>', '<w:smartTag>' + r(' tagged') + '</w:smartTag>', '<w:hyperlink w:anchor="x">' + r(' linked') + '</w:hyperlink>')
      + `<w:sdt><w:sdtPr/><w:sdtContent>${p('in a control')}${tbl(tr('one', tc(tbl(tr('nested', 'table')) + p('after'))))}</w:sdtContent></w:sdt>`
      + p('<w:r><w:pict><v:shape><v:textbox><w:txbxContent>' + p('boxed') + '</w:txbxContent></v:textbox></v:shape></w:pict></w:r>', field('REF x', r('referred'))))
    const text = readDocx(bytes, 'x').document.text
    const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) })
    expect(value).toContain('boxed')
    for (const line of value.split('\n')) expect(text).toContain(line.trim())
  })
})

describe('reading view', () => {
  it('is HTML with boxes, without active links or foreign style maps', async () => {
    const bytes = pack(p('Dose 50 Gy ', '<w:hyperlink r:id="evil">' + r('click') + '</w:hyperlink>', '<w:hyperlink r:id="good">' + r('site') + '</w:hyperlink>'), {
      relations: `<Relationship Id="evil" Type="${REL}/hyperlink" Target="javascript:alert(1)" TargetMode="External"/><Relationship Id="good" Type="${REL}/hyperlink" Target="https://example.org/" TargetMode="External"/>`,
      parts: { 'mammoth/style-map': 'p => script' },
    })
    const html = await readingView(bytes)
    expect(html).toBe('<p>Dose 50 Gy <a href="#">click</a><a href="https://example.org/">site</a></p>')
  })
  it('is empty for what is refused', async () => {
    expect(await readingView(strToU8('nothing'))).toBe('')
    expect(await readingView(pack('<w:p/>'.repeat(500_000)))).toBe('')
  })
})

describe('any input', () => {
  const sound = (document: Document): void => {
    expect(document.text.endsWith('\f')).toBe(true)
    expect(document.pages.length).toBe(1)
    document.regions.forEach((region, i) => {
      expect(region.start).toBeLessThan(region.end)
      expect(region.end).toBeLessThan(document.text.length)
      expect(region.start).toBeGreaterThanOrEqual(document.regions[i - 1]?.start ?? 0)
    })
  }
  it('never throws on random bytes or a damaged file', async () => {
    const good = pack(p('Header') + tbl(tr('a', 'b'), tr('c', 'd')) + p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', 'x'))
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => sound(readDocx(bytes, 'x').document)), { numRuns: 200 })
    await fc.assert(fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), async (at, byte, end) => {
      const bytes = good.slice(0, end < 200 ? end : undefined)
      if (at < bytes.length) bytes[at] = byte
      sound(readDocx(bytes, 'x').document)
    }), { numRuns: 400 })
  })
  it('never throws on any nesting of elements', async () => {
    const names = ['w:p', 'w:r', 'w:t', 'w:tbl', 'w:tr', 'w:tc', 'w:sdt', 'w:sdtPr', 'w:sdtContent', 'w:showingPlcHdr', 'w14:checkbox', 'w:pPr', 'w:rPr', 'w:vanish', 'w:del', 'w:b', 'w:txbxContent', 'mc:AlternateContent', 'mc:Choice', 'mc:Fallback', 'w:footnote', 'w:fldChar w:fldCharType="begin"', 'w:fldChar w:fldCharType="end"', 'w:ffData', 'w:checkBox', 'w:sectPr', 'm:d']
    const { tree } = fc.letrec<{ tree: string; leaf: string; node: string }>(tie => ({
      tree: fc.oneof({ maxDepth: 8 }, tie('leaf'), tie('node')),
      leaf: fc.constantFrom('text', '50 Gy', ' ', '<w:p/>', '<w:tab/>', '<w:t>word</w:t>'),
      node: fc.tuple(fc.constantFrom(...names), fc.array(tie('tree'), { maxLength: 4 })).map(([name, inner]) => `<${name}>${inner.join('')}</${name.split(' ')[0]}>`),
    }))
    await fc.assert(fc.asyncProperty(fc.array(tree, { maxLength: 5 }), async parts => sound(await read(parts.join('')))), { numRuns: 400 })
  })
})
