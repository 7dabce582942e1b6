// What a worker did, as Prometheus text. May not: hold an id of a claim, a name or text of a record.
import type { ReviewerPool } from './reviewer-pool.ts'
import { WORST_FIRST } from './result.ts'
import type { Version } from './version.ts'
import type { Told } from './work.ts'

export interface Metrics {
  readonly hear: (told: Told) => void
  readonly watch: (pool: ReviewerPool) => void
  readonly text: () => string
  /** Null where the worker may be given claims, else why not. */
  readonly unready: () => string | null
}

/** Seconds of a claim. */
const BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800]

export function metrics(version: Version): Metrics {
  const claims = new Map<string, number>()
  const determinations = new Map<string, number>(WORST_FIRST.map((d) => [d, 0]))
  const failures = new Map<string, number>()
  const buckets = BUCKETS.map(() => 0)
  const sums = { seconds: 0, timed: 0, pages: 0, answered: 0, databaseAway: 0, recordsAway: 0, otherVersion: 0 }
  let pool: ReviewerPool | null = null
  let away = false
  let stopping = false
  let started = false
  const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)

  return {
    watch: (p) => { pool = p },
    hear(t) {
      switch (t.event) {
        case 'claim-done':
          add(claims, t.status)
          if (t.determination !== null) add(determinations, t.determination)
          sums.pages += t.pages
          sums.seconds += t.seconds
          sums.timed++
          if (t.answered) sums.answered++
          BUCKETS.forEach((most, i) => { if (t.seconds <= most) buckets[i] = (buckets[i] as number) + 1 })
          break
        case 'claim-failed':
          add(failures, t.reason)
          if (t.aside) add(claims, 'aside')
          break
        case 'database-away':
          if (!away) sums.databaseAway++
          away = true
          break
        case 'database-back': away = false
          break
        case 'records-away': sums.recordsAway++
          break
        case 'other-version': sums.otherVersion++
          break
        case 'worker-started': started = true
          break
        case 'worker-stopping': case 'worker-stopped': stopping = true
          break
        default:
      }
    },
    unready: () => (stopping ? 'stopping' : away ? 'the database does not answer' : !started ? 'starting' : null),
    text() {
      const out: string[] = []
      const metric = (name: string, kind: string, help: string, rows: readonly (readonly [string, number])[]): void => {
        out.push(`# HELP vouch_${name} ${help}`, `# TYPE vouch_${name} ${kind}`, ...rows.map(([labels, n]) => `vouch_${name}${labels} ${n}`))
      }
      const by = (label: string, map: ReadonlyMap<string, number>): [string, number][] => [...map].sort().map(([k, n]) => [`{${label}="${k}"}`, n])
      metric('build_info', 'gauge', 'Version of this worker.', [[`{engine="${version.engine}",program="${version.program.slice(0, 12)}",dictionaries="${version.dictionaries.replace(/[^a-z0-9 ]/gi, '').slice(0, 24)}"}`, 1]])
      metric('claims_total', 'counter', 'Claims with a result, by status.', by('status', claims))
      metric('determinations_total', 'counter', 'Claims by their worst line.', by('determination', determinations))
      metric('pages_total', 'counter', 'Pages of the claims reviewed.', [['', sums.pages]])
      metric('answers_reused_total', 'counter', 'Claims of which the answer was kept.', [['', sums.answered]])
      metric('claim_failures_total', 'counter', 'Failures over a claim, by reason.', by('reason', failures))
      out.push('# HELP vouch_claim_seconds Time of a claim from its reviewer, waiting included.', '# TYPE vouch_claim_seconds histogram', ...BUCKETS.map((most, i) => `vouch_claim_seconds_bucket{le="${most}"} ${buckets[i]}`),
        `vouch_claim_seconds_bucket{le="+Inf"} ${sums.timed}`, `vouch_claim_seconds_sum ${Math.round(sums.seconds * 1000) / 1000}`, `vouch_claim_seconds_count ${sums.timed}`)
      metric('reviewers', 'gauge', 'Reviewers that live.', [['', pool?.pids().length ?? 0]])
      metric('claims_in_hand', 'gauge', 'Claims given to reviewers.', [['', pool?.busy() ?? 0]])
      metric('database_up', 'gauge', 'Whether the database answers.', [['', away ? 0 : 1]])
      metric('database_outages_total', 'counter', 'Spells in which the database did not answer.', [['', sums.databaseAway]])
      metric('records_outages_total', 'counter', 'Spells in which the records did not come.', [['', sums.recordsAway]])
      metric('batches_of_other_version', 'counter', 'Batches left to workers of another version.', [['', sums.otherVersion]])
      metric('resident_bytes', 'gauge', 'Memory of the worker without its reviewers.', [['', process.memoryUsage.rss()]])
      return `${out.join('\n')}\n`
    },
  }
}
