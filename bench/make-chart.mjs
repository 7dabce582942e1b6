// Makes a chart of any length for measuring: the same bytes for the same number of pages. May not: stand for a real person.
// Usage: node bench/make-chart.mjs <pages> <folder>  → <folder>/chart-<pages>.pdf and <folder>/claim.json
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import PDFDocument from 'pdfkit'

/** A small generator of numbers with a seed (mulberry32). */
function seeded(seed) {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const PATIENT = { name: 'TESTPATIENT, ALDEN Q', printed: 'Alden Q. Testpatient', dob: '03/14/1957', mrn: '00417733' }
const START = Date.UTC(2025, 2, 3)
const DAY = 86_400_000

/** Slots are filled from the lists below; the number of distinct sentences is in the tens of thousands. */
const SLOTS = {
  site: ['left upper lobe', 'right lower lobe', 'mediastinum', 'right hilum', 'left breast', 'prostate', 'pelvic nodes', 'left frontal lobe', 'T8 vertebral body', 'base of tongue', 'distal esophagus', 'pancreatic head'],
  side: ['left', 'right', 'bilateral', 'midline'],
  symptom: ['chest pain', 'shortness of breath', 'dysphagia', 'odynophagia', 'fatigue', 'nausea', 'diarrhea', 'dysuria', 'headache', 'weight loss', 'fever', 'night sweats', 'cough', 'hemoptysis', 'skin irritation', 'loss of appetite', 'constipation', 'insomnia'],
  grade: ['grade 1', 'grade 2', 'mild', 'moderate', 'minimal', 'trace'],
  drug: ['ondansetron', 'lisinopril', 'metformin', 'omeprazole', 'atorvastatin', 'dexamethasone', 'oxycodone', 'acetaminophen', 'sucralfate', 'gabapentin', 'metoprolol', 'amlodipine', 'levothyroxine', 'tamsulosin', 'prochlorperazine'],
  relative: ['mother', 'father', 'sister', 'brother', 'maternal aunt', 'paternal grandfather'],
  cancer: ['breast cancer', 'colon cancer', 'lung cancer', 'prostate cancer', 'melanoma', 'lymphoma'],
  image: ['CT of the chest with contrast', 'PET/CT', 'MRI of the brain', 'bone scan', 'CT abdomen and pelvis', 'ultrasound', 'chest radiograph'],
  organ: ['spinal cord', 'heart', 'esophagus', 'total lung minus GTV', 'rectum', 'bladder', 'small bowel', 'brainstem', 'parotid', 'left kidney', 'liver'],
  doctor: ['Dr. Rowan Sample', 'Dr. Imogen Placeholder', 'Dr. Theo Example', 'Dr. Nadia Specimen'],
  technique: ['IMRT', 'VMAT', '3D conformal radiation therapy', 'SBRT', 'arc therapy with two coplanar arcs'],
  device: ['a Vac-Lok bag', 'a thermoplastic mask', 'a wing board', 'an alpha cradle', 'a knee wedge'],
  adverb: ['today', 'at this visit', 'since last week', 'overnight', 'over the past few days', 'as before'],
}

const HISTORY = [
  'The patient is a 68-year-old {sex} with a {n} cm mass in the {site}, found on {image} on {date}.',
  'Biopsy of the {site} on {date} showed invasive carcinoma, moderately differentiated, with no lymphovascular invasion.',
  'The patient denies {symptom}, {symptom} or {symptom} and has had no {symptom} {adverb}.',
  'There is no prior radiation to the {site}; no pacemaker and no history of collagen vascular disease.',
  '{relative} was diagnosed with {cancer} at age {age}; no other family history of malignancy.',
  'We discussed the risks, benefits and alternatives of radiation therapy, including {symptom}, {symptom} and late effects on the {organ}.',
  'ECOG performance status is {ecog} and the patient remains independent in activities of daily living.',
  'He was seen by {doctor}, who recommends concurrent chemotherapy if the performance status allows.',
  '{image} on {date} showed a {n} x {n} cm lesion in the {site} with an SUV of {n} and no evidence of distant metastasis.',
  'The plan is to deliver {dose} cGy in {fx} fractions of {daily} cGy using {technique} to the {site}.',
  'Because of the proximity to the {organ}, conventional planning would exceed the tolerance dose of {n} Gy.',
  'The patient reports {grade} {symptom} that began {weeks} weeks ago and is controlled with {drug} {mg} mg.',
  'Past medical history is notable for hypertension, type 2 diabetes, and a cholecystectomy in {year}.',
  'Social history: former smoker with {age} pack-years, quit in {year}; drinks alcohol rarely.',
  'He lives with his wife, works part time, and has reliable transportation to daily treatment.',
  'All questions were answered and the patient wishes to proceed with treatment as described.',
  'Follow-up imaging will be obtained approximately {weeks} weeks after completion of therapy.',
  'We will obtain outside records and review them before the simulation scheduled for {date}.',
  'If the {symptom} worsens, the patient was told to call the clinic or go to the emergency department.',
  'I personally spent {minutes} minutes with the patient, more than half of it in counseling and coordination of care.',
]
const EXAM = [
  'General: alert, oriented, in no acute distress. Weight {kg} kg, blood pressure {bp}, pulse {pulse}.',
  'Lungs: clear to auscultation bilaterally without wheezes or rales. Heart: regular rate and rhythm, no murmurs.',
  'Abdomen: soft, nontender, no hepatosplenomegaly. Extremities: no edema, cyanosis or clubbing.',
  'Neurologic: cranial nerves II-XII intact, strength 5/5 throughout, gait steady without assistance.',
  'Skin: {grade} erythema within the treatment field over the {site}, no moist desquamation.',
  'Lymph nodes: no palpable cervical, supraclavicular or axillary adenopathy on the {side} side.',
]
const VISIT = [
  'The patient has completed {k} of {fx} fractions, {dose} cGy of the planned {dose} cGy to the {site}.',
  'Tolerating treatment well with {grade} {symptom}; denies {symptom} and {symptom} {adverb}.',
  'Continue {drug} {mg} mg twice daily as needed; skin care reviewed with the patient.',
  'Portal images and cone-beam CT reviewed; alignment within {mm} mm, no shifts required.',
  'Weight is {kg} kg, down {n} kg from baseline; nutrition consult offered and declined.',
  'Chart, dosimetry and port films checked. Continue treatment as planned.',
  'No treatment breaks. Labs reviewed and acceptable for continued therapy.',
  'Patient was counseled on fatigue and will call if {symptom} develops.',
]
const PLAN = [
  'The {organ} received a maximum dose of {n} Gy and a mean dose of {n} Gy, meeting the constraint of {n} Gy.',
  'PTV coverage: {pct}% of the PTV receives {pct}% of the prescription dose of {dose} cGy.',
  'The plan was calculated with heterogeneity correction on a {mm} mm grid using {technique}.',
  'Patient positioned supine with {device}; isocenter shifts verified with orthogonal images.',
  'Measured and calculated doses agree within {n}% with a gamma pass rate of {pct}% at 3%/2 mm.',
  'Dose-volume histograms were reviewed with the radiation oncologist and the plan approved on {date}.',
  'Monitor units: {mu} for arc 1 and {mu} for arc 2, energy 6 MV, collimator {n} degrees.',
  'The prior course to the {site} was registered and composite dose evaluated; the {organ} stays below {n} Gy.',
]
const RADIOLOGY = [
  'TECHNIQUE: Helical images were obtained through the {site} following administration of {mg} mL of contrast.',
  'There is a {n} x {n} cm soft tissue mass in the {site}, previously {n} x {n} cm, not significantly changed.',
  'No pleural or pericardial effusion. No pneumothorax. The {organ} is unremarkable.',
  'Degenerative changes of the thoracic spine. No suspicious osseous lesion is identified.',
  'Several subcentimeter nodules are again seen, the largest {mm} mm, unchanged from {date}.',
  'Impression: stable disease in the {site} without evidence of new metastatic disease.',
  'Comparison is made with {image} dated {date}. Findings were discussed with {doctor} by telephone.',
]
const LABS = ['WBC', 'RBC', 'Hemoglobin', 'Hematocrit', 'Platelets', 'Neutrophils', 'Lymphocytes', 'Sodium', 'Potassium', 'Chloride', 'CO2', 'BUN', 'Creatinine', 'Glucose', 'Calcium', 'Albumin', 'Bilirubin, total', 'AST', 'ALT', 'Alkaline phosphatase', 'Magnesium', 'Phosphorus', 'PSA', 'TSH']

/** Writes the PDF; resolves with its path when it is on disk. */
export async function makeChart(pages, folder) {
  mkdirSync(folder, { recursive: true })
  const random = seeded(20250303 + pages)
  const pick = (list) => list[Math.floor(random() * list.length)]
  const whole = (low, high) => low + Math.floor(random() * (high - low + 1))
  let day = START
  const us = (t) => {
    const d = new Date(t)
    return `${String(d.getUTCMonth() + 1).padStart(2, '0')}/${String(d.getUTCDate()).padStart(2, '0')}/${d.getUTCFullYear()}`
  }
  const FIGURES = {
    n: () => (whole(4, 480) / 10).toFixed(1), date: () => us(day - whole(1, 90) * DAY), age: () => whole(20, 80), ecog: () => whole(0, 2), dose: () => whole(2, 36) * 200, fx: () => whole(5, 38),
    k: () => whole(1, 30), daily: () => pick([180, 200, 250, 1000]), weeks: () => whole(2, 12), mg: () => pick([4, 8, 10, 20, 25, 40, 81, 100, 325, 500]), year: () => whole(1985, 2020), minutes: () => whole(20, 75),
    kg: () => (whole(550, 990) / 10).toFixed(1), bp: () => `${whole(104, 158)}/${whole(58, 94)}`, pulse: () => whole(58, 104), mm: () => whole(1, 5), pct: () => (whole(900, 1000) / 10).toFixed(1), mu: () => whole(120, 980), sex: () => pick(['man', 'woman']),
  }
  const fill = (template) => {
    const said = template.replace(/\{([a-z]+)\}/g, (_, name) => String(SLOTS[name] ? pick(SLOTS[name]) : FIGURES[name]()))
    return said.charAt(0).toUpperCase() + said.slice(1)
  }
  const paragraph = (templates, sentences) => Array.from({ length: sentences }, () => fill(pick(templates))).join(' ')

  const pdf = new PDFDocument({ size: 'LETTER', margin: 54, autoFirstPage: false, info: { Title: 'Chart', CreationDate: new Date(START), ModDate: new Date(START) } })
  const path = join(folder, `chart-${pages}.pdf`)
  const file = createWriteStream(path)
  pdf.pipe(file)
  let made = 0
  const newPage = () => {
    made++
    pdf.addPage()
    pdf.font('Helvetica').fontSize(8)
    pdf.text(`${PATIENT.name}   DOB: ${PATIENT.dob}   MRN: ${PATIENT.mrn}`, 54, 30, { lineBreak: false })
    pdf.text(`Example Cancer Center   Printed ${us(START + 200 * DAY)}   Sheet ${made}`, 54, 760, { lineBreak: false, height: 12 })
    pdf.x = 54
    pdf.y = 54
    pdf.fontSize(10)
  }
  const room = (points) => pdf.y + points < 735
  const heading = (words) => pdf.font('Helvetica-Bold').fontSize(10).text(words, 54, pdf.y + 4).font('Helvetica')
  const say = (words) => pdf.fontSize(10).text(words, 54, pdf.y, { width: 500 })
  const title = (words) => {
    pdf.font('Helvetica-Bold').fontSize(14).text(words, 54, pdf.y).font('Helvetica').fontSize(10)
    pdf.text(`Patient: ${PATIENT.printed}     Date of Service: ${us(day)}`, 54, pdf.y + 2)
  }
  const row = (cells, lefts) => {
    const y = pdf.y
    cells.forEach((cell, i) => pdf.fontSize(9).text(String(cell), lefts[i], y, { lineBreak: false }))
    pdf.x = 54
    pdf.y = y + 13
  }
  const sign = (who, credentials) => pdf.text(`Electronically signed by ${who}, ${credentials} on ${us(day)} ${whole(8, 17)}:${String(whole(0, 59)).padStart(2, '0')}`, 54, pdf.y + 8)
  const prose = (sections, who, credentials) => {
    for (const [name, templates, sentences] of sections) {
      if (name && room(30)) heading(name)
      let left = sentences
      while (left > 0 && room(60)) {
        say(paragraph(templates, Math.min(left, 4)))
        left -= 4
      }
    }
    if (who && room(24)) sign(who, credentials)
  }

  const kinds = {
    consult: () => { title('RADIATION ONCOLOGY CONSULTATION'); prose([['HISTORY OF PRESENT ILLNESS', HISTORY, 14], ['PHYSICAL EXAMINATION', EXAM, 5], ['ASSESSMENT AND PLAN', HISTORY, 9]], 'Rowan Sample', 'MD') },
    followup: () => { title('FOLLOW-UP NOTE'); prose([['INTERVAL HISTORY', HISTORY, 12], ['EXAMINATION', EXAM, 5], ['IMPRESSION', HISTORY, 8]], 'Imogen Placeholder', 'MD') },
    simulation: () => { title('SIMULATION NOTE'); prose([['PROCEDURE', PLAN, 12], ['COMMENTS', PLAN, 8]], 'Rowan Sample', 'MD') },
    plan: () => { title('TREATMENT PLAN REPORT'); prose([['PLAN EVALUATION', PLAN, 12]]); row(['Structure', 'Max (Gy)', 'Mean (Gy)', 'V20 (%)', 'Constraint'], [54, 220, 300, 380, 450]); while (room(20)) row([pick(SLOTS.organ), FIGURES.n(), FIGURES.n(), FIGURES.pct(), `< ${FIGURES.n()} Gy`], [54, 220, 300, 380, 450]) },
    visits: () => { title('WEEKLY ON-TREATMENT VISIT'); prose([['SUBJECTIVE', VISIT, 8], ['OBJECTIVE', EXAM, 5], ['PLAN', VISIT, 8]], 'Rowan Sample', 'MD') },
    treatments: () => {
      title('TREATMENT RECORD')
      row(['Date', 'Fx', 'Field', 'Energy', 'MU', 'Dose (cGy)', 'Cumulative', 'Therapist'], [54, 120, 150, 220, 270, 320, 390, 460])
      let sum = 0
      for (let k = 1; room(20); k++) {
        sum += 200
        row([us(day + k * DAY), k, pick(['ARC 1', 'ARC 2', 'AP', 'PA']), '6X', FIGURES.mu(), 200, sum, pick(['TS RTT', 'KP RTT', 'ML RTT'])], [54, 120, 150, 220, 270, 320, 390, 460])
      }
    },
    labs: () => { title('LABORATORY RESULTS'); row(['Test', 'Result', 'Flag', 'Reference', 'Units', 'Collected'], [54, 200, 260, 310, 390, 450]); while (room(20)) row([pick(LABS), FIGURES.n(), pick(['', '', 'H', 'L']), `${whole(1, 9)}.0 - ${whole(10, 50)}.0`, pick(['g/dL', 'mmol/L', 'K/uL', 'U/L']), us(day)], [54, 200, 260, 310, 390, 450]) },
    medications: () => { title('MEDICATION LIST'); while (room(20)) say(`${pick(SLOTS.drug)} ${FIGURES.mg()} mg tablet - take 1 tablet by mouth ${pick(['daily', 'twice daily', 'every 8 hours as needed', 'at bedtime'])}. Started ${FIGURES.date()}.`) },
    nursing: () => { title('NURSING ASSESSMENT'); while (room(40)) { say(`Pain: ${whole(0, 6)}/10   Fatigue: ${pick(SLOTS.grade)}   Weight: ${FIGURES.kg()} kg   BP: ${FIGURES.bp()}   Fall risk: ${pick(['low', 'moderate'])}`); say(paragraph(VISIT, 2)) } },
    radiology: () => { title('RADIOLOGY REPORT'); prose([['FINDINGS', RADIOLOGY, 18], ['IMPRESSION', RADIOLOGY, 6]], 'Theo Example', 'MD') },
    more: () => prose([['', HISTORY, 28]], 'Rowan Sample', 'MD'),
    physics: () => { title('WEEKLY PHYSICS CHART CHECK'); prose([['REVIEW', PLAN, 16]], 'Nadia Specimen', 'PhD, DABR') },
    guidance: () => { title('IMAGE GUIDANCE RECORD'); row(['Date', 'Modality', 'Vertical (mm)', 'Longitudinal (mm)', 'Lateral (mm)', 'Approved by'], [54, 120, 190, 270, 370, 450]); for (let k = 1; room(20); k++) row([us(day + k * DAY), 'CBCT', whole(-5, 5), whole(-5, 5), whole(-5, 5), pick(['R. Sample MD', 'I. Placeholder MD'])], [54, 120, 190, 270, 370, 450]) },
  }
  const cycle = ['consult', 'more', 'labs', 'radiology', 'medications', 'followup', 'nursing', 'simulation', 'plan', 'treatments', 'visits', 'guidance', 'physics', 'labs', 'visits', 'nursing', 'radiology', 'followup', 'more', 'visits']
  for (let i = 0; i < pages; i++) {
    day = START + Math.floor((i / pages) * 150) * DAY
    newPage()
    kinds[cycle[i % cycle.length]]()
  }
  pdf.end()
  await once(file, 'finish')
  writeFileSync(join(folder, 'claim.json'), `${JSON.stringify({
    claimId: 'BENCH-1', payer: 'priority-health', patient: { name: PATIENT.printed, birthDate: '1957-03-14', mrn: PATIENT.mrn }, diagnoses: ['C34.12'],
    lines: [['77373', 5, '2025-04-01'], ['77470', 1, '2025-03-17'], ['77370', 1, '2025-03-20'], ['77301', 1, '2025-03-24'], ['77386', 1, '2025-04-02'], ['77427', 1, '2025-04-07'], ['77336', 1, '2025-04-07'], ['77263', 1, '2025-03-10']]
      .map(([code, units, serviceDate], i) => ({ line: i + 1, code, units, serviceDate })),
    history: [],
  }, null, 2)}\n`)
  return path
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const path = await makeChart(Number(process.argv[2] ?? 500), process.argv[3] ?? '.')
  process.stdout.write(`${path}\n`)
}
