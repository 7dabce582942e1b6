// Saved e-mail (EML, MSG) → Document with its attached files. May not: load what a mail links to, believe what it says of a file's kind.
import PostalMime from 'postal-mime'
import type { Problem } from '../base/problem.ts'
import type { Block } from './docx-story.ts'
import { flowReading } from './flow-document.ts'
import type { Attachment, FlowReading } from './flow-document.ts'
import { htmlBlocks, pictureOfUrl, textIn } from './read-html.ts'
import { isScanSize } from './picture-size.ts'
import { sniff } from './sniff.ts'
import { field, isoTime } from './record-lines.ts'

const MOST_ATTACHMENTS = 500

interface Mail {
  readonly from: string
  readonly to: string
  readonly date: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly attachments: readonly (Attachment & { readonly cid: string })[]
}

/** Rejects for what is no mail. */
export async function readEml(bytes: Uint8Array, file: string): Promise<FlowReading> {
  const mail = await PostalMime.parse(bytes, { maxNestingDepth: 50, maxHeadersSize: 1 << 20, attachmentEncoding: 'arraybuffer' })
  const person = (each: { readonly name?: string; readonly address?: string } | undefined): string => (each === undefined ? '' : [each.name, each.address === undefined || each.address === '' ? '' : `<${each.address}>`].filter((part) => part !== undefined && part !== '').join(' '))
  return reading(bytes, file, {
    from: person(mail.from), to: (mail.to ?? []).map(person).join('; '), date: mail.headers.find((each) => each.key === 'date')?.value ?? '', subject: mail.subject ?? '', text: mail.text ?? '', html: mail.html ?? '',
    attachments: mail.attachments.slice(0, MOST_ATTACHMENTS).map((each, index) => ({
      name: each.filename ?? `attachment-${index + 1}${each.mimeType === 'message/rfc822' ? '.eml' : ''}`, cid: (each.contentId ?? '').replace(/^<|>$/g, ''),
      bytes: typeof each.content === 'string' ? new TextEncoder().encode(each.content) : new Uint8Array(each.content),
    })),
  }, mail.attachments.length - MOST_ATTACHMENTS)
}

/** Rejects for what is no Outlook message. */
export async function readMsg(bytes: Uint8Array, file: string): Promise<FlowReading> {
  const { default: library } = await import('@kenjiuno/msgreader')
  const reader = new library.default(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer)
  const mail = reader.getFileData()
  if (mail.error !== undefined) throw new Error('no message')
  const html = mail.html === undefined ? (mail.bodyHtml ?? '') : textIn(mail.html, undefined)
  return reading(bytes, file, {
    from: [mail.senderName, mail.senderSmtpAddress ?? mail.senderEmail].filter((part) => part !== undefined && part !== '').join(' '), to: (mail.recipients ?? []).map((each) => each.name ?? each.email ?? '').join('; '),
    date: mail.messageDeliveryTime ?? mail.clientSubmitTime ?? '', subject: mail.subject ?? '', text: mail.body ?? '', html,
    attachments: (mail.attachments ?? []).slice(0, MOST_ATTACHMENTS).flatMap((each, index) => {
      if (each.innerMsgContent === true) return []
      const content = reader.getAttachment(each)
      return [{ name: each.fileName ?? each.fileNameShort ?? `attachment-${index + 1}`, cid: each.pidContentId ?? '', bytes: new Uint8Array(content.content) }]
    }),
  }, (mail.attachments ?? []).filter((each) => each.innerMsgContent === true).length)
}

function reading(bytes: Uint8Array, file: string, mail: Mail, skipped: number): FlowReading {
  const rich = mail.html === '' ? null : htmlBlocks(mail.html)
  // Mail that is set in HTML brings the same words plain; without paragraphs the plain ones are the better.
  const own: readonly Block[] = rich !== null && rich.blocks.length > 0 ? rich.blocks : mail.text.trim() === '' ? [] : [{ kind: 'lines', text: mail.text.replace(/\r\n?/g, '\n').trimEnd() }]
  const pictures = new Map(mail.attachments.filter((each) => each.cid !== '').map((each) => [`cid:${each.cid}`, each.bytes]))
  const shown = new Set(pictures.size === 0 ? [] : own.flatMap((block) => (block.kind === 'paragraph' ? (block.pictures ?? []) : [])))
  const problems: Problem[] = skipped > 0 ? [{ id: 'attachment-skipped', severity: 'warning', file, data: { count: skipped } }] : []
  return flowReading(bytes, file, {
    kind: rich !== null && own === rich.blocks ? 'html' : 'mail', problems, damaged: false, tabTables: false,
    stories: [{ blocks: [...field('From', mail.from), ...field('To', mail.to), ...field('Sent', sentAt(mail.date)), ...field('Subject', mail.subject), ...own] }],
    attachments: mail.attachments.filter((each) => !shown.has(`cid:${each.cid}`) && !isOrnament(each.bytes)).map(({ name, bytes: content }) => ({ name, bytes: content })),
    picture: (name) => pictures.get(name) ?? pictureOfUrl(name),
  })
}

/** Logos and icons are no records. */
function isOrnament(bytes: Uint8Array): boolean {
  const kind = sniff(bytes)
  return kind === 'gif' || ((kind === 'png' || kind === 'jpeg') && !isScanSize(bytes))
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Day and time as the sender's clock had them. */
function sentAt(date: string): string {
  const found = /(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})(?: (\d{2}:\d{2}))?/.exec(date)
  const month = found === null ? -1 : MONTHS.indexOf((found[2] as string).toLowerCase())
  if (found === null || month < 0) return isoTime(date) ?? date
  return `${found[3]}-${String(month + 1).padStart(2, '0')}-${(found[1] as string).padStart(2, '0')}${found[4] === undefined ? '' : ` ${found[4]}`}`
}
