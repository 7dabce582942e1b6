// What goes over HTTP of letters. May not: hold behaviour.
import type { LetterKind, LetterSettings } from '../dictionary/letters.ts'
import type { Letter } from '../report/letter.ts'

export interface LetterAnswer {
  readonly kind: LetterKind
  /** The one signed off where it still says what holds, else the draft. */
  readonly letter: Letter
  /** The last sign-off; `current` is false where the case or the settings have changed since. */
  readonly signed: { readonly by: string; readonly at: string; readonly current: boolean } | null
  /** Why it cannot be signed off as it stands, a sentence each. */
  readonly obstacles: readonly string[]
}

export interface SendingAnswer { readonly letters: readonly LetterAnswer[] }
export type { Letter, LetterKind, LetterSettings }
