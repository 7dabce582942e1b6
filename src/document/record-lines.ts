// Names, dates and fields of structured records as lines of text. May not: know a format.
import type { Block, Paragraph } from './docx-story.ts'

export const heading = (text: string): Paragraph => ({ kind: 'paragraph', text, look: 'style', boxes: [] })
export const line = (text: string): Paragraph => ({ kind: 'paragraph', text, look: 'plain', boxes: [] })

/** `Label: value`, nothing where there is no value. */
export const field = (label: string, value: string | undefined): readonly Block[] => (value === undefined || value.trim() === '' ? [] : [line(`${label}: ${value.trim()}`)])

/** A table; empty rows and columns without any value are left out. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[]): readonly Block[] {
  const filled = rows.filter((row) => row.some((cell) => cell !== ''))
  if (filled.length === 0) return []
  const kept = header.map((_, column) => filled.some((row) => (row[column] ?? '') !== ''))
  const cells = (row: readonly string[]): readonly (readonly Block[])[] => header.flatMap((_, column) => (kept[column] === true ? [[line(row[column] ?? '')]] : []))
  return [{ kind: 'table', rows: [header, ...filled].map((row, index) => ({ index, cells: cells(row) })) }]
}

/** `20250304101500-0500` as `2025-03-04 10:15`; undefined for what is no date. */
export function hl7Time(value: string | undefined): string | undefined {
  const found = /^(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2}))?/.exec(value ?? '')
  if (found === null) return undefined
  const [, year, month, day, hour, minute] = found
  if (month === undefined) return year
  if (day === undefined) return `${year}-${month}`
  return hour === undefined || (hour === '00' && minute === '00') ? `${year}-${month}-${day}` : `${year}-${month}-${day} ${hour}:${minute}`
}

/** `2025-03-04T10:15:00Z` as `2025-03-04 10:15`. */
export function isoTime(value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const found = /^(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T(\d{2}:\d{2}))?/.exec(value)
  return found === null ? undefined : found[2] === undefined ? found[1] : `${found[1]} ${found[2]}`
}

/** `radiotherapy-dose-delivered-to-volume`, `totalDoseDelivered` as words with a capital. */
export function asWords(name: string): string {
  const words = name.replace(/^(?:mcode|codexrt|us-core)-/, '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[-_]+/g, ' ').toLowerCase().trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
