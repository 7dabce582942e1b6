// A file as read. May not: know what a note, a dictionary or a policy is; change after reading.
import type { Span } from '../base/span.ts'
import type { Problem } from '../base/problem.ts'

/** Words of a document in text order, as columns: word `i` is `text.slice(start[i], end[i])`. */
export interface WordTable {
  readonly start: Uint32Array
  readonly end: Uint32Array
  /** Four numbers a word: left, top, right, bottom, in PDF points from the page's top-left corner as displayed, y downwards. */
  readonly box: Float32Array
  /** How sure the recogniser was of each word, in per cent; 100 for words of a text layer. Absent where nothing was read by OCR. */
  readonly sure?: Uint8Array
}

export interface Page extends Span {
  /** 1-based within the file. */
  readonly page: number
  /** As displayed (after rotation), in points; 0 where the format has no pages. */
  readonly width: number
  readonly height: number
  readonly text: 'native' | 'ocr' | 'none'
  /** 0 to 1: 1 for a clean text layer, the mean word confidence for OCR, 0 for `none`. */
  readonly legibility: number
  /** Quarter turns clockwise in which its text stands, where it does not stand upright. */
  readonly turn?: 1 | 2 | 3
  /** Ink or a picture where somebody would sign, that is no text, in points as displayed: a mark is there, and nobody read it. */
  readonly marks?: readonly { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }[]
  /** Page label printed by the file itself (`iv`, `A-3`), where it has one. */
  readonly label?: string
  /** Why a page has no usable text, or was read a second way. */
  readonly reason?: 'image-only' | 'garbled' | 'reader-failed' | 'blank' | 'second-reader'
}

/**
 * A part of the text with a role. `header` and `footer` repeat at the page's edge and carry identity and signatures.
 * Deleted, hidden and off-page text is never in `text` at all.
 */
export interface Region extends Span {
  readonly kind: 'header' | 'footer' | 'heading' | 'table-row' | 'footnote' | 'text-box' | 'form-field' | 'annotation' | 'comment' | 'attachment'
  /** For `table-row`: which table of the document (0-based) and which row of it (0-based). */
  readonly table?: number
  readonly row?: number
}

export interface Document {
  /** Path as cited: relative to the records argument, `/` between parts; `packet.zip/inner.pdf` inside an archive. */
  readonly file: string
  readonly sha256: string
  readonly kind: 'pdf' | 'docx' | 'rtf' | 'html' | 'xml' | 'fhir' | 'mail' | 'text' | 'image'
  /** Reading order. `\t` stands between cells of a table row, `\n` ends a row or a printed line or a paragraph, `\f` ends a page (also the last). */
  readonly text: string
  readonly pages: readonly Page[]
  readonly words: WordTable
  /** Sorted by start. */
  readonly regions: readonly Region[]
  readonly problems: readonly Problem[]
  /** Bookmarks with their 1-based page, where the file has an outline. */
  readonly outline?: readonly { readonly title: string; readonly page: number }[]
  /** Title, producer, created and so on, as the file itself says. */
  readonly properties?: Readonly<Record<string, string>>
}

/** Points from the page's top-left corner, y downwards. */
export interface Box {
  readonly page: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Where a span stands: its first page, one box a row (none where the format has no pages), and the exact words. */
export interface Place {
  readonly page: number
  readonly boxes: readonly Box[]
  /** `text.slice(start, end)` with white space collapsed. */
  readonly quote: string
}
