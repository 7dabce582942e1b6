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
/** Height of a lane that draws values. */
const CHART = 40
const LEFT = 128
const RIGHT = 104

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
  const y = (row: number): number => 8 + row * LANE + LANE / 2
  const performanceTop = 8 + lanes.length * LANE + 4
  const doseTop = performanceTop + (values.length > 0 ? CHART + 8 : 0)
  const billedAt = doseTop + (fractions.length > 0 ? CHART + 8 : 0) + LANE / 2
  const height = billedAt + LANE / 2 + 22
  const ticks = ticksBetween(low, high, Math.max(2, Math.floor((width - LEFT) / 110)))
  return (
    <div className="timeline" ref={box}>
      <svg width={width} height={height} role="img" aria-label={`Course from ${dateOf(low + 3)} to ${dateOf(high - 3)}: ${dots.length} dated notes, ${lines.length} billed lines`}>
        {ticks.map((t) => <g key={t}><line x1={x(t)} x2={x(t)} y1={6} y2={height - 18} className="grid" /><text x={x(t)} y={height - 5} textAnchor="middle">{dateOf(t)}</text></g>)}
        {lanes.map((l, row) => (
          <g key={l.name}><text x={LEFT - 12} y={y(row) + 4} textAnchor="end">{l.name}</text><line x1={LEFT} x2={width - RIGHT} y1={y(row)} y2={y(row)} className="lane" />
            {dots.filter((d) => d.lane === l.i).map((d, k) => <circle key={k} cx={x(d.day)} cy={y(row)} r={4} className={d.faded ? 'dot faded' : 'dot'} onClick={() => open(d.file, d.page)}><title>{d.title}</title></circle>)}</g>
        ))}
        {values.length > 0 && <Performance values={values} x={(date) => x(dayOf(date))} top={performanceTop} right={width - RIGHT} open={open} />}
        {fractions.length > 0 && <Delivered courses={report.courses} x={(date) => x(dayOf(date))} top={doseTop} right={width - RIGHT} open={open} />}
        <g><text x={LEFT - 12} y={billedAt + 4} textAnchor="end">Billed</text><line x1={LEFT} x2={width - RIGHT} y1={billedAt} y2={billedAt} className="lane" />
          {lines.map((l) => <rect key={l.line} x={x(l.from) - 2} width={Math.max(4, x(l.to) - x(l.from) + 4)} y={billedAt - 5} height={10} className={`bill ${l.determination}`}><title>{`${l.serviceDate} ${l.code} ${l.label}`}</title></rect>)}</g>
      </svg>
      <ul className="courses">{report.courses.map((c) => <Course key={c.course} course={c} />)}</ul>
    </div>
  )
}

type Value = ReviewJson['facts']['performanceStatus'][number]
/** Best at the top: 0 of ECOG, 100 of the others. */
const heightOf = (scale: Value['scale'], value: number): number => (scale === 'ECOG' ? 1 - value / 5 : value / 100)

/** Performance status over time: a line a scale, the values that decide filled. */
function Performance({ values, x, top, right, open }: { readonly values: readonly Value[]; readonly x: (date: string) => number; readonly top: number; readonly right: number; readonly open: (file: string, page: number) => void }) {
  const sorted = [...values].sort((a, b) => ((a.date as string) < (b.date as string) ? -1 : 1))
  const at = (p: Value, value: number): number => top + CHART * (1 - heightOf(p.scale, value))
  const scales = [...new Set(sorted.map((p) => p.scale))]
  // Labels that would lie on each other are left out; the mark stays.
  let free = -Infinity
  return (
    <g>
      <text x={LEFT - 12} y={top + CHART / 2 + 4} textAnchor="end">Performance</text>
      <line x1={LEFT} x2={right} y1={top + CHART} y2={top + CHART} className="lane" />
      {scales.map((s) => <polyline key={s} className="trend" points={sorted.filter((p) => p.scale === s).map((p) => `${x(p.date as string)},${at(p, (p.low + p.high) / 2)}`).join(' ')} />)}
      {sorted.map((p, k) => {
        const cx = x(p.date as string)
        const cy = at(p, (p.low + p.high) / 2)
        const fits = cx - free > 52
        if (fits) free = cx
        return (
          <g key={k} onClick={() => open(p.file, p.page)} className={p.decisive ? 'value decisive' : 'value'}><title>{`${p.date} ${p.scale} ${p.low}${p.high === p.low ? '' : `–${p.high}`}: ${p.quote}`}</title>
            {p.high !== p.low && <line x1={cx} x2={cx} y1={at(p, p.low)} y2={at(p, p.high)} className="range" />}
            <rect x={cx - 3} y={cy - 3} width={6} height={6} transform={`rotate(45 ${cx} ${cy})`} />{fits && <text x={cx + 8} y={Math.max(top + 8, Math.min(top + CHART - 2, cy + 4))}>{p.scale} {p.low}{p.high === p.low ? '' : `–${p.high}`}</text>}</g>
        )
      })}
    </g>
  )
}

/** The dose that most fractions record; single entries may give a sum. Null where none does. */
function usualDose(course: ReviewJson['courses'][number]): number | null {
  const counts = new Map<number, number>()
  for (const f of course.fractions) if (f.delivered && f.dose !== null) counts.set(f.dose, (counts.get(f.dose) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null
}

/** Fractions delivered, added up, under the number prescribed. */
function Delivered({ courses, x, top, right, open }: { readonly courses: ReviewJson['courses']; readonly x: (date: string) => number; readonly top: number; readonly right: number; readonly open: (file: string, page: number) => void }) {
  return (
    <g>
      <text x={LEFT - 12} y={top + CHART / 2 + 4} textAnchor="end">Delivered</text>
      <line x1={LEFT} x2={right} y1={top + CHART} y2={top + CHART} className="lane" />
      {courses.filter((c) => c.fractions.length > 0).map((course) => {
        const dated = [...course.fractions].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0))
        let sum = 0
        const steps = dated.map((f) => {
          if (f.delivered) sum = Math.max(sum + Math.max(1, f.sessions), f.number ?? 0)
          return { f, sum }
        })
        const most = Math.max(course.prescribed?.value ?? 0, course.delivered?.value ?? 0, sum, 1)
        const at = (n: number): number => top + CHART - (CHART - 6) * (n / most)
        const [first, last] = [x(dated[0]?.date ?? course.from), x(dated[dated.length - 1]?.date ?? course.to)]
        const dose = usualDose(course)
        const path = steps.reduce((d, s) => `${d} H${x(s.f.date)} V${at(s.sum)}`, `M${first} ${top + CHART}`)
        return (
          <g key={course.course}>
            {course.prescribed !== null && <><line x1={first - 4} x2={last + 4} y1={at(course.prescribed.value)} y2={at(course.prescribed.value)} className="prescribed" /><text x={last + 8} y={at(course.prescribed.value) + 4}>{course.prescribed.value} prescribed</text></>}
            <path d={path} className="given" />
            {steps.map(({ f, sum: n }, k) => (
              <rect key={k} x={x(f.date) - 2.5} width={5} y={f.delivered ? at(n) - 2.5 : top + CHART - 5} height={5} className={f.delivered ? 'fraction' : 'fraction missed'} onClick={() => { const e = f.evidence[0]; if (e) open(e.file, e.page) }}>
                <title>{`${f.date}${f.number === null ? '' : ` fraction ${f.number}`}${f.delivered ? '' : ', not delivered'}${f.dose === null ? '' : `, ${f.dose.toLocaleString('en-US')} cGy`}${f.billed > 0 ? `, ${f.billed} billed` : ', not billed'}`}</title></rect>
            ))}
            {(course.prescribed === null || at(sum) - at(course.prescribed.value) > 12) && <text x={last + 8} y={at(sum) + 4}>{sum}{dose === null ? '' : ` · ${(sum * dose).toLocaleString('en-US')} cGy`}</text>}
          </g>
        )
      })}
    </g>
  )
}

/** Delivered against prescribed in figures, with the dose where the fractions record one. */
function Course({ course }: { readonly course: ReviewJson['courses'][number] }) {
  const dose = usualDose(course)
  const [delivered, prescribed] = [course.delivered?.value ?? null, course.prescribed?.value ?? null]
  const doses = dose === null || delivered === null ? '' : ` · ${(delivered * dose).toLocaleString('en-US')}${prescribed === null ? '' : ` of ${(prescribed * dose).toLocaleString('en-US')}`} cGy at ${dose.toLocaleString('en-US')} a fraction`
  return (
    <li><b>Course {course.label ?? course.course}</b> {course.from === course.to ? course.from : `${course.from} to ${course.to}`}{course.sites.length > 0 ? ` · ${course.sites.join(', ')}` : ''} ·
      {delivered === null ? ' fractions delivered not found' : ` ${delivered}${prescribed === null ? '' : ` of ${prescribed}`} fractions delivered`}, {course.billed} billed{doses}
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
