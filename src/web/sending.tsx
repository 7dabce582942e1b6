// What leaves the house: letters as they stand, their sign-off, marked copy, worksheet, packet; and what fills the letters. May not: write a sentence of a letter; the server does.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import type { Letter, LetterAnswer, LetterKind, LetterSettings, SendingAnswer } from '../server/sending-shapes.ts'
import { download, get, post, put, type Me } from './api.ts'
import { Dialog, Failure } from './parts.tsx'
import { moment } from './words.ts'

type Part = Letter['body'][number]
type Open = (file: string, page: number) => void

const NAME: Readonly<Record<LetterKind, string>> = { determination: 'Determination', 'record-request': 'Request for records' }

export function Sending({ id, number, me, open, close, show }: { readonly id: string; readonly number: number; readonly me: Me; readonly open: boolean; readonly close: () => void; readonly show: Open }) {
  return <Dialog title="Letters and packet" open={open} close={close}>{open && <Inside id={id} number={number} me={me} show={(file, page) => { close(); show(file, page) }} />}</Dialog>
}

function Inside({ id, number, me, show }: { readonly id: string; readonly number: number; readonly me: Me; readonly show: Open }) {
  const client = useQueryClient()
  const [kind, setKind] = useState<LetterKind>('determination')
  const sending = useQuery({ queryKey: ['sending', id], queryFn: () => get<SendingAnswer>(`/api/cases/${id}/sending`), staleTime: 0 })
  const sign = useMutation({ mutationFn: () => post(`/api/cases/${id}/letters`, { kind }), onSuccess: () => void client.invalidateQueries({ queryKey: ['sending', id] }) })
  const take = useMutation({ mutationFn: ({ path, name }: { path: string; name: string }) => download(`/api/cases/${id}/${path}`, undefined, name) })
  const now = sending.data?.letters.find((l) => l.kind === kind)
  const file = (path: string, name: string, label: string): ReactNode => <button type="button" disabled={take.isPending} onClick={() => take.mutate({ path, name: `case-${number}-${name}` })}>{take.isPending && take.variables.path === path ? 'Writing…' : label}</button>
  const mark = now?.letter.draft === null ? '' : '-draft'
  return (
    <div className="sending">
      <div className="sendingbar">
        {(Object.keys(NAME) as LetterKind[]).map((k) => <button key={k} type="button" aria-pressed={k === kind} onClick={() => { setKind(k); sign.reset() }}>{NAME[k]}</button>)}
        <span className="grow" />
        {me.may.includes('cases.export') && <>{file(`letter?kind=${kind}&format=docx`, `${kind}${mark}.docx`, 'Word')}{file(`letter?kind=${kind}&format=pdf`, `${kind}${mark}.pdf`, 'PDF')}</>}
        {me.may.includes('decisions.make') && now?.signed?.current !== true && <button type="button" className="primary" disabled={now === undefined || now.obstacles.length > 0 || sign.isPending} onClick={() => sign.mutate()}>Sign off</button>}
      </div>
      <Failure error={sending.error ?? sign.error ?? take.error} />
      {now && <Standing now={now} />}
      {now ? <Paper letter={now.letter} show={show} /> : <p className="hint">Writing…</p>}
      {me.may.includes('cases.export') && (
        <div className="sendingfiles">
          <h3>Of the whole case</h3>
          <div className="acts">
            {file('marked', 'marked-records.pdf', 'Marked records')}{file('worksheet?format=xlsx', 'worksheet.xlsx', 'Worksheet, Excel')}{file('worksheet?format=pdf', 'worksheet.pdf', 'Worksheet, PDF')}
            {file('packet', 'packet.zip', 'Evidence packet')}{file('packet?records=no', 'packet-without-records.zip', 'Packet without records')}
          </div>
          <p className="hint">Every export is in the log, with its hash. <code>vouch verify</code> checks a packet, <code>vouch replay</code> makes it again.</p>
        </div>
      )}
    </div>
  )
}

function Standing({ now }: { readonly now: LetterAnswer }) {
  if (now.signed?.current) return <p className="good" role="status">Signed off by {now.signed.by}, {moment(now.signed.at)} UTC.</p>
  return (
    <div className="standing">
      {now.signed !== null && <p>Signed off by {now.signed.by}, {moment(now.signed.at)} UTC; something has changed since, so this is a draft again.</p>}
      {now.obstacles.length > 0 ? <ul>{now.obstacles.map((o) => <li key={o}>{o}</li>)}</ul> : <p>A draft. Read it, then sign it off.</p>}
    </div>
  )
}

/** The letter as it will be printed, with its quotes leading to their pages. */
function Paper({ letter, show }: { readonly letter: Letter; readonly show: Open }) {
  return (
    <article className="paper" aria-label={letter.title} tabIndex={0}>
      {letter.draft && <p className="draftmark"><b>{letter.draft.mark}.</b> {letter.draft.note}</p>}
      <header><b>{letter.head.payer}</b>{letter.head.address.map((l) => <span key={l}>{l}</span>)}</header>
      {letter.date && <p>{letter.date}</p>}
      <p>{letter.to.map((l) => <span key={l} className="line">{l}</span>)}</p>
      <h3 className="subject">{letter.title}</h3>
      {letter.body.map((part, i) => <PartOf key={i} part={part} show={show} />)}
    </article>
  )
}

function PartOf({ part, show }: { readonly part: Part; readonly show: Open }) {
  switch (part.kind) {
    case 'paragraph': return <p>{part.text}</p>
    case 'heading': return <h3>{part.text}</h3>
    case 'line-heading': return <h4>{part.text}</h4>
    case 'note': return <p className="small">{part.text}</p>
    case 'facts': return <dl>{part.rows.map(([k, v]) => <div key={k}><dt>{k}</dt><dd>{v}</dd></div>)}</dl>
    case 'table': return <table><thead><tr>{part.columns.map((c) => <th key={c} scope="col">{c}</th>)}</tr></thead><tbody>{part.rows.map((r) => <tr key={r.cells[0]}>{r.cells.map((c, i) => <td key={i}>{c}</td>)}</tr>)}</tbody></table>
    case 'reason': return (
      <section>
        <h5>{part.title}</h5>
        <p>{part.statement}</p>
        {part.quotes.map((q, i) => <blockquote key={i} className={q.stance}>“{q.quote}” <button type="button" className="link" onClick={() => show(q.file, q.page)}>{q.place}</button></blockquote>)}
        {part.cure !== null && <p><b>{part.cureTitle}:</b> {part.cure}</p>}
        <p className="small">{[part.cites, part.codes, part.reference].filter(Boolean).join(' · ')}</p>
      </section>
    )
    case 'requests': return <ol>{part.items.map((i) => <li key={i.text}>{i.text}<span className="small line">{[i.lines, i.cites, i.reference].filter(Boolean).join(' · ')}</span></li>)}</ol>
    case 'list': return <ul>{part.items.map((i, n) => <li key={n}>{i.text}</li>)}</ul>
    case 'address': return <p className="address">{part.lines.map((l) => <span key={l} className="line">{l}</span>)}</p>
    case 'signature': return <p className="signature">{part.text === null ? <span className="small">Not signed off</span> : <><b className="line">{part.signer}</b>{part.text}</>}</p>
  }
}

const linesOf = (text: FormDataEntryValue | null): string[] => String(text ?? '').split('\n').map((l) => l.trim()).filter((l) => l !== '')

/** Letterhead, contact, dispute rights and deadlines, for administrators. */
export function LetterSettingsForm() {
  const client = useQueryClient()
  const settings = useQuery({ queryKey: ['letter-settings'], queryFn: () => get<LetterSettings>('/api/letter-settings') })
  const save = useMutation({ mutationFn: (v: unknown) => put('/api/letter-settings', v), onSuccess: () => void client.invalidateQueries({ queryKey: ['letter-settings'] }) })
  const now = settings.data
  return (
    <>
      <h2>Letters</h2>
      <Failure error={settings.error} />
      {now && (
        <form className="lettersettings" onSubmit={(e) => {
          e.preventDefault()
          const form = new FormData(e.currentTarget)
          const text = (name: string): string | null => String(form.get(name) ?? '').trim() || null
          save.mutate({
            ...now, payer: text('payer'), contact: text('contact'), policy: text('policy'), address: linesOf(form.get('address')), 'send-to': linesOf(form.get('send-to')), rights: linesOf(form.get('rights')), enclosures: linesOf(form.get('enclosures')),
            'record-days': Number(form.get('record-days')), 'dispute-days': Number(form.get('dispute-days')), 'quotes-each': Number(form.get('quotes-each')), 'denial-codes': form.get('denial-codes') === 'on', 'reviewer-notes': form.get('reviewer-notes') === 'on',
          })
        }}>
          <label>Name of the payer<input name="payer" defaultValue={now.payer ?? ''} maxLength={300} /></label>
          <label>Name of the policy<input name="policy" defaultValue={now.policy ?? ''} maxLength={300} /></label>
          <label>Address, a line each<textarea name="address" rows={3} defaultValue={now.address.join('\n')} /></label>
          <label>Where records and disputes are sent, a line each<textarea name="send-to" rows={3} defaultValue={now['send-to'].join('\n')} /></label>
          <label>Whom to ask<input name="contact" defaultValue={now.contact ?? ''} maxLength={300} /></label>
          <label>Enclosures, a line each<textarea name="enclosures" rows={1} defaultValue={now.enclosures.join('\n')} /></label>
          <label className="wide">Dispute rights, a paragraph a line; {'{disputeDays}'} and {'{disputeDue}'} are filled in<textarea name="rights" rows={4} defaultValue={now.rights.join('\n')} /></label>
          <label>Days to send records<input name="record-days" type="number" min={1} max={365} required defaultValue={now['record-days']} /></label>
          <label>Days to dispute<input name="dispute-days" type="number" min={1} max={730} required defaultValue={now['dispute-days']} /></label>
          <label>Quotes with each reason<input name="quotes-each" type="number" min={0} max={12} required defaultValue={now['quotes-each']} /></label>
          <div className="choices">
            <label><input type="checkbox" name="denial-codes" defaultChecked={now['denial-codes']} />Print suggested denial and remark codes</label>
            <label><input type="checkbox" name="reviewer-notes" defaultChecked={now['reviewer-notes']} />Print reviewers’ notes</label>
          </div>
          <div className="ends wide"><button type="submit">Update letters</button>{save.isSuccess && <span role="status" className="good">Letters updated.</span>}</div>
        </form>
      )}
      <Failure error={save.error} />
    </>
  )
}
