// A case as FHIR: the answer as a Bundle, the records as a submission of attachments. May not: send anything anywhere but to this machine.
import { useMutation } from '@tanstack/react-query'
import { download, type CaseAnswer, type CaseRow } from './api.ts'
import { Failure } from './parts.tsx'

export function FhirOut({ row, records }: { readonly row: CaseRow; readonly records: CaseAnswer['records'] }) {
  const bundle = useMutation({ mutationFn: (payer: string) => download(`/api/cases/${row.id}/fhir${payer === '' ? '' : `?payerUrl=${encodeURIComponent(payer)}`}`, undefined, `case-${row.number}.fhir.json`) })
  const attachments = useMutation({ mutationFn: (body: { trackingId: string; records: string[]; final: boolean }) => download(`/api/cases/${row.id}/fhir/submit-attachment`, body, `case-${row.number}.submit-attachment.fhir.json`) })
  return (
    <section className="fhir" aria-label="FHIR">
      <h3>FHIR</h3>
      <form onSubmit={(e) => { e.preventDefault(); bundle.mutate(String(new FormData(e.currentTarget).get('payer')).trim()) }}>
        <p className="hint">One Bundle: a QuestionnaireResponse a line, a DocumentReference a record, a Task for what is to be asked for.</p>
        <div className="inline"><label>Where attachments go, if the requests are to follow Da Vinci CDex<input name="payer" type="url" /></label><button type="submit" disabled={bundle.isPending}>Download Bundle</button></div>
        <Failure error={bundle.error} />
      </form>
      {records.length > 0 && (
        <form onSubmit={(e) => {
          e.preventDefault()
          const form = new FormData(e.currentTarget)
          attachments.mutate({ trackingId: String(form.get('tracking')).trim(), records: form.getAll('record').map(String), final: form.get('final') === 'on' })
        }}>
          <p className="hint">Records as attachments of the claim (Da Vinci CDex, $submit-attachment).</p>
          <div className="picks">{records.map((r) => <label key={r.id} className="choice"><input type="checkbox" name="record" value={r.id} defaultChecked />{r.name}</label>)}</div>
          <div className="inline"><label>Number by which the payer finds it<input name="tracking" required maxLength={200} defaultValue={row.claim} /></label>
            <label className="choice"><input type="checkbox" name="final" defaultChecked />nothing follows</label><button type="submit" disabled={attachments.isPending}>Download attachments</button></div>
          <Failure error={attachments.error} />
        </form>
      )}
    </section>
  )
}
