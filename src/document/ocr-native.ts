// Speaks to a Tesseract installed on this machine: an image through a pipe → lines of words. May not: write files, start anything else, ask the network.
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Arrangement, FoundLine, FoundWord, Recogniser } from './ocr-engine.ts'

export interface NativeOcr {
  readonly path: string
  /** `5.3.0`. */
  readonly version: string
}

const LEAST_VERSION = 4
const PATIENCE = 90_000
const MOST_OUTPUT = 64 << 20
const MODES: Readonly<Record<Arrangement, number>> = { column: 4, block: 6, sparse: 11 }

let found: NativeOcr | null | undefined

/** The first on the path that runs and knows English; looked for once. */
export function findNativeOcr(): NativeOcr | null {
  if (found !== undefined) return found
  found = null
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? 'tesseract.exe' : 'tesseract')
    try {
      accessSync(path, constants.X_OK)
    } catch {
      continue
    }
    const ask = (argument: string): string => {
      const { stdout, stderr, status } = spawnSync(path, [argument], { timeout: 5000, encoding: 'utf8', maxBuffer: 1 << 20, stdio: ['ignore', 'pipe', 'pipe'] })
      return status === 0 ? `${stdout}\n${stderr}` : ''
    }
    const version = /tesseract v?((\d+)\.[\w.]+)/.exec(ask('--version'))
    if (version === null || Number(version[2]) < LEAST_VERSION || !/^eng$/m.test(ask('--list-langs'))) continue
    found = { path, version: version[1] as string }
    break
  }
  return found
}

export function nativeRecogniser(path: string): Recogniser {
  return {
    read: (image, dpi, arrangement) => new Promise((resolve, reject) => {
      const child = spawn(path, ['stdin', 'stdout', '-l', 'eng', '--oem', '1', '--psm', String(MODES[arrangement]), '--dpi', String(Math.round(dpi)), '-c', 'tessedit_do_invert=0', '-c', 'tessedit_enable_doc_dict=0', 'hocr'], {
        // More threads than processors make it slower.
        stdio: ['pipe', 'pipe', 'ignore'], env: { OMP_THREAD_LIMIT: '1', TZ: 'UTC' }, timeout: PATIENCE, killSignal: 'SIGKILL',
      })
      const parts: Buffer[] = []
      let length = 0
      child.stdout.on('data', (part: Buffer) => {
        length += part.length
        if (length > MOST_OUTPUT) child.kill('SIGKILL')
        else parts.push(part)
      })
      child.on('error', reject)
      child.stdin.on('error', () => undefined) // it may end before it has read all
      child.on('close', (code) => {
        if (code === 0) resolve(linesOfHocr(Buffer.concat(parts).toString('utf8')))
        else reject(new Error('the recogniser failed'))
      })
      child.stdin.write(Buffer.from(`P5\n${image.width} ${image.height}\n255\n`, 'latin1'))
      child.stdin.end(image.pixels)
    }),
  }
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

/** Lines and words of hOCR, as Tesseract writes it. */
export function linesOfHocr(hocr: string): readonly FoundLine[] {
  const lines: { words: FoundWord[]; height: number; baseline: FoundLine['baseline'] }[] = []
  // One tag after the other; `title` holds what is known of a line or word.
  for (const tag of hocr.matchAll(/<span class='(ocr\w{1,20})'[^>]{0,200}title=["']([^"'>]{0,300})["'][^>]{0,200}>([^<]{0,400})/g)) {
    const [, kind, title = '', text = ''] = tag
    const numbers = (name: string): number[] => (new RegExp(`(?:^|;) ?${name} ([-\\d. ]{1,60})`).exec(title)?.[1] ?? '').trim().split(' ').map(Number)
    const [left = 0, top = 0, right = 0, bottom = 0] = numbers('bbox')
    if (kind === 'ocrx_word') {
      const plain = text.replace(/&(#?\w{1,6});/g, (whole, name: string) => ENTITIES[name] ?? whole).trim()
      if (plain !== '') lines[lines.length - 1]?.words.push({ text: plain, confidence: numbers('x_wconf')[0] ?? 0, left, top, right, bottom })
    } else {
      const [slope = 0, offset = 0] = numbers('baseline')
      const y = bottom + offset
      lines.push({ words: [], height: numbers('x_size')[0] ?? bottom - top, baseline: { x0: left, y0: y, x1: right, y1: y + slope * (right - left) } })
    }
  }
  return lines.filter((line) => line.words.length > 0)
}
