// The answer of a store to `ListObjectsV2`. May not: follow a reference out of it.
import { SaxesParser } from 'saxes'
import type { StoredObject } from './s3-store.ts'

/** Null where it is not such an answer. */
export function parseXml(text: string): { readonly objects: readonly StoredObject[]; readonly next: string | null } | null {
  const objects: StoredObject[] = []
  const path: string[] = []
  let fields: Record<string, string> = {}
  let words = ''
  let next: string | null = null
  let cut = false
  let whole = false
  const parser = new SaxesParser()
  let fault = false
  parser.on('error', () => { fault = true })
  parser.on('opentag', ({ name }) => {
    path.push(name)
    words = ''
    if (path.length === 2 && name === 'Contents') fields = {}
  })
  parser.on('text', (t) => { words += t })
  parser.on('closetag', ({ name }) => {
    const at = path.join('/')
    if (at.startsWith('ListBucketResult/Contents/') && path.length === 3) fields[name] = words
    else if (at === 'ListBucketResult/Contents') {
      const bytes = Number(fields['Size'])
      // A key that ends with a stroke is how consoles show an empty folder.
      if (fields['Key'] !== undefined && Number.isFinite(bytes) && !fields['Key'].endsWith('/')) objects.push({ key: fields['Key'], bytes, mark: `${bytes} ${fields['ETag'] ?? ''} ${fields['LastModified'] ?? ''}` })
    } else if (at === 'ListBucketResult/NextContinuationToken') next = words
    else if (at === 'ListBucketResult/IsTruncated') cut = words.trim() === 'true'
    else if (at === 'ListBucketResult') whole = true
    path.pop()
  })
  try {
    parser.write(text).close()
  } catch {
    return null
  }
  return fault || !whole || (cut && next === null) ? null : { objects, next: cut ? next : null }
}
