// Dates as worklists and forms write them → ISO days. May not: guess a day that does not exist.

const iso = (y: number, m: number, d: number): string | null => {
  const day = new Date(Date.UTC(y, m - 1, d))
  day.setUTCFullYear(y)
  return day.getUTCFullYear() === y && day.getUTCMonth() === m - 1 && day.getUTCDate() === d ? day.toISOString().slice(0, 10) : null
}

/** Two digits of a year: births lie in the past, services near the turn of our century. */
export const fullYear = (year: number, pivot: number): number => (year >= 100 ? year : year + (year > pivot ? 1900 : 2000))

/** `2025-05-06`, `05/06/2025`, `5/6/25`, `20250506`, `06-May-2025`, each with or without a time; null for anything else. */
export function anyDate(text: string, pivot = 69): string | null {
  const t = text.trim().replace(/[T ]\d{1,2}:\d{2}.*$/, '')
  let m = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(t) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(t)
  if (m) return iso(Number(m[1]), Number(m[2]), Number(m[3]))
  m = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(t)
  if (m) return iso(fullYear(Number(m[3]), pivot), Number(m[1]), Number(m[2]))
  m = /^(\d{1,2})[- ]([A-Za-z]{3})[a-z]{0,6}[- ,]{1,2}(\d{4}|\d{2})$/.exec(t)
  if (m) return iso(fullYear(Number(m[3]), pivot), MONTHS.indexOf((m[2] as string).toLowerCase()) + 1, Number(m[1]))
  m = /^([A-Za-z]{3})[a-z]{0,6} (\d{1,2}),? (\d{4})$/.exec(t)
  return m ? iso(Number(m[3]), MONTHS.indexOf((m[1] as string).toLowerCase()) + 1, Number(m[2])) : null
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
