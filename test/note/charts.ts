// Small charts in the manners of many clinics, with the notes they hold. All patients and people are invented.

/** Type, date, signature state, author's role, pages; undefined is not compared. */
export type Expected = readonly [string, (string | null)?, string?, (string | null)?, string?]

export interface MiniChart {
  readonly name: string
  readonly file: string
  readonly pages: readonly (string | null)[]
  readonly notes: readonly Expected[]
}

export const CHARTS: readonly MiniChart[] = [
  {
    name: 'a consult of two pages, running header, weak section headings at the second page',
    file: 'chart.pdf',
    pages: [
      `^H Lakeshore Radiation Oncology   Patient: DELACROIX, Noemi  DOB: 02/11/1957  MRN: 440182  Page 1 of 2
RADIATION ONCOLOGY CONSULTATION
Date of service: 03/04/2025
Referring physician: H. Brandt, MD
Reason for consultation: stage IA lung cancer.
HISTORY OF PRESENT ILLNESS
Ms. Delacroix is a 68-year-old woman with a right upper lobe nodule found on 01/14/2025.
^F Printed: 03/20/2025 14:11 by KJ`,
      `^H Lakeshore Radiation Oncology   Patient: DELACROIX, Noemi  DOB: 02/11/1957  MRN: 440182  Page 2 of 2
PHYSICAL EXAM
Lungs clear.
PLAN
We recommend SBRT, 50 Gy in 5 fractions. CT simulation next week.
Electronically signed by Anika Falk, MD on 03/05/2025 08:12
^F Printed: 03/20/2025 14:11 by KJ`,
    ],
    notes: [['consult', '2025-03-04', 'signed', 'radiation-oncologist', '1-2']],
  },
  {
    name: 'five short notes in one text file',
    file: 'records.txt',
    pages: [
      `LAKESHORE CANCER CENTER
Radiation Oncology
CONSULT NOTE
Patient: Pruitt, Oswin   DOB: 07/09/1949   MRN 81-2204
Date: 01/06/2025
HPI: 75M with prostate cancer, Gleason 4+3.
Plan: definitive RT with IMRT.
Signed: M. Okafor, MD 01/06/2025

SIMULATION NOTE
Patient: Pruitt, Oswin
Date: 01/13/2025
Supine, Vac-Lok, full bladder. Isocenter marked.
Signed: M. Okafor, MD 01/13/2025

RT PRESCRIPTION
Date: 01/14/2025
Site: prostate and SV. 7920 cGy in 44 fractions, IMRT, 6 MV.
Approved by: M. Okafor, MD 01/14/2025 17:20

WEEKLY OTV
01/28/2025  Fx 5/44, 900 cGy. Tolerating well. Continue. M. Okafor MD 01/28/2025

TREATMENT SUMMARY
Date: 03/25/2025
Completed 7920 cGy in 44 fractions from 01/21/2025 to 03/21/2025.
/es/ M. OKAFOR, MD 03/25/2025`,
    ],
    notes: [
      ['consult', '2025-01-06', 'signed', 'radiation-oncologist'], ['simulation', '2025-01-13', 'signed'], ['prescription', '2025-01-14', 'signed'],
      ['on-treatment-visit', '2025-01-28', 'signed'], ['completion', '2025-03-25', 'signed'],
    ],
  },
  {
    name: 'headings inside a consult are not notes',
    file: 'doc.pdf',
    pages: [
      `NEW PATIENT VISIT - RAD ONC
Mar 12, 2025
Seen by: Tobias Renn, DO

SIMULATION
Will be simulated supine next Tuesday.

PRESCRIPTION
60 Gy in 30 fractions is planned.

CONSENT
Risks and benefits discussed; consent signed.

PATHOLOGY
Invasive ductal carcinoma.

Tobias Renn, DO   03/12/2025`,
    ],
    notes: [['consult', '2025-03-12', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'chart check and portal dosimetry on one page',
    file: 'qa.pdf',
    pages: [
      `Chart check / plan QA
Patient: Imre Halloway   MRN 20931
Plan checked before fraction 1: prescription, MU, isocenter agree.

Portal dosimetry
Field 1: gamma 3%/2 mm 99.1%
Field 2: gamma 3%/2 mm 98.7%
R. Castellan MS, DABR 06/06/2025`,
    ],
    notes: [['imrt-qa', undefined, 'signed', 'physicist']],
  },
  {
    name: 'an unsigned prescription with a blank line',
    file: 'rx.pdf',
    pages: [
      `RT Rx
Pt: Maribel Thornquist
Site: pancreas   Dose: 25 Gy in 5 fx   Technique: SBRT
Date written: 05/02/2025

Physician signature: ____________________   Date: ___________`,
    ],
    notes: [['prescription', undefined, 'unsigned']],
  },
  {
    name: 'a treatment record over many days, columns of initials',
    file: 'tx.pdf',
    pages: [
      `Daily log
PATIENT: GRAHAM MACALLISTER-OYEN
Fx\tDate\tDose (cGy)\tCum\tMachine\tRTT
1\t05/05/2025\t200\t200\tTB1\tAB
2\t05/06/2025\t200\t400\tTB1\tAB/kj
3\t05/07/2025\t200\t600\tTB1\tkj`,
      `Fx\tDate\tDose (cGy)\tCum\tMachine\tRTT
4\t05/08/2025\t200\t800\tTB1\tAB`,
    ],
    notes: [['treatment-record', null, 'unsigned', undefined, '1-2']],
  },
  {
    name: 'a draft physics report',
    file: 'physics.pdf',
    pages: [
      `*** DRAFT ***
Special Medical Physics Consultation
Requested by: Dr. A. Falk
Date of report: 04/02/2025
Reason: implanted cardiac device near the field.
Estimated device dose 38 cGy for the course.
Physicist: ______________________`,
    ],
    notes: [['special-physics-report', undefined, 'pending']],
  },
  {
    name: 'request and report of physics on two pages, signed by different people',
    file: 'spc.pdf',
    pages: [
      `REQUEST FOR SPECIAL PHYSICS CONSULTATION
Date: 02/03/2025
To: physics
I am requesting a special medical physics consultation to evaluate cumulative cord dose from the 2021 course.
Electronically signed by: Anika Falk, MD 02/03/2025 10:04`,
      `SPECIAL PHYSICS CONSULTATION REPORT
Date: 02/06/2025
Methods: prior plan was reconstructed. Findings: EQD2 composite cord 46.2 Gy.
K. Lindqvist, PhD, DABR    02/06/2025
Reviewed and approved by Dr. Falk 02/07/2025`,
    ],
    notes: [['special-physics-request', '2025-02-03', 'signed', 'radiation-oncologist', '1-1'], ['special-physics-report', '2025-02-06', 'signed', undefined, '2-2']],
  },
  {
    name: 'an image-only consent, then a letter with no title',
    file: 'scan-0031.pdf',
    pages: [
      null,
      `Reference 5512-88        Member: Roe, Jane
Member ID: XK 9912045
Notice of authorization
Service: 77301, 77338, 77385 x 30
Status: APPROVED    Valid from 03/01/2025 through 06/30/2025`,
    ],
    notes: [['unknown', null, 'absent', null, '1-1'], ['letter', undefined, 'absent', undefined, '2-2']],
  },
  { name: 'an image named by its file', file: 'packet/consent.pdf', pages: [null, null], notes: [['consent', null, 'absent', null, '1-2']] },
  {
    name: 'fax cover, then notes',
    file: 'fax.pdf',
    pages: [
      `FAX COVER SHEET
To: Claims review   From: Lakeshore Radiation Oncology
Number of pages including cover: 14
Documents enclosed:
Consultation note
Simulation note
Treatment summary
CONFIDENTIALITY NOTICE: if you have received this fax in error, call us.`,
      `Simulation Note
Patient: Ines Valdivia  MRN: 7719
Sim date: 04/08/2025
Patient was simulated supine with a wing board.
Approved I. Solheim MD 2025-04-08 10:21`,
      `Gamma knife radiosurgery note
Service date 2025-04-15
Leksell frame placed. Single 1.1 cm left frontal metastasis treated to 20 Gy.
I. Solheim MD 2025-04-15`,
    ],
    notes: [['cover'], ['simulation', '2025-04-08', 'signed', 'radiation-oncologist'], ['srs-management', '2025-04-15', 'signed', 'radiation-oncologist']],
  },
  {
    name: 'dictated but not read',
    file: 'a.pdf',
    pages: [`Follow-up note\n04/30/2025\nReturns for follow up three months after completing radiation. No cough.\nDictated but not read.\nA. Falk, MD`],
    notes: [['followup', '2025-04-30', 'dictated-not-read']],
  },
  {
    name: 'a pathology and a lab page without radiation oncology',
    file: 'outside.pdf',
    pages: [
      `Riverbend Hospital - Department of Pathology
SURGICAL PATHOLOGY REPORT
Accession S25-1182   Collected: 02/01/2025   Received: 02/02/2025
Final diagnosis: adenocarcinoma.
Electronically signed by Petra Novak, MD, Pathologist 02/04/2025`,
      `LABORATORY RESULTS
Collected: 02/20/2025 07:40
Test\tResult\tReference range
WBC\t4.2\t4.0-11.0
Hemoglobin\t12.9\t12-16
Platelets\t180\t150-400`,
    ],
    notes: [['pathology', '2025-02-01', 'signed', 'pathologist'], ['laboratory', '2025-02-20', 'absent']],
  },
  {
    name: 'lab table with no title',
    file: 'p7.pdf',
    pages: [`Collected 02/20/2025\nWBC\t4.2\tK/uL\nHemoglobin\t12.9\tg/dL\nPlatelets\t180\tK/uL\nCreatinine\t0.9\tmg/dL\nSodium\t139\tmmol/L`],
    notes: [['laboratory', '2025-02-20']],
  },
  {
    name: 'vital signs with no title',
    file: 'p8.pdf',
    pages: [`Date\tBP\tPulse\tTemp\tWeight\n04/01\t120/80\t72\t98.4\t160\n04/08\t118/76\t70\t98.2\t158\n04/15\t122/82\t76\t98.6\t157\nPain score 2. Fall risk low.`],
    notes: [['nursing']],
  },
  {
    name: 'charges with no title',
    file: 'p9.pdf',
    pages: [`Date\tCPT\tUnits\tCharge\n05/05/2025\t77385\t1\t$1,200.00\n05/06/2025\t77385\t1\t$1,200.00\n05/06/2025\t77336\t1\t$300.00\nTotal charges\t\t\t$2,700.00`],
    notes: [['billing', null]],
  },
  {
    name: 'a consult told by its contents',
    file: 'scan12.pdf',
    pages: [`Dear Dr. Brandt,\nThank you for referring this pleasant 61-year-old man.\nHPI: He presented with hematuria.\nPast medical history: hypertension. Social history: retired.\nPhysical exam: normal.\nI recommend radiation therapy.\nSincerely,\nAnika Falk, MD`],
    notes: [['consult', undefined, 'unsigned']],
  },
  {
    name: 'another patient in the middle',
    file: 'mix.pdf',
    pages: [
      `^H Patient: PRUITT, Oswin  DOB: 07/09/1949  MRN: 812204
Treatment Summary
Date: 03/25/2025
Completed 7920 cGy in 44 fractions.`,
      `^H Patient: VANTERPOOL, Sadie  DOB: 12/30/1961  MRN: 991133
Skin clean and dry. Weight 140 lb. Pain score 3. Fall risk low.`,
    ],
    notes: [['completion', '2025-03-25'], [undefined as unknown as string, undefined, undefined, undefined, '2-2']],
  },
  {
    name: 'OCR slips in titles',
    file: 'ocr.pdf',
    pages: [`RADIATI0N 0NC0LOGY C0NSULTATI0N\nDate of Service: O3/14/2O25\nHPI: 70F with breast cancer.`, `SPEC1AL TREATMENT PR0CEDURE N0TE\n03/28/2025\nTBI 1200 cGy in 6 fractions BID.`],
    notes: [['consult', '2025-03-14'], ['special-treatment-note', '2025-03-28']],
  },
  {
    name: 'weekly visits, one page each, same title',
    file: 'otv.pdf',
    pages: [1, 2, 3].map((w) => `On-Treatment Visit\nPatient: Imre Halloway   MRN 20931\nDate: 05/0${w * 2}/2025\nWeek ${w}. Tolerating well. Continue RT.\nElectronically signed by Anika Falk, MD 05/0${w * 2}/2025 11:02`),
    notes: [['on-treatment-visit', '2025-05-02', 'signed'], ['on-treatment-visit', '2025-05-04', 'signed'], ['on-treatment-visit', '2025-05-06', 'signed']],
  },
  {
    name: 'one sheet of weekly visits',
    file: 'otvs.pdf',
    pages: [`Weekly status check\nPt: Imre Halloway\n05/02/2025 Fx 4. Mild fatigue. Continue. LK\n05/09/2025 Fx 9. Grade 1 erythema. Continue. LK\n05/16/2025 Fx 14. Stable. Continue. LK`],
    notes: [['on-treatment-visit', null, 'unsigned']],
  },
  {
    name: 'plan report with approval in the header table',
    file: 'plan.pdf',
    pages: [
      `^H Eclipse Treatment Plan Report    Page 1 of 3
Patient Name\tTHORNQUIST, MARIBEL\tMRN\t123456
Course ID\tC1\tPlan ID\tPanc_SBRT
Plan Status\tTreatment Approved\tRenn, Tobias (DO)\t5/9/2025 3:20:11 PM
Field\tGantry\tMU
1\t181-179\t840`,
      `^H Eclipse Treatment Plan Report    Page 2 of 3
Structure\tDmax\tD95
PTV\t27.1\t25.0`,
      `^H Eclipse Treatment Plan Report    Page 3 of 3
Dose distribution
Axial view`,
    ],
    notes: [['plan-report', '2025-05-09', 'signed', 'radiation-oncologist', '1-3']],
  },
  {
    name: 'an unapproved plan',
    file: 'plan2.pdf',
    pages: [`Treatment Plan Report\nPlan Status: UNAPPROVED\nPlan ID: HN_VMAT\nField 1 gantry 181-179 MU 412`],
    notes: [['plan-report', null, 'pending']],
  },
  {
    name: 'neurosurgery note is not of a radiation oncologist',
    file: 'ns.pdf',
    pages: [`Department of Neurosurgery\nConsultation Note\nDate: 02/10/2025\n64F with a left frontal metastasis. Candidate for radiosurgery.\nElectronically signed by Caleb Onyango, MD 02/10/2025 16:40`],
    notes: [['consult', '2025-02-10', 'signed', 'physician']],
  },
  {
    name: 'in vivo dosimetry',
    file: 'ivd.pdf',
    pages: [`OSLD/nanoDot Report\nPatient: Ines Valdivia\nMeasured 04/21/2025 at 10:46, fraction 1\nExpected 180 cGy  Measured 178.6 cGy\nMeasured by: K. Lindqvist, MS, DABR\nElectronically signed: K. Lindqvist, MS, DABR 04/22/2025\nScanned 04/30/2025`],
    notes: [['in-vivo-dosimetry', '2025-04-21', 'signed', 'physicist']],
  },
  {
    name: 'resident signed, attending awaited',
    file: 'res.pdf',
    pages: [`Radiation Oncology Consultation\nDate: 02/12/2025\nHPI: as above.\nSigned by: Lee Park, MD (resident) 02/12/2025 15:02\nAwaiting cosignature by Anika Falk, MD`],
    notes: [['consult', '2025-02-12', 'pending']],
  },
  {
    name: 'letterspaced and boxed titles with rules',
    file: 'rules.txt',
    pages: [
      `==================================================
            C O N S U L T A T I O N   N O T E
==================================================
DATE: 11/04/2024
HPI: 58M with rectal cancer.
ELECTRONICALLY SIGNED BY: RUTH ABARA, M.D.   11/04/2024 13:15

--------------------------------------------------
            CT SIMULATION
--------------------------------------------------
DATE: 11/11/2024
Prone on belly board.
ELECTRONICALLY SIGNED BY: RUTH ABARA, M.D.   11/11/2024 13:15

--------------------------------------------------
            WEEKLY PHYSICS CHECK
--------------------------------------------------
11/20/2024  Fx 3  MU ok, shifts ok   K. LIN PHD
11/27/2024  Fx 8  MU ok, shifts ok   K. LIN PHD`,
    ],
    notes: [['consult', '2024-11-04', 'signed', 'radiation-oncologist'], ['simulation', '2024-11-11', 'signed'], ['weekly-physics', null]],
  },
  {
    name: 'page counters restart',
    file: 'merged.pdf',
    pages: [
      `Nursing Assessment\nDate: 03/01/2025\nPain scale 2. Fall risk low.\nPat Doyle, RN 03/01/2025\n^F Page 1 of 1`,
      `Consent for Radiation Therapy\nI hereby consent to treatment. Risks include fatigue.\nPatient signature: ______________\n^F Page 1 of 2`,
      `Witness signature: ______________   Date: ______\n^F Page 2 of 2`,
      `MRI BRAIN WITH AND WITHOUT CONTRAST\nExam date: 02/25/2025\nComparison: 01/02/2024\nFindings: 9 mm enhancing lesion.\nImpression: metastasis.\nElectronically signed by Olga Reyes, MD 02/25/2025\n^F Page 1 of 1`,
    ],
    notes: [['nursing', '2025-03-01', 'signed', 'nurse', '1-1'], ['consent', undefined, 'unsigned', undefined, '2-3'], ['radiology', '2025-02-25', 'signed', undefined, '4-4']],
  },
  {
    name: 'privacy notice and registration without titles of ours',
    file: 'front.pdf',
    pages: [
      `This notice describes how your protected health information may be used.\nNotice of privacy practices\nYou have rights regarding your protected health information.`,
      `Name: ________  Date: ________\nEmergency contact: ________ Relationship: spouse\nMarital status: M   Employer: Acme\nPrimary insurance: ________ Subscriber: ________`,
    ],
    notes: [['registration', null]],
  },
  {
    name: 'SBRT management notes of two days on one page',
    file: 'sb.pdf',
    pages: [
      `SBRT Treatment Management Note   05/05/2025
Fraction 1/5. CBCT reviewed by me; shifts under 2 mm. Tolerated well.
Electronically signed by Tobias Renn, DO 05/05/2025 09:40

SBRT Treatment Management Note   05/07/2025
Fraction 2/5. CBCT reviewed by me; shifts under 2 mm. Tolerated well.
Electronically signed by Tobias Renn, DO 05/07/2025 09:44`,
    ],
    notes: [['sbrt-management', '2025-05-05', 'signed'], ['sbrt-management', '2025-05-07', 'signed']],
  },
  {
    name: 'consult with the date of printing only in the footer',
    file: 'pr.pdf',
    pages: [`INITIAL CONSULT\nDOB 03/04/1951\nPatient with breast cancer. I recommend whole breast RT.\nElectronically signed by Anika Falk, MD 06/02/2025 17:30\n^F Printed 07/01/2025 09:00`],
    notes: [['consult', '2025-06-02', 'signed']],
  },
  {
    name: 'MOSAIQ prescription',
    file: 'mq.pdf',
    pages: [`MOSAIQ Radiation Prescription\nDOE, JANE  MRN 55120\nSite Setup: LUL\nRx: 5000 cGy  Fx 5  Approve 3/10/25 JR\nTechnique SBRT`],
    notes: [['prescription', undefined, 'signed']],
  },
  {
    name: 'brachytherapy with an empty physician line and a signed physicist line',
    file: 'hdr.pdf',
    pages: [`HDR Treatment Note\nTreatment date: 02/18/2025\nVaginal cylinder 3.0 cm, Ir-192, 700 cGy at 5 mm.\nPhysicist: K. Lindqvist, PhD  /s/ K. Lindqvist 02/18/2025\nPhysician signature: ______________________ Date: _______`],
    notes: [['brachytherapy-procedure', '2025-02-18', 'unsigned']],
  },
  {
    name: 'electronic brachytherapy record of a fraction',
    file: 'ebx.pdf',
    pages: [`Xoft treatment record\nFx 3/8   Treatment date 03/14/2025\n50 kVp, 30 mm applicator, 1 mm lead shield. Treatment time 294 s.\nInit: rp`],
    notes: [['electronic-brachytherapy-record', '2025-03-14', 'unsigned']],
  },
  {
    name: 'tumor board, fusion, devices, mu check: one page each, titles only',
    file: 'four.pdf',
    pages: [
      'THORACIC TUMOR BOARD NOTE\n01/30/2025\nConsensus: SBRT.', 'Image Fusion Report\nDate: 02/14/2025\nMRI T1c fused to the planning CT, error 1.2 mm.\nApproved by A. Falk MD 02/14/2025',
      'Treatment Device Note 77334\nDate: 02/15/2025\nCustom Vac-Lok made.', 'RadCalc Report\nDate: 02/17/2025\nDifference 0.8%\nK. Lindqvist PhD 02/17/2025',
    ],
    notes: [['tumor-board', '2025-01-30'], ['fusion', '2025-02-14', 'signed'], ['devices', '2025-02-15'], ['dose-calculation', '2025-02-17', 'signed', 'physicist']],
  },
  {
    name: 'image page between numbered pages belongs to the report',
    file: 'n.pdf',
    pages: ['Treatment Plan Report\nPlan ID: A\nPage 1 of 3', null, 'Page 3 of 3\nStructure table: PTV D95 50 Gy'],
    notes: [['plan-report', null, undefined, undefined, '1-3']],
  },
  {
    name: 'proton and superficial logs',
    file: 'logs.pdf',
    pages: [
      'PROTON TREATMENT RECORD\nFx\tDate\tGyRBE\tField\tBy\n4\t04/01/2025\t1.8\tLPO\tJM\n5\t04/02/2025\t1.8\tLPO\tJM',
      'IG-SRT Fractionation Log\nFx\tDate\tkV\tDose\tInit\n1\t02/03/2025\t70\t265\tSG\n2\t02/05/2025\t70\t265\tSG',
    ],
    notes: [['proton-record', null], ['superficial-record', null]],
  },
  {
    name: 'education sheet and machine QA',
    file: 'misc.pdf',
    pages: ['What to expect during radiation\nYou may feel tired. Call your doctor if you have a fever.', 'MONTHLY QA - LINAC 2\n05/01/2025\nOutput 1.004, flatness ok, symmetry ok.\nK. Lindqvist PhD, DABR 05/01/2025'],
    notes: [['education', null], ['physics-misc', '2025-05-01', 'signed', 'physicist']],
  },
  {
    name: 'rows of fractions with no title, by file name only where contents are silent',
    file: 'daily_log.pdf',
    pages: ['#\tDate\tcGy\tMU\tInit\n1\t05/05/2025\t200\t212\tAB\n2\t05/06/2025\t200\t212\tAB\n3\t05/07/2025\t200\t212\tAB'],
    notes: [['treatment-record', null]],
  },
  {
    name: 'planning directive with constraints, signed stamp only',
    file: 'dir.pdf',
    pages: ["Physician's intent\nDate: 02/01/2025\nPTV70: V100% 95%. Cord max 45 Gy.\nPhysician: Signature on file"],
    notes: [['planning-note', '2025-02-01', 'unsigned']],
  },
]
