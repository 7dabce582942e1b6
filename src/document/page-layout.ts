// Size and printed label of the pages of documents: what showing them needs. May not: know what is on a page.
import type { Document } from './document.ts'

export type PagesLayout = readonly (readonly { readonly page: number; /** In points. */ readonly width: number; readonly height: number; readonly label: string | null }[])[]

export const layoutOf = (documents: readonly Document[]): PagesLayout => documents.map((d) => d.pages.map((p) => ({ page: p.page, width: p.width, height: p.height, label: p.label ?? null })))
