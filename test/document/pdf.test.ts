import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Document, Region } from '../../src/document/document.ts'
import { place } from '../../src/document/place.ts'
import { readFile } from '../../src/document/read-records.ts'
import { bombOnPageTwo, chart, PARAGRAPH, pdf, png, rawPdf, replaced, table } from './fixtures.ts'

const read = async (bytes: Uint8Array, file = 'a.pdf'): Promise<Document> => (await readFile(bytes, file)).documents.find((document) => document.file === file) as Document
const texts = (document: Document, kind: Region['kind']): string[] => document.regions.filter((region) => region.kind === kind).map((region) => document.text.slice(region.start, region.end))
const boxOf = (document: Document, words: string) => place(document, { start: document.text.indexOf(words), end: document.text.indexOf(words) + words.length }).boxes

function checkShape(document: Document): void {
  const { text, words, pages } = document
  expect(pages.map((page) => page.start)).toEqual([0, ...pages.slice(0, -1).map((page) => page.end)])
  expect(pages.at(-1)?.end).toBe(text.length)
  for (const page of pages) expect(text[page.end - 1]).toBe('\f')
  let last = 0
  for (let word = 0; word < words.start.length; word++) {
    const [start, end] = [words.start[word] as number, words.end[word] as number]
    expect(start).toBeGreaterThanOrEqual(last)
    expect(end).toBeGreaterThan(start)
    last = end
    const page = pages.find((each) => each.start <= start && start < each.end)
    const [left, top, right, bottom] = words.box.subarray(4 * word, 4 * word + 4) as unknown as [number, number, number, number]
    expect(left >= 0 && left <= right && right <= (page?.width ?? 0) + 0.01 && top >= 0 && top <= bottom && bottom <= (page?.height ?? 0) + 0.01).toBe(true)
  }
  expect([...document.regions].sort((a, b) => a.start - b.start)).toEqual(document.regions)
  for (const region of document.regions) expect(region.end).toBeGreaterThan(region.start)
}

describe('a chart', () => {
  test('text, header, footer, heading and table rows', async () => {
    const document = await read(await chart(3))
    checkShape(document)
    expect(document.problems).toEqual([])
    expect(document.pages.map((page) => [page.text, page.width, page.height])).toEqual([['native', 612, 792], ['native', 612, 792], ['native', 612, 792]])
    expect(texts(document, 'header')).toEqual(Array.from({ length: 3 }, () => 'DOE, JANE MRN: 123456 DOB: 01/02/1950'))
    expect(texts(document, 'footer')).toEqual(['Page 1 of 3', 'Page 2 of 3', 'Page 3 of 3'])
    expect(texts(document, 'heading')).toEqual(['On-Treatment Visit', 'Physics Weekly Check', 'On-Treatment Visit'])
    expect(texts(document, 'table-row').slice(0, 3)).toEqual(['Date\tFx\tDose (cGy)', '03/04/2024\t1\t200', '03/05/2024\t2\t200'])
    expect(document.regions.filter((region) => region.kind === 'table-row').map((region) => [region.table, region.row])).toEqual([[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]])
  })

  test('boxes are where the words were drawn', async () => {
    const [box] = boxOf(await read(await chart(1)), 'On-Treatment Visit')
    expect(box?.left).toBeCloseTo(54, 0)
    expect(box?.top).toBeGreaterThan(115)
    expect(box?.bottom).toBeLessThan(138)
  })

  test('the same bytes give the same document; more children do not change it', async () => {
    const bytes = await chart(60)
    const [one, two] = [await readFile(bytes, 'a.pdf', { processes: 1 }), await readFile(bytes, 'a.pdf', { processes: 2 })]
    expect(two).toEqual(one)
    expect(one.documents[0]?.pages.length).toBe(60)
  })
})

describe('layout', () => {
  test('columns of prose are read one after the other, what spans them before and after', async () => {
    const document = await read(await pdf((pen) => {
      pen.fontSize(14).text('A title across both of the columns of the page', 54, 60)
      pen.fontSize(9)
      pen.text(`LEFT ${PARAGRAPH.repeat(8)}`, 54, 100, { width: 235 })
      pen.text(`RIGHT ${PARAGRAPH.repeat(8)}`, 320, 104, { width: 235 })
      pen.text('Closing line over the whole width of the page, below the two columns, which is long.', 54, 600, { width: 500 })
    }))
    checkShape(document)
    const flat = document.text.replace(/\s+/g, ' ')
    expect(flat).toContain(`LEFT ${PARAGRAPH.repeat(8)}RIGHT`)
    expect(flat.indexOf('A title')).toBe(0)
    expect(flat.indexOf('Closing')).toBeGreaterThan(flat.indexOf('RIGHT'))
    expect(texts(document, 'table-row')).toEqual([])
  })

  test('wrapped cells stay in their row', async () => {
    const document = await read(await pdf((pen) => {
      pen.fontSize(10)
      table(pen, [['Structure', 'Constraint', 'Met'], ['Spinal cord', 'Maximum below', 'Yes'], ['', '45 Gy', ''], ['Heart', 'Mean below 26 Gy', 'Yes']], [54, 200, 330], 100, 12)
      const rows: [number, string[]][] = [[300, ['Lung', 'Volume of both lungs that', 'No']], [311.5, ['', 'receives 20 Gy below 30 %', '']], [335, ['Liver', 'Mean below 30 Gy', 'Yes']], [359, ['Kidney', 'Mean below 18 Gy', 'Yes']]]
      for (const [top, row] of rows) table(pen, [row], [54, 200, 400], top)
    }))
    expect(texts(document, 'table-row')).toContain('Lung\tVolume of both lungs that receives 20 Gy below 30 %\tNo')
    expect(texts(document, 'table-row')).toContain('Heart\tMean below 26 Gy\tYes')
  })

  test('names of columns set as close as words are divided as the columns below', async () => {
    const columns = [54, 120, 150, 190, 235, 290]
    const file = await pdf((pen) => {
      pen.fontSize(9)
      pen.text('Sessions were given as listed below without any interruption.', 54, 80, { lineBreak: false })
      for (const [at, name] of ['Date', 'Fx', 'Time in', 'Time out', 'Dose (cGy)', 'Machine'].entries()) pen.text(name, columns[at] as number, 100, { lineBreak: false })
      for (const [row, cells] of [['03/02/2026', '1/3', '10:02', '10:34', '1800', 'TB-2'], ['03/04/2026', '2/3', '10:05', '10:31', '1800', 'TB-2'], ['03/06/2026', '3/3', '09:58', '10:26', '1800', 'TB-1']].entries()) {
        for (const [at, cell] of cells.entries()) pen.text(cell, columns[at] as number, 112 + 12 * row, { lineBreak: false })
      }
    })
    const document = await read(file)
    expect(texts(document, 'table-row').slice(0, 2)).toEqual(['Date\tFx\tTime in\tTime out\tDose (cGy)\tMachine', '03/02/2026\t1/3\t10:02\t10:34\t1800\tTB-2'])
    expect(document.text).toContain('without any interruption.\n')
  })

  test('drawn lines part the rows of a ruled table', async () => {
    const document = await read(await pdf((pen) => {
      pen.fontSize(10)
      const rows = [['Field', 'Description', 'MU'], ['1', 'Anterior, gated', '120'], ['2', 'Left lateral with', '98'], ['3', 'Right', '77']]
      rows.forEach((row, index) => {
        const top = 100 + index * 30
        table(pen, [row], [60, 160, 320], top + 4)
        if (index === 2) pen.text('wedge and bolus', 160, top + 16, { lineBreak: false })
        pen.moveTo(54, top).lineTo(400, top).stroke()
      })
      pen.moveTo(54, 220).lineTo(400, 220).stroke()
    }))
    expect(texts(document, 'table-row')).toEqual(['Field\tDescription\tMU', '1\tAnterior, gated\t120', '2\tLeft lateral with wedge and bolus\t98', '3\tRight\t77'])
  })

  test.each([90, 180, 270])('a page turned by %i degrees', async (turn) => {
    const upright = await read(await chart(1))
    const bytes = await pdf((pen) => {
      pen.page.dictionary.data['Rotate'] = turn
      pen.fontSize(10).text('Zubrod performance status is one today', 100, 200, { lineBreak: false })
      pen.text('Second line of the same note follows', 100, 214, { lineBreak: false })
    })
    const document = await read(bytes)
    checkShape(document)
    expect(document.text).toBe('Zubrod performance status is one today\nSecond line of the same note follows\n\f')
    expect([document.pages[0]?.width, document.pages[0]?.height]).toEqual(turn === 180 ? [612, 792] : [792, 612])
    const box = boxOf(document, 'Zubrod')[0]
    const middle = [((box?.left ?? 0) + (box?.right ?? 0)) / 2, ((box?.top ?? 0) + (box?.bottom ?? 0)) / 2]
    const [x, y] = turn === 90 ? [792 - 205, 117] : turn === 180 ? [612 - 117, 792 - 205] : [205, 612 - 117]
    expect(Math.abs((middle[0] as number) - x)).toBeLessThan(8)
    expect(Math.abs((middle[1] as number) - y)).toBeLessThan(8)
    expect(upright.pages[0]?.width).toBe(612)
  })

  test('text drawn sideways on a page that is turned to show it upright', async () => {
    const document = await read(await pdf((pen) => {
      pen.page.dictionary.data['Rotate'] = 90
      pen.save().rotate(-90, { origin: [100, 700] })
      pen.fontSize(10).text('Landscape plan report of the boost', 100, 700, { lineBreak: false })
      pen.text('Second row of the plan report', 100, 714, { lineBreak: false })
      pen.restore()
    }))
    expect(document.text).toBe('Landscape plan report of the boost\nSecond row of the plan report\n\f')
    const box = boxOf(document, 'Landscape')[0]
    expect((box?.right ?? 0) - (box?.left ?? 0)).toBeGreaterThan(30)
    expect((box?.bottom ?? 0) - (box?.top ?? 0)).toBeLessThan(16)
  })
})

describe('what is not shown', () => {
  test('white, invisible, off-page and tiny text is not in the text; white text on a dark bar is', async () => {
    const bytes = await pdf((pen) => {
      pen.fontSize(10).text('Visible words of the note that can be read', 54, 100, { lineBreak: false })
      pen.fillColor('#ffffff').text('WHITEONWHITE', 54, 130, { lineBreak: false })
      pen.rect(54, 150, 300, 16).fill('#003366')
      pen.fillColor('#ffffff').text('Heading on a bar', 60, 153, { lineBreak: false })
      pen.fillColor('#000000').text('OFFPAGE', 900, 100, { lineBreak: false })
      pen.fontSize(0.4).text('TINYTEXT', 54, 200, { lineBreak: false })
      pen.fontSize(10).text('INVISIBLE', 54, 220, { stroke: true, fill: false, lineBreak: false })
    })
    const document = await read(replaced(bytes, '1 Tr', '3 Tr'))
    expect(document.text).toBe('Visible words of the note that can be read\nHeading on a bar\n\f')
  })

  test('invisible text over a page-wide picture is a recognised scan', async () => {
    const bytes = await pdf((pen) => {
      pen.image(png(200, 260), 0, 0, { width: 612, height: 792 })
      pen.fontSize(10).text(PARAGRAPH, 54, 100, { stroke: true, fill: false })
    })
    const document = await read(replaced(bytes, '1 Tr', '3 Tr'))
    expect(document.pages[0]).toMatchObject({ text: 'ocr', legibility: 0.9 })
    expect(document.text).toContain('The patient tolerates')
  })

  test('a scan is an unread page, also under a fax line', async () => {
    const document = await read(await pdf((pen) => {
      pen.image(png(200, 260), 0, 0, { width: 612, height: 792 })
      pen.addPage().image(png(200, 260), 0, 0, { width: 612, height: 792 })
      pen.fontSize(8).text('From: 6165550100  03/04/2024 10:15  Page 2/9', 54, 12, { lineBreak: false })
      pen.addPage()
    }))
    expect(document.pages.map((page) => [page.text, page.reason])).toEqual([['none', 'image-only'], ['none', 'image-only'], ['none', 'blank']])
    expect(document.problems).toEqual([1, 2].map((page) => ({ id: 'unread-page', severity: 'warning', file: 'a.pdf', page, data: { reason: 'image-only' } })))
  })

  test('a large picture beside text makes a page partly read', async () => {
    const document = await read(await pdf((pen) => {
      pen.fontSize(10).text(PARAGRAPH, 54, 60)
      pen.image(png(200, 200), 54, 200, { width: 500, height: 500 })
    }))
    expect(document.problems.map((problem) => problem.id)).toEqual(['partly-read-page'])
  })
})

describe('forms, notes, attachments, bookmarks', () => {
  test('field values and check marks stand at their place', async () => {
    const document = await read(formPdf())
    expect(document.text).toBe('Patient Jane Q. Doe end\n[x] IMRT delivered\n[ ] Brachytherapy\nComment hidden value\n\f')
    expect(texts(document, 'form-field')).toEqual(['Jane Q. Doe', '[x]', '[ ]', 'hidden value'])
  })

  test('free text of an annotation', async () => {
    const document = await read(await pdf((pen) => {
      pen.fontSize(10).text(PARAGRAPH, 54, 60)
      pen.annotate(300, 300, 200, 20, { Subtype: 'FreeText', Contents: new String('Reviewed and approved'), DA: new String('/Helv 10 Tf') })
    }))
    expect(texts(document, 'annotation')).toEqual(['Reviewed and approved'])
    expect(boxOf(document, 'Reviewed')[0]?.left).toBeCloseTo(300, 0)
  })

  test('attachments become documents, bookmarks an outline', async () => {
    const inner = await chart(1)
    const { documents } = await readFile(await pdf((pen) => {
      pen.fontSize(10).text(PARAGRAPH, 54, 60)
      pen.outline.addItem('Consult')
      pen.addPage().text(PARAGRAPH)
      pen.outline.addItem('Plan')
      pen.file(inner, { name: 'att.pdf' })
    }), 'outer.pdf')
    expect(documents.map((document) => document.file)).toEqual(['outer.pdf', 'outer.pdf/att.pdf'])
    expect(documents[0]?.outline).toEqual([{ title: 'Consult', page: 1 }, { title: 'Plan', page: 2 }])
    expect(documents[1]?.text).toContain('On-Treatment Visit')
  })
})

describe('files that cannot be read', () => {
  test.each([
    ['encrypted', async () => pdf((pen) => void pen.text(PARAGRAPH), { userPassword: 'secret' }), 'encrypted-file'],
    ['cut off', async () => (await chart(3)).slice(0, 3000), 'damaged-file'],
    ['empty', async () => new Uint8Array(), 'empty-file'],
    ['only a header', async () => new Uint8Array(Buffer.from('%PDF-1.7\n')), 'damaged-file'],
    ['not a record', async () => new Uint8Array([1, 2, 3, 4, 0, 0, 0, 5, 200, 201]), 'foreign-file'],
  ] as const)('%s', async (_name, make, id) => {
    const { documents, problems } = await readFile(await make(), 'a.pdf')
    expect(problems.map((problem) => problem.id)).toEqual([id])
    expect(documents.map((document) => [document.file, document.text, document.pages[0]?.text])).toEqual([['a.pdf', '\f', 'none']])
  })

  test('an owner password alone does not keep a file from being read', async () => {
    expect((await read(await pdf((pen) => void pen.text(PARAGRAPH), { ownerPassword: 'secret' }))).text).toContain('tolerates')
  })

  test('a page that kills its reader costs that page only', async () => {
    const document = await read(bombOnPageTwo())
    expect(document.pages.map((page) => [page.text, page.reason])).toEqual([['native', undefined], ['none', 'reader-failed'], ['native', undefined]])
    expect(document.problems).toHaveLength(1)
    expect(document.problems[0]).toMatchObject({ severity: 'error', page: 2 })
    expect(document.text).toContain('Third page')
  })

  test('any bytes give documents, never a rejection', async () => {
    const whole = await chart(1)
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 30 }), async (changes) => {
      const bytes = whole.slice()
      for (const [at, value] of changes) bytes[at] = value
      const { documents } = await readFile(bytes, 'a.pdf')
      expect(documents.length).toBeGreaterThan(0)
      for (const document of documents) checkShape(document)
    }), { numRuns: 25 })
  })
})

test('words at random places: boxes on the page, quote equal to text at the span', async () => {
  const drawn = fc.array(fc.record({ text: fc.constantFrom('KPS 80', 'SpO2', 'Zubrod 1', 'dose', '45 Gy', 'a'), x: fc.integer({ min: 0, max: 580 }), y: fc.integer({ min: 0, max: 780 }), size: fc.integer({ min: 6, max: 20 }) }), { maxLength: 25 })
  await fc.assert(fc.asyncProperty(drawn, fc.constantFrom(0, 90, 180, 270), async (items, turn) => {
    const document = await read(await pdf((pen) => {
      pen.page.dictionary.data['Rotate'] = turn
      for (const item of items) pen.fontSize(item.size).text(item.text, item.x, item.y, { lineBreak: false })
    }, { margin: 0 }))
    checkShape(document)
    for (let word = 0; word < document.words.start.length; word++) {
      const span = { start: document.words.start[word] as number, end: document.words.end[word] as number }
      const found = place(document, span)
      expect(found.quote).toBe(document.text.slice(span.start, span.end))
      expect(found.boxes).toHaveLength(1)
    }
  }), { numRuns: 15 })
})

/** A text field with an appearance, a checked and an unchecked box, and a text field that tells its value without showing it. */
function formPdf(): Uint8Array {
  const dingbat = (glyph: string): { dictionary: string; stream: string } => ({ dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 12 12] /Resources << /Font << /Z 8 0 R >> >>', stream: glyph === '' ? '' : `BT /Z 12 Tf 1 1 Td (${glyph}) Tj ET` })
  return rawPdf([
    '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R 6 0 R 7 0 R 13 0 R] >> >>', '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 9 0 R >> >> /Annots [5 0 R 6 0 R 7 0 R 12 0 R] >>',
    { dictionary: '', stream: 'BT /F 10 Tf 72 700 Td (Patient) Tj 110 0 Td (end) Tj -94 -20 Td (IMRT delivered) Tj 0 -20 Td (Brachytherapy) Tj -16 -20 Td (Comment) Tj ET' },
    '<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Jane Q. Doe) /Rect [112 696 178 710] /F 4 /AP << /N 14 0 R >> >>',
    '<< /Type /Annot /Subtype /Widget /FT /Btn /T (imrt) /V /Yes /AS /Yes /Rect [72 678 84 690] /F 4 /AP << /N << /Yes 10 0 R /Off 11 0 R >> >> >>',
    '<< /Type /Annot /Subtype /Widget /FT /Btn /T (brachy) /V /Off /AS /Off /Rect [72 658 84 670] /F 4 /AP << /N << /Yes 10 0 R /Off 11 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /ZapfDingbats >>', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    dingbat('4'), dingbat(''),
    '<< /Type /Annot /Subtype /Widget /Parent 13 0 R /Rect [122 637 220 649] /F 4 >>', '<< /FT /Tx /T (comment) /V (hidden value) /Kids [12 0 R] >>',
    { dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 66 14] /Resources << /Font << /F 9 0 R >> >>', stream: 'BT /F 10 Tf 1 4 Td (Jane Q. Doe) Tj ET' },
  ])
}
