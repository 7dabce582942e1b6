// What went wrong with an input, as data. May not: hold patient text; sentences for people are made in src/report.

export type ProblemId =
  | 'encrypted-file' | 'damaged-file' | 'empty-file' | 'foreign-file' | 'file-too-large' | 'reader-timed-out' | 'reader-out-of-memory'
  | 'reader-failed' | 'unread-page' | 'partly-read-page' | 'illegible-page' | 'missing-pages' | 'attachment-skipped' | 'archive-entry-skipped' | 'other-patient' | 'unsupported-format'
  | 'cloned-note' | 'fraction-number' | 'dose-arithmetic' | 'dose-contradiction' | 'dose-not-completed'

export interface Problem {
  readonly id: ProblemId
  readonly severity: 'error' | 'warning'
  /** Path as cited in the output: `packet.zip/inner.pdf`. */
  readonly file: string
  /** 1-based page, where the problem is of one page. */
  readonly page?: number
  /** Numbers, dictionary words and names of files as cited; never text of a record. */
  readonly data?: Readonly<Record<string, string | number>>
}
