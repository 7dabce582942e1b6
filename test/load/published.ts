// Short files laid out as CMS and NCHS publish theirs; labels are invented. May not: hold a descriptor of the code set's owner.

const row = (...cells: string[]): string => cells.join('\t')

/** Tab-separated edits: two lines of notice, headings, seven columns. */
export const PTP_TEXT = [
  'Codes only. Notice of the owner of the code set, all rights reserved.', '',
  row('Column 1', 'Column 2', '*=In existence prior to 1996', 'Effective Date', 'Deletion Date *=no data', 'Modifier 0=not allowed 1=allowed 9=not applicable', 'PTP Edit Rationale'),
  row('77301', '77370', '', '20080101', '*', '0', 'Misuse of Column Two code with Column One code'),
  row('77427', '77431', '', '20100101', '20260930', '1', 'Standards of medical/surgical practice'),
  row('77427', '77432', '', '20261001', '*', '1', 'More extensive procedure'),
  row('77300', '77331', '', '20150101', '20150101', '9', 'Never in force'),
  row('99213', '77427', '', '20200101', '*', '1', 'Of a code that is not kept'),
  row('0394T', '77300', '', '20160101', '*', '0', 'CPT Manual or CMS manual coding instruction'),
].join('\r\n')

/** The same sheet as a workbook: headings over four rows, codes as numbers. */
export const PTP_SHEET: (string | number | null)[][] = [
  ['Notice of the owner of the code set, all rights reserved.', null, null, null, null, null, null],
  ['Column1/Column2 Edits', null, null, null, null, null, null],
  ['Column 1', 'Column 2', '*=in existence prior to 1996', 'Effective Date', 'Deletion Date', 'Modifier', 'PTP Edit Rationale'],
  [null, null, null, null, null, '0=not allowed', null], [null, null, null, null, '*=no data', '1=allowed', null], [null, null, null, null, null, '9=not applicable', null],
  [77301, '77470', null, 20240101, '*', 0, 'Mutually exclusive procedures'],
  [77334, '77332', null, 20240701, '*', 1, 'More extensive procedure'],
]

export const MUE_CSV = [
  '"Codes only. Notice of the owner of the code set,\nall rights reserved.",,,', '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale',
  '77300,12,3 Date of Service Edit: Clinical,Clinical: Data', '77427,1,2 Date of Service Edit: Policy,Code Descriptor / CPT Instruction', '36415,2,3 Date of Service Edit: Clinical,Of a code that is not kept', '77334,ten,3 Date of Service Edit: Clinical,Clinical: Data',
].join('\n')

export const MUE_SHEET: (string | number | null)[][] = [
  ['Notice. Effective 10-01-2026', null, null, null], ['HCPCS/CPT Code', 'Outpatient Hospital Services MUE Values', 'MUE Adjudication Indicator', 'MUE Rationale'], [77300, 11, '3 Date of Service Edit: Clinical', 'Clinical: Data'], ['G6015', 2, '1 Line Edit', 'Clinical: Data'],
]

const order = (n: number, code: string, billable: 0 | 1, short: string, long: string): string => `${String(n).padStart(5, '0')} ${code.padEnd(7)} ${billable} ${short.padEnd(60)} ${long}`

export const ORDER_FILE = [
  order(1, 'A00', 0, 'Cholera', 'Cholera'), order(2, 'A000', 1, 'Cholera, one kind', 'Cholera of one kind'), order(900, 'C34', 0, 'Lung', 'Malignant neoplasm of bronchus and lung'),
  order(901, 'C341', 0, 'Upper lobe', 'Malignant neoplasm of upper lobe, bronchus or lung'), order(902, 'C3410', 1, 'Upper lobe, unspecified', 'Malignant neoplasm of upper lobe, unspecified bronchus or lung'),
  order(903, 'C3411', 1, 'Upper lobe, right', 'Malignant neoplasm of upper lobe, right bronchus or lung'), order(904, 'C7951', 1, 'Bone', 'Secondary malignant neoplasm of bone'),
].join('\r\n')

export const ORDER_ADDENDA = [
  `Add:         ${order(905, 'C50A0', 1, 'Inflammatory breast', 'Malignant inflammatory neoplasm of unspecified breast')}`, `Delete:      ${order(2, 'A000', 1, 'Cholera, one kind', 'Cholera of one kind')}`,
  `Revise from: ${order(904, 'C7951', 1, 'Bone', 'Secondary malignant neoplasm of bone')}`, `Revise to:   ${order(904, 'C7951', 1, 'Bone', 'Secondary malignant neoplasm of bone, as revised')}`, 'No Change:   nothing else',
].join('\n')

/** Headings stacked over several rows, notices above, descriptors in the third column. */
export const RELATIVE_VALUES = [
  '2026 National Physician Fee Schedule Relative Value File October Release,,,,,,,', 'Notice of the owner of the code set,,,,,,,', 'RELEASED 09/10/2026,,,,,,,', ',,,,NOT USED FOR,,PCTC,GLOB', ',,,STATUS,MEDICARE,WORK,,', 'HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,IND,DAYS',
  '77300,,LABEL OF ANOTHER,A,,0.62,1,XXX', '77300,26,LABEL OF ANOTHER,A,,0.62,1,XXX', '77336,,LABEL OF ANOTHER,A,,0.00,3,XXX', '99213,,LABEL OF ANOTHER,A,,1.30,0,XXX', '77427,,LABEL OF ANOTHER,A,,3.37,?,XXX', 'End of file,,,,,,,',
].join('\r\n')
