// Makes the records of the sample claim: `node corpus/sample/make.mjs`. Patient, clinic and all people are invented.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AlignmentType, Document, Header, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun, WidthType } from 'docx'

const PDFDocument = createRequire(import.meta.url)('pdfkit')
const folder = new URL('records/', import.meta.url)
mkdirSync(folder, { recursive: true })

const CLINIC = 'Harbor Point Radiation Oncology'
const PATIENT = 'MARLOWE, EDITH   DOB 11/02/1949   MRN 4077123'
const TEAL = '#1f5f6b'
const LEFT = 54
const RIGHT = 558

// --- the consultation, a Word file --------------------------------------------------------------------------------

const heading = (text) => new Paragraph({ text, heading: HeadingLevel.HEADING_2, spacing: { before: 220, after: 60 } })
const paragraph = (text) => new Paragraph({ text, spacing: { after: 100 } })
const row = (...cells) => new TableRow({ children: cells.map((c, i) => new TableCell({ width: { size: i === 0 ? 30 : 70, type: WidthType.PERCENTAGE }, children: [new Paragraph(c)] })) })

const consultation = new Document({
  creator: CLINIC, title: 'Radiation Oncology Consultation',
  sections: [{
    headers: { default: new Header({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ text: CLINIC, bold: true }), new TextRun({ text: `   ${PATIENT}`, size: 18 })] })] }) },
    children: [
      new Paragraph({ text: 'Radiation Oncology Consultation', heading: HeadingLevel.HEADING_1 }),
      new Table({
        width: { size: 100, type: WidthType.PERCENTAGE },
        rows: [row('Patient', 'Edith Marlowe'), row('Date of birth', '11/02/1949'), row('MRN', '4077123'), row('Date of visit', '08/21/2025'), row('Referred by', 'Dana Whitlock, MD, Pulmonary Medicine')],
      }),
      heading('History of Present Illness'),
      paragraph('Mrs. Marlowe is a 75-year-old retired schoolteacher and former smoker (35 pack-years, quit 2009). A CT for a lingering cough showed a spiculated 1.9 cm nodule in the left upper lobe. PET/CT of 08/05/2025 showed SUVmax 7.2 in the nodule and no nodal or distant uptake; I reviewed the images. CT-guided biopsy of 08/11/2025 gave adenocarcinoma. Stage cT1bN0M0, IA2.'),
      paragraph('Thoracic surgery found her medically inoperable: FEV1 0.8 L (38% of predicted), DLCO 35%.'),
      heading('Past Medical History'),
      paragraph('COPD on home oxygen at night, atrial fibrillation on apixaban. No earlier radiation treatment. No pacemaker.'),
      heading('Functional Status'),
      paragraph('Independent in activities of daily living. Walks two blocks before resting. ECOG performance status 1.'),
      heading('Physical Examination'),
      paragraph('Alert, in no distress. Heart irregular. Breath sounds distant, no wheeze. No cervical or supraclavicular adenopathy.'),
      heading('Assessment and Plan'),
      paragraph('Medically inoperable stage IA2 adenocarcinoma of the left upper lobe. I recommend stereotactic body radiation therapy, 50 Gy in 5 fractions of 10 Gy every other weekday, chosen over conventional fractionation for better local control. Simulation with 4D-CT on 08/28/2025. Risks, among them pneumonitis and rib fracture, were explained; consent was signed.'),
      paragraph('Electronically signed by Ines Calloway, MD, Radiation Oncology, 08/21/2025 4:12 PM'),
    ],
  }],
})
writeFileSync(new URL('consultation.docx', folder), await Packer.toBuffer(consultation))

// --- PDF files ----------------------------------------------------------------------------------------------------

async function pdf(name, pages) {
  const pen = new PDFDocument({ size: 'LETTER', margin: LEFT, info: { Title: name, CreationDate: new Date(Date.UTC(2025, 8, 18)) } })
  const parts = []
  pen.on('data', (part) => parts.push(part))
  const ended = new Promise((resolve) => pen.on('end', resolve))
  pages.forEach((draw, i) => {
    if (i > 0) pen.addPage()
    pen.rect(0, 0, 612, 26).fill(TEAL)
    pen.fillColor('#ffffff').font('Helvetica-Bold').fontSize(11).text(CLINIC, LEFT, 8, { lineBreak: false })
    pen.fillColor('#333333').font('Helvetica').fontSize(9).text(PATIENT, LEFT, 38, { lineBreak: false })
    pen.text(`Page ${i + 1} of ${pages.length}`, LEFT, 740, { lineBreak: false, height: 12 })
    pen.fillColor('#000000')
    draw(pen)
  })
  pen.end()
  await ended
  writeFileSync(new URL(name, folder), Buffer.concat(parts))
}

const title = (pen, text) => pen.font('Helvetica-Bold').fontSize(15).fillColor(TEAL).text(text, LEFT, 66).fillColor('#000000').font('Helvetica').fontSize(10.5).moveDown(0.5)
const section = (pen, text) => pen.moveDown(0.6).font('Helvetica-Bold').fontSize(11).text(text, LEFT).font('Helvetica').fontSize(10.5)
const say = (pen, text) => pen.text(text, LEFT, pen.y, { width: RIGHT - LEFT, lineGap: 2 })
const sign = (pen, text) => pen.moveDown(1.2).font('Helvetica-Oblique').text(text, LEFT).font('Helvetica')

function table(pen, widths, rows) {
  let y = pen.y + 6
  rows.forEach((cells, r) => {
    if (r === 0) pen.rect(LEFT, y - 4, RIGHT - LEFT, 17).fill('#e3eef0').fillColor('#000000')
    let x = LEFT + 4
    pen.font(r === 0 ? 'Helvetica-Bold' : 'Helvetica').fontSize(9.5)
    cells.forEach((c, i) => {
      pen.text(c, x, y, { lineBreak: false })
      x += widths[i]
    })
    y += 17
    pen.moveTo(LEFT, y - 4).lineTo(RIGHT, y - 4).lineWidth(0.4).stroke('#b7c9cc')
  })
  pen.fontSize(10.5).font('Helvetica')
  pen.x = LEFT
  pen.y = y + 4
}

await pdf('prescription-and-plan.pdf', [
  (pen) => {
    title(pen, 'Radiation Prescription')
    table(pen, [150, 350], [
      ['Item', 'Order'], ['Date', '09/02/2025'], ['Diagnosis', 'Adenocarcinoma of the left upper lobe, C34.12, cT1bN0M0'], ['Site', 'Left upper lobe nodule, one lesion'],
      ['Technique', 'SBRT, two VMAT arcs, 6 MV FFF, free breathing with ITV'], ['Dose', '50 Gy in 5 fractions of 10 Gy to 95% of the PTV'], ['Frequency', 'Every other weekday'], ['Image guidance', 'Cone-beam CT before each fraction'],
    ])
    sign(pen, 'Electronically signed by Ines Calloway, MD, Radiation Oncology, 09/02/2025 9:05 AM')
  },
  (pen) => {
    title(pen, 'Treatment Plan Report')
    say(pen, 'Plan date: 09/03/2025. Plan LUL_SBRT, 6 MV FFF, two partial arcs. PTV 28.4 cc. Calculated with Acuros XB, 2 mm grid.')
    table(pen, [170, 130, 120], [
      ['Structure', 'Constraint', 'Achieved'], ['PTV V50Gy', '>= 95%', '95.3%'], ['Spinal cord Dmax', '< 30 Gy', '11.2 Gy'], ['Lungs V20', '< 10%', '4.1%'], ['Heart Dmax', '< 38 Gy', '9.6 Gy'], ['Chest wall V30', '< 30 cc', '12.5 cc'],
    ])
    sign(pen, 'Plan approved by Ines Calloway, MD, 09/03/2025 1:30 PM')
    say(pen, 'Physics review: Tomas Brandt, PhD, DABR, 09/04/2025')
  },
])

await pdf('treatment.pdf', [
  (pen) => {
    title(pen, 'SBRT Treatment Record')
    say(pen, 'Site: left upper lobe nodule. Plan LUL_SBRT. Machine TrueBeam 2, 6 MV FFF.')
    table(pen, [40, 90, 90, 90, 90, 104], [
      ['Fx', 'Date', 'Dose (cGy)', 'Total (cGy)', 'MU', 'Therapist'],
      ...['09/08/2025', '09/10/2025', '09/12/2025', '09/15/2025', '09/17/2025'].map((d, i) => [`${i + 1}`, d, '1000', `${1000 * (i + 1)}`, '2614', 'K. Osei, RT(T)']),
    ])
    section(pen, 'Image guidance')
    table(pen, [90, 150, 80, 80, 80], [
      ['Date', 'Method', 'Vert (mm)', 'Long (mm)', 'Lat (mm)'],
      ['09/08/2025', 'CBCT, soft tissue match', '1.1', '-0.6', '0.4'], ['09/10/2025', 'CBCT, soft tissue match', '0.3', '-1.2', '0.0'], ['09/12/2025', 'CBCT, soft tissue match', '0.8', '0.5', '-0.9'],
      ['09/15/2025', 'CBCT, soft tissue match', '-0.4', '1.0', '0.2'], ['09/17/2025', 'CBCT, soft tissue match', '0.6', '-0.3', '0.7'],
    ])
    sign(pen, 'Reviewed and electronically signed by Ines Calloway, MD, Radiation Oncology, 09/17/2025 3:40 PM')
  },
  (pen) => {
    title(pen, 'SBRT Treatment Management Note')
    say(pen, 'Date: 09/17/2025')
    section(pen, 'Course')
    say(pen, 'SBRT to one lesion in the left upper lobe. Fraction 5 of 5 was delivered today, 10 Gy; cumulative dose 50 Gy, as prescribed. The cone-beam CT was reviewed and approved by me before beam on, and isodose lines and DVH were reviewed.')
    section(pen, 'Interval history')
    say(pen, 'She tolerated treatment well. Mild fatigue, grade 1. No cough, no chest pain, no skin reaction.')
    section(pen, 'Set-up')
    say(pen, 'Set-up in the vacuum bag was evaluated at the machine and found reproducible.')
    section(pen, 'Assessment and plan')
    say(pen, 'Course completed without interruption. Continue the inhalers. CT chest in three months, then return visit.')
    sign(pen, 'Electronically signed by Ines Calloway, MD, Radiation Oncology, 09/17/2025 4:02 PM')
  },
  (pen) => {
    title(pen, 'Special Treatment Procedure Note')
    say(pen, 'Date: 08/28/2025')
    section(pen, 'Request')
    say(pen, 'A special treatment procedure is requested because of the complexity of the 3D planning and the contouring of organs at risk on all phases of the 4D-CT.')
    sign(pen, 'Electronically signed by Ines Calloway, MD, Radiation Oncology, 08/28/2025 11:20 AM')
  },
])
