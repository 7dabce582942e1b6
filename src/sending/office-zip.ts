// A file of Word or Excel with the same bytes whenever and wherever it is made. May not: change what a reader sees.
import { unzipSync, zipSync, type Zippable } from 'fflate'

/** Local time, as ZIP has it: the same fields in every zone. */
export const ZIP_DAY = new Date(1980, 0, 1)
const MOMENT = '1980-01-01T00:00:00Z'

/** Parts in order of name, `[Content_Types].xml` first, all of one day; `change` may rewrite a part of XML. */
export function steadyOffice(bytes: Uint8Array, change: (name: string, xml: string) => string = (_name, xml) => xml): Uint8Array {
  const parts = unzipSync(bytes)
  const names = Object.keys(parts).filter((n) => !n.endsWith('/')).sort((a, b) => Number(b === '[Content_Types].xml') - Number(a === '[Content_Types].xml') || (a < b ? -1 : 1))
  const out: Zippable = {}
  for (const name of names) {
    const part = parts[name] as Uint8Array
    out[name] = [/\.(?:xml|rels|vml)$/.test(name) ? new TextEncoder().encode(undated(change(name, new TextDecoder().decode(part)))) : part, { mtime: ZIP_DAY, level: 6 }]
  }
  return zipSync(out)
}

const undated = (xml: string): string => xml.replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)/g, `$1${MOMENT}$2`)
