// A second set of small charts, written before the splitter was tried on them. All patients and people are invented.
import type { MiniChart } from './charts.ts'

export const MORE_CHARTS: readonly MiniChart[] = [
  {
    name: 'DOCX form: table of fields, signature cells',
    file: 'form.docx',
    pages: [
      `Radiation Treatment Prescription
Patient Name\tOyelaran, Temi\tDate of Birth\t09/22/1966
MRN\tA-77120\tDate\t04/14/2025
Treatment site\tLeft breast
Dose per fraction\t266 cGy\tFractions\t16
Radiation Oncologist\tSigne Aalto, MD\tSignature\tElectronically signed 04/14/2025 16:05`,
    ],
    notes: [['prescription', '2025-04-14', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'fixed-width old style, capitals, date line under the title',
    file: 'old.txt',
    pages: [
      `NORTHGATE REGIONAL MEDICAL CENTER            RADIATION THERAPY DEPARTMENT
PT SZYMANSKI, LEOPOLD K      DOB 08 Mar 1954     ID 55-20917

RADIATION THERAPY COMPLETION SUMMARY                       05/28/2025

SITE        DOSE      FX    START       END
PROSTATE    7800      39    03/31/25    05/23/25

TOLERATED WELL.  RTC 3 MO.

A. KELLER MD 05/28/2025`,
    ],
    notes: [['completion', '2025-05-28', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'a packet with one image between unrelated notes',
    file: 'packet-2.pdf',
    pages: [
      `HISTORY AND PHYSICAL - RADIATION ONCOLOGY\nVisit date: 01/15/2025\nCC: left breast cancer\nElectronically authenticated by Signe Aalto MD 01/15/2025 17:01`,
      null,
      `Site Set-up notes\n01/30/2025\nBreast board, left arm up. Shift 2 cm left from tattoo.\nA. Voss, RT(R)(T) 01/30/2025`,
    ],
    notes: [['consult', '2025-01-15', 'signed', 'radiation-oncologist', '1-1'], ['unknown', null, 'absent', null, '2-2'], ['daily-setup', '2025-01-30', 'signed', 'therapist', '3-3']],
  },
  {
    name: 'weekly physics log, initials only',
    file: 'wp.pdf',
    pages: [`Weekly Physics Chart Check (77336)\nPatient: Temi Oyelaran\nDate\tFx\tMU\tShifts\tInit.\n04/21/2025\t5\tok\tok\tkl\n04/28/2025\t10\tok\tok\tkl`],
    notes: [['weekly-physics', null, 'unsigned']],
  },
  {
    name: 'special treatment procedure, attested by the attending',
    file: 'stp.pdf',
    pages: [`Special Treatment Procedure (77470)\nDOS: 02/20/25\nConcurrent weekly cisplatin with daily RT requires extra effort: labs, hydration.\nAttestation: I personally evaluated this patient. Ruben Castellano, M.D. 2/21/25 08:15 AM`],
    notes: [['special-treatment-note', '2025-02-20', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'consult whose headings carry dates of imaging and pathology',
    file: 'c2.pdf',
    pages: [
      `Initial Consult
DOS 03/11/2025
PCP: Dr. Lund
HPI
55F, stage IIB cervix.
PATHOLOGY
02/14/2025: squamous cell carcinoma.
IMAGING
PET/CT 02/28/2025: FDG avid cervix, no nodes.
MRI PELVIS 02/26/2025: 4.1 cm mass.
LABS
03/01/2025 Hgb 10.9
A/P
EBRT with weekly cisplatin then HDR. CT simulation 03/18/2025.
/es/ Ruben Castellano, M.D.`,
    ],
    notes: [['consult', '2025-03-11', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'two radiology reports on one page',
    file: 'rad.pdf',
    pages: [
      `CT CHEST WITH CONTRAST
Exam date: 01/08/2025
FINDINGS: 1.8 cm nodule RUL.
IMPRESSION: suspicious nodule.
Electronically signed by: Olga Reyes, MD 01/08/2025 14:22

PET/CT SKULL BASE TO MID THIGH
Exam date: 01/16/2025
FINDINGS: FDG avid nodule, SUV 8.2.
IMPRESSION: no nodal disease.
Electronically signed by: Olga Reyes, MD 01/16/2025 15:10`,
    ],
    notes: [['radiology', '2025-01-08', 'signed'], ['radiology', '2025-01-16', 'signed']],
  },
  {
    name: 'IGRT record with approvals a row',
    file: 'igrt.pdf',
    pages: [`Online match / image review\nDate\tType\tVrt\tLng\tLat\tApproved by\n05/05/2025\tCBCT\t0.1\t-0.2\t0.0\tAF\n05/06/2025\tCBCT\t0.0\t0.1\t0.1\tAF`],
    notes: [['image-guidance-record', null]],
  },
  {
    name: 'superbill and charge lines under a letterhead',
    file: 'sb2.pdf',
    pages: [`Lakeshore Radiation Oncology Associates\n100 Main St\nSUPERBILL\nPatient: Temi Oyelaran  DOS 04/21/2025\n77385 IMRT delivery x1\n77014 guidance x1\nEntered by: K. Moss`],
    notes: [['billing', '2025-04-21', 'absent']],
  },
  {
    name: 'a physics request form unsigned, then a report unsigned but approved',
    file: 'pp.pdf',
    pages: [
      `PHYSICS CONSULT ORDER\nPatient: Leopold Szymanski   DOB 03/08/1954\nProblem: prior pelvic RT 2019, sum dose to rectum.\nOrdering physician: ____________________ Date: ________\n\nPHYSICS CONSULTATION REPORT\nPatient: Leopold Szymanski   DOB 03/08/1954\nDate: 04/02/2025\nComposite rectum D2cc 71 Gy EQD2.\nPrepared by K. Lindqvist PhD\nPhysics approval: K. Lindqvist, PhD, DABR 4/3/2025`,
    ],
    notes: [['special-physics-request', undefined, 'unsigned'], ['special-physics-report', '2025-04-02', 'signed', 'physicist']],
  },
  {
    name: 'nursing page with toxicity heading, no other note',
    file: 'rn.pdf',
    pages: [`RN VISIT\n05/12/2025 10:05\nWt 150 lb  BP 122/78  Pain 2/10\nTOXICITY\nDermatitis 1, fatigue 1\nEDUCATION\nSkin care reviewed, patient verbalized understanding.\nM. Brandt, RN, OCN 05/12/2025`],
    notes: [['nursing', '2025-05-12', 'signed', 'nurse']],
  },
  {
    name: 'proton on-treatment visit with the status of a draft in the footer',
    file: 'd.pdf',
    pages: [`On Treatment Visit - Proton\nDate: 05/15/2025\n12/30 fractions, 21.6 GyRBE. Tolerating well.\nProvider: Ana de la Cruz, MD\n^F Document status: Preliminary`],
    notes: [['on-treatment-visit', '2025-05-15', 'pending', 'radiation-oncologist']],
  },
  {
    name: 'Gamma knife plan and written directive, pages apart',
    file: 'gk.pdf',
    pages: [
      `Leksell GammaPlan report\nPatient: HALVERSON, Irma  DOB 01-Mar-1963\nPlan date 2025-02-10\nShots 12, 50% isodose 20 Gy\nPlan approved by treating physician: Ana de la Cruz MD 2025-02-10 09:12\nPhysicist: K. Lindqvist PhD 2025-02-10`,
      `WRITTEN DIRECTIVE\nPatient: HALVERSON, Irma  DOB 01-Mar-1963\nDate 2025-02-10\nTarget: left frontal, 20 Gy at 50%.\nAuthorized user: Ana de la Cruz MD signed 2025-02-10 08:55`,
    ],
    notes: [['plan-report', '2025-02-10', 'signed'], ['prescription', '2025-02-10', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'follow-up in lower case, typed name without a date',
    file: 'fu.txt',
    pages: [`radiation oncology follow-up note\n6/3/2025\nreturns 3 months after sbrt. no cough. ct stable.\nrtc 3 months.\n\nTobias Renn, DO\nRadiation Oncology`],
    notes: [['followup', '2025-06-03', 'unsigned', 'radiation-oncologist']],
  },
  {
    name: 'consent signed by patient and physician',
    file: 'cons.pdf',
    pages: [`Informed Consent for Radiation Therapy\nI hereby authorize Dr. Falk to treat me. Risks: fatigue, dermatitis.\nPatient signature: [signature] Temi Oyelaran   Date: 04/10/2025\nPhysician signature: [signature] Anika Falk MD   Date: 04/10/2025`],
    notes: [['consent', undefined, 'signed']],
  },
  {
    name: 'medication list and chemotherapy record',
    file: 'med.pdf',
    pages: [`Current Medications\nDrug\tDose\tRoute\tFrequency\nondansetron\t8 mg\tPO\tBID`, `Infusion Note\nCycle 2 Day 1 cisplatin 40 mg/m2 infused over 60 min\nVisit date: 04/29/2025\nJ. Obi RN 04/29/2025`],
    notes: [['nursing', null], ['chemotherapy-record', '2025-04-29', 'signed', 'nurse']],
  },
  {
    name: 'eye plaque / eyeline sheet with rows',
    file: 'eye.pdf',
    pages: [`Eyeline treatment sheet\nOculus proton line\nFx\tDate\tCGE\tTime in\tTime out\tTherapist\n1\t06/02/2025\t15\t09:02\t09:38\tVL\n2\t06/03/2025\t15\t09:00\t09:31\tVL`],
    notes: [['treatment-record', null, 'unsigned']],
  },
  {
    name: 'end-of-treatment note beginning at the foot of a page',
    file: 'foot.pdf',
    pages: [
      `WEEKLY TREATMENT MANAGEMENT\nDate: 03/19/2025   Fx 25/30\nGrade 1 fatigue. Continue.\nElectronically signed by Anika Falk, MD 03/19/2025\n\nEND OF TREATMENT NOTE\nDate: 03/26/2025`,
      `Completed 60 Gy in 30 fractions. Tolerated well.\nElectronically signed by Anika Falk, MD 03/26/2025`,
    ],
    notes: [['on-treatment-visit', '2025-03-19', 'signed', undefined, '1-1'], ['completion', '2025-03-26', 'signed', undefined, '1-2']],
  },
  {
    name: 'letter of medical necessity mentions other notes',
    file: 'l.pdf',
    pages: [`LETTER OF MEDICAL NECESSITY\nMarch 3, 2025\nRE: Temi Oyelaran\nTo whom it may concern:\nIMRT is required. See consultation note and treatment plan.\nSincerely,\nAnika Falk, MD`],
    notes: [['letter', '2025-03-03', 'unsigned']],
  },
  {
    name: 'signature of the previous day only, no service date',
    file: 's.pdf',
    pages: [`Simulation note\nSupine, mask, 2 mm slices, isocenter placed.\nAuthenticated by Ruben Castellano MD on 4 Feb 2025 at 1815 hrs`],
    notes: [['simulation', '2025-02-04', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'a sheet a session, heads in several forms',
    file: 'log.pdf',
    pages: [
      `Skin planning sheet\nPrescription\t40 Gy in 8 fx\nDose calc\t278 s\nOrdered and signed: Anika Falk, MD 2/27/2025 3:10 PM\n\n^# Fraction 3 of 8 - 3/11/2025\nStart - stop\t9:41:05 - 9:45:43\nApplicator\t20 mm cone\nGenerator\tXoft 50 kVp\nGiven\t5 Gy\nDelivered and signed by Anika Falk, MD 3/11/2025 9:52 AM`,
      `^# Fraction 5 of 8 - 3/18/2025\nStart - stop\nApplicator\t20 mm cone\nGenerator\tXoft 50 kVp\nGiven\t5 Gy\nSkin\terythema\naf`,
      `^# TREATMENT SESSION 6\nItem\t20-Mar-2025\nApplicator\t20 mm cone\nGenerator\tXoft 50 kVp\nDose\t5 Gy\nPerformed / eSigned\tFALK, ANIKA MD 20-Mar-2025 10:52`,
    ],
    notes: [['planning-note', undefined, 'signed'], ['electronic-brachytherapy-record', '2025-03-11', 'signed'], ['electronic-brachytherapy-record', '2025-03-18', 'unsigned'], ['electronic-brachytherapy-record', '2025-03-20', 'signed']],
  },
  {
    name: 'rows of fractions are no sheets',
    file: 'list.pdf',
    pages: [`Daily treatment record\nFraction 1 of 3 - 3/11/2025\nFraction 2 of 3 - 3/12/2025\nFraction 3 of 3 - 3/13/2025\nV. Lim RT(T)`],
    notes: [['treatment-record']],
  },
  {
    name: 'the same form on another day, under one counter of pages',
    file: 'forms.pdf',
    pages: ['2025-08-11', '2025-08-13', '2025-08-15'].map((day, i) => `^H Plains Proton Center\tpage ${i + 1}/3\n^# DAILY PROTON TREATMENT FORM PT-12\nPatient\tOyelaran, Temi\tID\t7-00942\nDOB\t1955-12-02\tDate\t${day}\nNumber of ports treated\t2 (RPO, LPO)\nCompensator\tused\nProvider\te-signed Anika Falk MD ${day} 13:50`),
    notes: [['proton-record', '2025-08-11', 'signed', undefined, '1-1'], ['proton-record', '2025-08-13', 'signed', undefined, '2-2'], ['proton-record', '2025-08-15', 'signed', undefined, '3-3']],
  },
  {
    name: 'titles that say so themselves',
    file: 'export.txt',
    pages: [
      `Progress Notes Printed On Dec 09, 2025\n--------------------\nLOCAL TITLE: RADIATION ONCOLOGY CONSULT\nSTANDARD TITLE: RADIATION ONCOLOGY CONSULT\nDATE OF NOTE: AUG 27, 2025@10:20\nHISTORY: tonsil.\nPLAN: 70 Gy.\n/es/ ANIKA FALK, MD\nSigned: 08/27/2025 11:58\n--------------------\nLOCAL TITLE: RADIATION ONCOLOGY SIMULATION NOTE\nDATE OF NOTE: SEP 02, 2025@14:30\nSupine, mask, 2 mm slices.\n/es/ ANIKA FALK, MD\nSigned: 09/02/2025 15:10\n--------------------\nDOC 3 of 3 INDEPENDENT MU CHECK (RadCalc 7.2)\nARC1 248.6 250.9 +0.9 %\nChecked by T. Iwa, MS, DABR, signed 09/15/2025 10:06`,
    ],
    notes: [['consult', '2025-08-27', 'signed'], ['simulation', '2025-09-02', 'signed'], ['dose-calculation', undefined, 'signed', 'physicist']],
  },
  {
    name: 'a bare birth date in the head is no service date',
    file: 'plan.pdf',
    pages: [`Straits Proton Institute\tMARCHETTI, Luca SPI-30817 b. 2001-10-12\nPRESCRIPTION AND PLAN SUMMARY\nPhase\tGyRBE\tFx\n1\t1.8\t13\nPrescription status: APPROVED Falk, Anika (MD) 2026-02-17 08:51:20`],
    notes: [['plan-report', '2026-02-17', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'a colleague who asked closes nothing',
    file: 'icd.docx',
    pages: [`Special medical physics consultation\nPatient\tOyelaran, Temi\nAsked by\tH. Strand MD, 6/17/25\nDevice\tICD, pacing dependent\n^# Estimate\nICD can\t6.8 cGy\t34 cGy\n^# Advice\nKeep the pocket outside the edge.\nErik Ahlgren, MS, DABMP  electronically signed 6/18/25 10:22`],
    notes: [['special-physics-report', undefined, 'signed', 'physicist']],
  },
]
