// A second reader for PDFs (pdf-parse on pdf.js): text of pages the first cannot read, values of form fields. May not: be loaded in the main process.
import { PDFParse } from 'pdf-parse'
import { composePage, readable } from './pdf-page.ts'
import type { FieldValue, PageResult } from './pdf-page.ts'
import type { NamedField } from './pdf-fields.ts'
import { clean, toFrame } from './pdf-words.ts'
import type { FramedWords, Word } from './pdf-words.ts'

type Six = readonly [number, number, number, number, number, number]

interface Item {
  readonly str?: string
  readonly transform?: Six
  readonly width?: number
  readonly height?: number
  readonly hasEOL?: boolean
}

interface ProxyPage {
  readonly getViewport: (options: { readonly scale: number }) => { readonly width: number; readonly height: number; readonly transform: Six }
  readonly getTextContent: (options: { readonly disableNormalization: boolean }) => Promise<{ readonly items: readonly Item[] }>
  readonly getAnnotations: () => Promise<readonly { readonly fieldName?: string; readonly fieldType?: string; readonly fieldValue?: unknown; readonly rect?: readonly number[]; readonly hidden?: boolean; readonly checkBox?: boolean; readonly radioButton?: boolean; readonly buttonValue?: unknown; readonly exportValue?: unknown }[]>
  readonly cleanup: () => void
}

interface Proxy {
  readonly numPages: number
  readonly getPage: (page: number) => Promise<ProxyPage>
}

export interface SecondReader {
  readonly pages: number
  readonly readPage: (index: number) => Promise<PageResult>
  /** Values of text and choice fields with their place on the displayed page. */
  readonly readValues: (index: number) => Promise<readonly FieldValue[]>
  /** Text, choice and button fields by their full names. */
  readonly readFields: (index: number) => Promise<readonly NamedField[]>
  readonly close: () => Promise<void>
}

export async function openSecondReader(bytes: Uint8Array, password?: string): Promise<SecondReader> {
  const parser = new PDFParse({ data: bytes, ...(password === undefined ? {} : { password }), verbosity: 0, enableXfa: true, isEvalSupported: false, disableFontFace: true, useSystemFonts: false, stopAtErrors: false })
  // The library's own methods give text without positions; the document behind them has both.
  const proxy = await (parser as unknown as { readonly load: () => Promise<Proxy> }).load()
  return {
    pages: proxy.numPages,
    readPage: async (index) => readSecond(await proxy.getPage(index + 1), index),
    readValues: async (index) => readValues(await proxy.getPage(index + 1)),
    readFields: async (index) => readFields(await proxy.getPage(index + 1)),
    close: () => parser.destroy(),
  }
}

async function readSecond(page: ProxyPage, index: number): Promise<PageResult> {
  const view = page.getViewport({ scale: 1 })
  const { items } = await page.getTextContent({ disableNormalization: true })
  page.cleanup()
  const turns = new Map<number, Word[]>()
  const loose: string[] = []
  let order = 0
  for (const item of items) {
    const text = item.str ?? ''
    if (text.trim() === '') continue
    if (item.transform === undefined) {
      loose.push(text)
      continue
    }
    const [a, b, c, d, e, f] = multiply(item.transform, view.transform)
    const turn = (Math.round(Math.atan2(b, a) / (Math.PI / 2)) + 4) & 3
    const em = Math.hypot(c, d)
    const along = Math.hypot(a, b) || 1
    const [ux, uy] = [a / along, b / along]
    const [vx, vy] = [c / (em || 1), d / (em || 1)]
    const step = (item.width ?? 0) / text.length
    for (const match of text.matchAll(/\S+/g)) {
      const word = clean(match[0])
      if (word === '') continue
      const from = match.index * step
      const to = (match.index + match[0].length) * step
      const corners = [[from, -0.25 * em], [to, -0.25 * em], [from, 0.9 * em], [to, 0.9 * em]].map(([x, y]) => [e + ux * (x as number) + vx * (y as number), f + uy * (x as number) + vy * (y as number)] as const)
      const shown = {
        left: Math.min(...corners.map((corner) => corner[0])), right: Math.max(...corners.map((corner) => corner[0])),
        top: Math.min(...corners.map((corner) => corner[1])), bottom: Math.max(...corners.map((corner) => corner[1])),
      }
      const box = toFrame({ turn, width: turn & 1 ? view.height : view.width, height: turn & 1 ? view.width : view.height }, shown)
      if (shown.right < 0 || shown.left > view.width || shown.bottom < 0 || shown.top > view.height || em < 1) continue
      const list = turns.get(turn) ?? []
      turns.set(turn, list)
      list.push({ ...box, text: word, size: 1.15 * em, bold: false, order: order++ })
    }
  }
  const framed: FramedWords[] = [...turns.entries()].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]).map(([turn, words]) => ({
    frame: { turn, width: turn & 1 ? view.height : view.width, height: turn & 1 ? view.width : view.height }, words,
  }))
  const composed = composePage(index, view.width, view.height, framed, [], [], [])
  // Dynamic forms have text without positions.
  const text = composed.text + loose.map((line) => `${line.replace(/\s+/g, ' ').trim()}\n`).join('')
  if (text.length >= 20 && readable(text)) return { ...composed, text, reason: 'second-reader', legibility: 0.9 }
  return { ...composePage(index, view.width, view.height, [], [], [], []), kind: 'none', legibility: 0, reason: 'garbled' }
}

async function readValues(page: ProxyPage): Promise<readonly FieldValue[]> {
  const view = page.getViewport({ scale: 1 })
  const annotations = await page.getAnnotations()
  page.cleanup()
  return annotations.flatMap((annotation) => {
    const { rect, fieldType, fieldValue } = annotation
    if (annotation.hidden === true || rect === undefined || rect.length !== 4 || (fieldType !== 'Tx' && fieldType !== 'Ch')) return []
    const value = (Array.isArray(fieldValue) ? fieldValue : [fieldValue]).filter((each): each is string => typeof each === 'string').join(', ')
    if (value.trim() === '') return []
    const [x0, y0, x1, y1] = rect as [number, number, number, number]
    const [ax, ay] = apply(view.transform, x0, y0)
    const [bx, by] = apply(view.transform, x1, y1)
    return [{ value, left: Math.min(ax, bx), right: Math.max(ax, bx), top: Math.min(ay, by), bottom: Math.max(ay, by) }]
  })
}

async function readFields(page: ProxyPage): Promise<readonly NamedField[]> {
  const annotations = await page.getAnnotations()
  page.cleanup()
  return annotations.flatMap(({ fieldName, fieldType, fieldValue, buttonValue, exportValue }) => {
    if (fieldName === undefined || fieldName === '') return []
    const value = (Array.isArray(fieldValue) ? fieldValue : [fieldValue]).filter((each): each is string => typeof each === 'string').join(', ')
    if (fieldType !== 'Btn') return value === '' ? [] : [{ name: fieldName, value }]
    // Of the buttons of one name the one that is on counts.
    const own = buttonValue ?? exportValue
    return value === '' || value === 'Off' || (typeof own === 'string' && own !== value) ? [] : [{ name: fieldName, value }]
  })
}

const apply = (m: Six, x: number, y: number): readonly [number, number] => [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]]

/** First `inner`, then `outer`. */
const multiply = (inner: Six, outer: Six): Six => [
  inner[0] * outer[0] + inner[1] * outer[2], inner[0] * outer[1] + inner[1] * outer[3],
  inner[2] * outer[0] + inner[3] * outer[2], inner[2] * outer[1] + inner[3] * outer[3],
  inner[4] * outer[0] + inner[5] * outer[2] + outer[4], inner[4] * outer[1] + inner[5] * outer[3] + outer[5],
]
