// The filled fields of a PDF form by name, read in a child process like every PDF. May not: know which form it is.
import { readerPool } from './reader-pool.ts'

export interface NamedField {
  /** In full, as the form calls it: `form1[0].Page1[0].cpt1[0]`. */
  readonly name: string
  readonly value: string
}

export type FieldsFault = 'encrypted' | 'damaged' | 'timed-out' | 'out-of-memory' | 'failed'

const MOST_PAGES = 50
const PATIENCE = { first: 20_000, next: 10_000 }

export async function readFormFields(bytes: Uint8Array): Promise<readonly NamedField[] | { readonly fault: FieldsFault }> {
  const fields: NamedField[] = []
  let fault: FieldsFault | null = null
  const end = await readerPool(1).run({
    job: { kind: 'second', source: { bytes }, pages: null, want: 'fields', most: MOST_PAGES }, weight: 1, patience: PATIENCE,
    hear: (message) => {
      if (message.kind === 'fields') fields.push(...message.fields)
      else if (message.kind === 'fault') fault = message.fault
    },
  })
  return fault !== null ? { fault } : end !== 'done' ? { fault: end } : fields
}
