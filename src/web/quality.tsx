// How often people override the machine, and how well they agree. May not: name a person.
import { useQuery } from '@tanstack/react-query'
import { get, type Me, type QualityAnswer } from './api.ts'
import { Labelled } from './labelling.tsx'
import { Failure } from './parts.tsx'

const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`)
/** From here on a requirement's rule wants a look. */
const HIGH = 0.15

export function Quality({ me }: { readonly me: Me }) {
  const { data, error } = useQuery({ queryKey: ['quality'], queryFn: () => get<QualityAnswer>('/api/quality') })
  return (
    <main className="page">
      <h1>Quality</h1>
      <p className="hint">Overrides by requirement, the most frequent first, and the agreement of two readers who did not see each other’s decisions. From {percent(HIGH)} overridden, the reading of the requirement wants a look.</p>
      <Failure error={error} />
      {data?.requirements.length === 0 ? <p className="empty">No decisions yet.</p> : (
        <table className="plain">
          <thead><tr><th scope="col">Requirement</th><th scope="col" className="number">Decided</th><th scope="col" className="number">Overridden</th><th scope="col" className="number">Rate</th><th scope="col" className="number">Read twice</th><th scope="col" className="number">Agreement</th><th scope="col" className="number">Cohen’s κ</th></tr></thead>
          <tbody>{data?.requirements.map((r) => (
            <tr key={r.requirement}><th scope="row">{r.requirement}</th><td className="number">{r.decided}</td><td className="number">{r.overridden}</td><td className={`number${r.rate >= HIGH ? ' late' : ''}`}>{percent(r.rate)}</td>
              <td className="number">{r.pairs}</td><td className="number">{percent(r.agreement)}</td><td className="number">{r.kappa === null ? '–' : r.kappa.toFixed(2)}</td></tr>
          ))}</tbody>
        </table>
      )}
      {me.may.includes('cases.label') && <Labelled />}
    </main>
  )
}
