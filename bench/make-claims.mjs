// Invented 837 files for tests and the bench: like those of a clearing house, with subscribers and dependents, providers, other payers and adjudicated lines. May not: name anyone real; differ between two runs with the same seed.

/** mulberry32 */
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const LAST = ['ALDER', 'BRISTOW', 'CAVENDER', 'DUNMORE', 'ELLERY', 'FARROW', 'GANTRY', 'HOLLIS', 'IVERSEN', 'JESSUP']
const FIRST = ['ADA', 'BERIT', 'CLEM', 'DARYA', 'EWAN', 'FERN', 'GUS', 'HANA']
const CODES = ['77263', '77290', '77301', '77338', '77300', '77334', '77385', '77427', '77336', '77370', '77470', '77373', '77435', '77331', 'G6002', '77014']
const DIAGNOSES = ['C50412', 'C61', 'C3411', 'C7951', 'C770', 'Z510', 'D320', 'C44319', 'C3490']
const PLACES = ['11', '19', '22', '24']

const two = (n) => String(n).padStart(2, '0')
const money = (cents) => (cents % 100 === 0 ? `${cents / 100}` : (cents / 100).toFixed(2).replace(/0$/, ''))

/**
 * @param {{ claims: number, seed?: number, form?: 'professional' | 'institutional', perSet?: number, element?: string, component?: string, segment?: string, after?: string }} options
 * @returns {Generator<string>} the file in pieces of a claim each
 */
export function* make837({ claims, seed = 1, form = 'professional', perSet = 500, element: e = '*', component: c = ':', segment: t = '~', after = '\n' }) {
  const next = random(seed)
  const pick = (list) => list[Math.floor(next() * list.length)]
  const version = form === 'professional' ? '005010X222A1' : '005010X223A2'
  let inSet = 0
  const line = (...parts) => {
    inSet++
    while (parts[parts.length - 1] === '') parts.pop()
    return parts.join(e) + t + after
  }
  const head = `${['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), 'ZZ', 'CLEARINGHOUSE  ', 'ZZ', 'PAYER          ', '250601', '0830', '^', '00501', '000000042', '0', 'T', c].join(e)}${t}${after}`
  yield head + line('GS', 'HC', 'CLEARINGHOUSE', 'PAYER', '20250601', '0830', '42', 'X', version)
  let sets = 0
  for (let done = 0; done < claims; ) {
    inSet = 0
    sets++
    const control = String(sets).padStart(4, '0')
    let out = line('ST', '837', control, version) + line('BHT', '0019', '00', `B${sets}`, '20250601', '0830', 'CH')
    out += line('NM1', '41', '2', 'CLEARINGHOUSE', '', '', '', '', '46', 'CH1') + line('PER', 'IC', 'SUPPORT DESK', 'TE', '5550100') + line('NM1', '40', '2', 'PRIORITY HEALTH', '', '', '', '', '46', 'PH1')
    let level = 1
    const billing = level
    out += line('HL', `${level}`, '', '20', '1') + line('PRV', 'BI', 'PXC', '2085R0001X') + line('NM1', '85', '2', 'LAKESIDE RADIATION ONCOLOGY', '', '', '', '', 'XX', '1999999984')
    out += line('N3', '1 HARBOR WAY') + line('N4', 'GRANDVILLE', 'MI', '49418') + line('REF', 'EI', '380000001')
    yield out
    for (let n = 0; n < perSet && done < claims; n++, done++) {
      yield aClaim(done + 1)
    }
    inSet++
    yield `${['SE', inSet, control].join(e)}${t}${after}`

    function aClaim(number) {
      const dependent = next() < 0.2
      const holder = ++level
      let text = line('HL', `${holder}`, `${billing}`, '22', dependent ? '1' : '0') + line('SBR', 'P', dependent ? '' : '18', 'GRP1', '', '', '', '', '', 'CI')
      text += line('NM1', 'IL', '1', pick(LAST), pick(FIRST), next() < 0.3 ? 'Q' : '', '', '', 'MI', `M${100000 + number}`) + line('N3', '2 ELM ST') + line('N4', 'ADA', 'MI', '49301')
      text += line('DMG', 'D8', `19${40 + Math.floor(next() * 50)}${two(1 + Math.floor(next() * 12))}${two(1 + Math.floor(next() * 28))}`, pick(['F', 'M'])) + line('NM1', 'PR', '2', 'PRIORITY HEALTH', '', '', '', '', 'PI', 'PH1')
      if (dependent) text += line('HL', `${++level}`, `${holder}`, '23', '0') + line('PAT', '19') + line('NM1', 'QC', '1', pick(LAST), pick(FIRST)) + line('DMG', 'D8', '20010203', pick(['F', 'M']))
      const count = 1 + Math.floor(next() * 8)
      const charges = Array.from({ length: count }, () => 1000 + Math.floor(next() * 900000))
      const month = 1 + Math.floor(next() * 12)
      const place = pick(PLACES)
      const total = money(charges.reduce((a, b) => a + b, 0))
      const diagnoses = [...new Set([pick(DIAGNOSES), pick(DIAGNOSES), pick(DIAGNOSES)])]
      const professional = form === 'professional'
      text += line('CLM', `PCN-${number}`, total, '', '', professional ? `${place}${c}B${c}1` : `13${c}A${c}1`, 'Y', 'A', 'Y', 'Y')
      if (!professional) text += line('DTP', '434', 'RD8', `2025${two(month)}01-2025${two(month)}28`) + line('CL1', '3', '', '01')
      if (next() < 0.5) text += line('REF', 'G1', `AUTH${number}`)
      text += line('REF', 'EA', `MRN${number % 997}`) + line('NTE', 'ADD', 'COURSE ONE, LEFT SIDE')
      if (professional) text += line('HI', ...diagnoses.map((d, i) => `${i === 0 ? 'ABK' : 'ABF'}${c}${d}`))
      else text += line('HI', `ABK${c}${diagnoses[0]}`) + line('HI', `PR${c}R69`) + (diagnoses.length > 1 ? line('HI', ...diagnoses.slice(1).map((d) => `ABF${c}${d}`)) : '')
      text += line('NM1', professional ? '82' : '71', '1', pick(LAST), pick(FIRST), '', '', '', 'XX', '1888888885') + line('PRV', 'PE', 'PXC', '2085R0001X')
      const other = next() < 0.25
      if (other) text += line('SBR', 'S', '18', 'GRP2', '', '', '', '', '', 'MB') + line('CAS', 'PR', '2', '12.5') + line('AMT', 'D', '40') + line('OI', '', '', 'Y', '', '', 'Y') + line('NM1', 'IL', '1', 'OTHER', 'HOLDER') + line('NM1', 'PR', '2', 'SECOND PAYER', '', '', '', '', 'PI', 'SP1')
      charges.forEach((cents, i) => {
        const code = pick(CODES)
        const modifiers = next() < 0.3 ? `${c}${pick(['26', 'TC', '59'])}${next() < 0.3 ? `${c}XU` : ''}` : ''
        const pointers = diagnoses.map((_, d) => d + 1).slice(0, 1 + Math.floor(next() * diagnoses.length)).join(c)
        const units = 1 + Math.floor(next() * 3)
        text += line('LX', `${i + 1}`)
        text += professional ? line('SV1', `HC${c}${code}${modifiers}`, money(cents), 'UN', `${units}`, next() < 0.2 ? '22' : '', '', pointers) : line('SV2', '0333', `HC${c}${code}${modifiers}`, money(cents), 'UN', `${units}`)
        const day = 1 + Math.floor(next() * 20)
        text += next() < 0.2 ? line('DTP', '472', 'RD8', `2025${two(month)}${two(day)}-2025${two(month)}${two(day + 4)}`) : line('DTP', '472', 'D8', `2025${two(month)}${two(day)}`)
        text += line('REF', '6R', `L${number}-${i + 1}`)
        if (other) text += line('SVD', 'SP1', '10', `HC${c}${code}`, '', `${units}`) + line('CAS', 'CO', '45', '3.25', '1', '97', '2') + line('DTP', '573', 'D8', '20250530')
      })
      return text
    }
  }
  yield `${['GE', sets, '42'].join(e)}${t}${after}${['IEA', 1, '000000042'].join(e)}${t}${after}`
}
