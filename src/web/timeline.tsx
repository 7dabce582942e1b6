// The course as a picture: notes by kind, performance status, billed lines, on one axis of days. May not: work out what the report does not say.
import { useLayoutEffect, useRef, useState } from 'react'
import type { ReviewJson } from './api.ts'
import { noteType } from './words.ts'

const DAY = 86_400_000
const LANES: readonly { readonly name: string; readonly types: RegExp }[] = [
  { name: 'Consultation', types: /consult|history/ }, { name: 'Simulation', types: /simulation|\bsim\b/ }, { name: 'Prescription, plan', types: /prescription|plan|directive|intent/ },
  { name: 'Physics', types: /physics|dosimetry|qa|calc|device/ }, { name: 'Treatment', types: /treatment|daily|igrt|image-guidance|stereotactic|brachy|srs|sbrt|proton|delivery/ },
  { name: 'Visits', types: /visit|otv|management|nursing|follow/ }, { name: 'Completion', types: /complet|summary/ }, { name: 'Other', types: /./ },
]
const LANE = 15
const LEFT = 128
const RIGHT = 18

interface Dot { readonly day: number; readonly lane: number; readonly title: string; readonly faded: boolean; readonly file: string; readonly page: number }

export function Timeline({ report, open }: { readonly report: ReviewJson; readonly open: (file: string, page: number) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(900)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const watch = new ResizeObserver(() => setWidth(element.clientWidth))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY
  const dots: Dot[] = report.notes.filter((n) => n.date !== null && n.patientMatches !== false).map((n) => ({
    day: dayOf(n.date as string), lane: LANES.findIndex((l) => l.types.test(n.type)), title: `${n.date} ${noteType(n.type)}${n.author ? `, ${n.author.name}` : ''}`, faded: !n.ofThisCourse, file: n.file, page: n.firstPage,
  }))
  const lines = report.lines.map((l) => ({ ...l, from: dayOf(l.serviceDate), to: dayOf(l.serviceDateEnd ?? l.serviceDate) }))
  const near = dots.filter((d) => !d.faded).map((d) => d.day)
  const fractions = report.courses.flatMap((c) => c.fractions.map((f) => ({ ...f, day: dayOf(f.date), course: c })))
  const days = [...near, ...lines.flatMap((l) => [l.from, l.to]), ...fractions.map((f) => f.day)]
  if (days.length === 0) return null
  const [low, high] = [Math.min(...days) - 3, Math.max(...days) + 3]
  const x = (day: number): number => LEFT + ((Math.min(high, Math.max(low, day)) - low) / Math.max(1, high - low)) * (width - LEFT - RIGHT)
  const lanes = LANES.map((l, i) => ({ ...l, i })).filter((l) => dots.some((d) => d.lane === l.i))
  const values = report.facts.performanceStatus.filter((p) => p.date !== null && p.time === 'current')
  const fractionRow = lanes.length + (values.length > 0 ? 1 : 0)
  const rows = fractionRow + (fractions.length > 0 ? 1 : 0) + 1
  const y = (row: number): number => 8 + row * LANE + LANE / 2
  const height = rows * LANE + 30
  const ticks = ticksBetween(low, high, Math.max(2, Math.floor((width - LEFT) / 110)))
  // Labels that would lie on each other are left out; the tick stays.
  let free = -Infinity
  return (
    <div className="timeline" ref={box}>
      <svg width={width} height={height} role="img" aria-label={`Course from ${dateOf(low + 3)} to ${dateOf(high - 3)}: ${dots.length} dated notes, ${lines.length} billed lines`}>
        {ticks.map((t) => <g key={t}><line x1={x(t)} x2={x(t)} y1={6} y2={height - 18} className="grid" /><text x={x(t)} y={height - 5} textAnchor="middle">{dateOf(t)}</text></g>)}
        {lanes.map((l, row) => (
          <g key={l.name}><text x={LEFT - 12} y={y(row) + 4} textAnchor="end">{l.name}</text><line x1={LEFT} x2={width - RIGHT} y1={y(row)} y2={y(row)} className="lane" />
            {dots.filter((d) => d.lane === l.i).map((d, k) => <circle key={k} cx={x(d.day)} cy={y(row)} r={4} className={d.faded ? 'dot faded' : 'dot'} onClick={() => open(d.file, d.page)}><title>{d.title}</title></circle>)}</g>
        ))}
        {values.length > 0 && (
          <g><text x={LEFT - 12} y={y(lanes.length) + 4} textAnchor="end">Performance</text><line x1={LEFT} x2={width - RIGHT} y1={y(lanes.length)} y2={y(lanes.length)} className="lane" />
            {[...values].sort((a, b) => ((a.date as string) < (b.date as string) ? -1 : 1)).map((p, k) => {
              const at = x(dayOf(p.date as string))
              const fits = at - free > 48
              if (fits) free = at
              return <g key={k} onClick={() => open(p.file, p.page)} className={p.decisive ? 'value decisive' : 'value'}><title>{`${p.date} ${p.scale} ${p.low}${p.high === p.low ? '' : `–${p.high}`}: ${p.quote}`}</title>
                <rect x={at - 3} y={y(lanes.length) - 3} width={6} height={6} transform={`rotate(45 ${at} ${y(lanes.length)})`} />{fits && <text x={at + 8} y={y(lanes.length) + 4}>{p.scale} {p.low}{p.high === p.low ? '' : `–${p.high}`}</text>}</g>
            })}</g>
        )}
        {fractions.length > 0 && (
          <g><text x={LEFT - 12} y={y(fractionRow) + 4} textAnchor="end">Fractions</text><line x1={LEFT} x2={width - RIGHT} y1={y(fractionRow)} y2={y(fractionRow)} className="lane" />
            {fractions.map((f, k) => (
              <rect key={k} x={x(f.day) - 1.5} width={3} y={y(fractionRow) - 5} height={10} className={f.delivered ? 'fraction' : 'fraction missed'} onClick={() => { const e = f.evidence[0]; if (e) open(e.file, e.page) }}>
                <title>{`${f.date}${f.number === null ? '' : ` fraction ${f.number}`}${f.delivered ? '' : ', not delivered'}${f.dose === null ? '' : `, ${f.dose} cGy`}${f.billed > 0 ? `, ${f.billed} billed` : ', not billed'}`}</title></rect>
            ))}</g>
        )}
        <g><text x={LEFT - 12} y={y(rows - 1) + 4} textAnchor="end">Billed</text><line x1={LEFT} x2={width - RIGHT} y1={y(rows - 1)} y2={y(rows - 1)} className="lane" />
          {lines.map((l) => <rect key={l.line} x={x(l.from) - 2} width={Math.max(4, x(l.to) - x(l.from) + 4)} y={y(rows - 1) - 5} height={10} className={`bill ${l.determination}`}><title>{`${l.serviceDate} ${l.code} ${l.label}`}</title></rect>)}</g>
      </svg>
      <ul className="courses">{report.courses.map((c) => <Course key={c.course} course={c} />)}</ul>
    </div>
  )
}

/** Delivered against prescribed, as a bar; the figures say the same. */
function Course({ course }: { readonly course: ReviewJson['courses'][number] }) {
  const dose = course.fractions.reduce((sum, f) => sum + (f.delivered ? (f.dose ?? 0) : 0), 0)
  const [delivered, prescribed] = [course.delivered?.value ?? null, course.prescribed?.value ?? null]
  return (
    <li><b>Course {course.label ?? course.course}</b> {course.from === course.to ? course.from : `${course.from} to ${course.to}`}{course.sites.length > 0 ? ` · ${course.sites.join(', ')}` : ''} ·
      {delivered === null ? ' fractions delivered not found' : ` ${delivered}${prescribed === null ? '' : ` of ${prescribed}`} fractions delivered`}, {course.billed} billed{dose > 0 ? ` · ${dose.toLocaleString('en-US')} cGy recorded` : ''}
      {delivered !== null && prescribed !== null && prescribed > 0 && <meter min={0} max={Math.max(prescribed, delivered)} value={delivered} aria-label={`${delivered} of ${prescribed} fractions delivered`} />}</li>
  )
}

const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

function ticksBetween(low: number, high: number, most: number): number[] {
  const step = [1, 2, 7, 14, 30, 60, 91, 182, 365].find((s) => (high - low) / s <= most) ?? 730
  const ticks: number[] = []
  for (let t = Math.ceil(low + 1); t < high; t += step) ticks.push(t)
  return ticks
}
