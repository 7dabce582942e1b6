// Overrides as labelled cases: looked over without words that tell who somebody is, then written to the workspace's corpus. May not: write what nobody has looked over; write half a case.
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { z } from 'zod'
import { asker, type App } from './app.ts'
import { claimOf } from './cases.ts'
import { Refusal, type Context, type Who } from './context.ts'
import { decisionsOf } from './decisions.ts'
import { effectiveOf, standing } from '../report/effective.ts'
import { recordsOf } from './records.ts'
import { reportOf, roundOf } from './reports.ts'
import * as shapes from './shapes.ts'

const NAME = /^[a-z0-9][a-z0-9-]{0,100}$/
const name = z.object({ name: z.string().regex(NAME) })
const SYNC_FOLDER = 'r'

export function labelRoutes(app: App, context: Context): void {
  const { store } = context
  const folderOf = (who: Who): string => join(context.corpus, who.organisation.replace(/[^A-Za-z0-9-]/g, '_'))

  app.post('/api/cases/:id/labelled-case', {
    config: { may: 'cases.label' },
    schema: {
      summary: 'The case as a labelled one: first to be looked over, then, with `lookedOver`, written to the corpus', params: z.object({ id: shapes.id }), body: shapes.labelBody, response: { 200: shapes.labelAnswer },
      description: 'Names become invented ones, numbers and addresses are masked, dates move by whole weeks. Machines miss some: somebody has to read the copy before it is written.',
    },
  }, async (request) => {
    const who = asker(request)
    const { id } = request.params
    const stored = await reportOf(context, who, id)
    if (stored === null) throw new Refusal(409, 'The case is not reviewed yet.')
    if ((await roundOf(context, who, id)) === 'blind') throw new Refusal(403, 'A second reader does not see the decisions of the first.')
    const row = await store.db.selectFrom('cases').innerJoin('claims', 'claims.id', 'cases.claim_id').select(['cases.number', 'cases.claim_id', 'claims.sealed']).where('cases.id', '=', id).executeTakeFirstOrThrow()
    const all = await decisionsOf(store, id)
    const decisions = [...standing(all, 'first').values()].map(({ target, line, subject, action, status, reason, evidence }) => ({ target, line, subject, action, status, reason, evidence }))
    if (!decisions.some((d) => d.action === 'override')) throw new Refusal(409, 'Nothing of this case was overridden: there is nothing to learn from it.')
    const reads: Uint8Array[] = []
    for (const record of await recordsOf(store, store.db, id)) if (record.read_blob !== null) reads.push(await store.blobs.get(record.read_blob))
    const made = await context.label({ claim: claimOf(store, row), report: stored.report, decisions, effective: effectiveOf(stored.report, all, 'first'), seed: store.mark(`labelled case ${id}`) }, reads)
    if (made === null) throw new Refusal(409, 'The dates of this case cannot be moved without leaving the text of the policy that held then.')
    const own = `case-${row.number}${request.body.about === null ? '' : `-${request.body.about.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`}`.slice(0, 100).replace(/-$/, '')
    const answer = { name: own, records: made.records.map((r) => ({ name: r.name, text: r.text, masked: { ...r.masked } })), gold: JSON.stringify(made.gold, null, 2), written: false }
    if (!request.body.lookedOver) return answer
    await write(folderOf(who), own, { 'claim.json': `${JSON.stringify(made.claim, null, 2)}\n`, 'gold.json': `${answer.gold}\n`, ...Object.fromEntries(made.records.map((r) => [`records/${r.name}`, r.text])) })
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'case.labelled', subject: id, data: { name: own, records: made.records.length } })))
    return { ...answer, written: true }
  })

  app.get('/api/labelled-cases', { config: { may: 'cases.label' }, schema: { summary: 'Labelled cases of the corpus', response: { 200: z.array(shapes.labelledRow) } } }, async (request) => {
    const folder = folderOf(asker(request))
    const names = (await readdir(folder).catch(() => [])).filter((n) => NAME.test(n)).sort()
    return Promise.all(names.map(async (n) => ({ name: n, madeAt: (await stat(join(folder, n, 'gold.json'))).mtime.toISOString(), records: (await readdir(join(folder, n, 'records'))).length })))
  })

  app.get('/api/labelled-cases/:name', { config: { may: 'cases.label' }, schema: { summary: 'A labelled case as ZIP', params: name } }, async (request, reply) => {
    const who = asker(request)
    const own = request.params.name
    const at = join(folderOf(who), own)
    const records = await readdir(join(at, 'records')).catch(() => null)
    if (records === null) throw new Refusal(404, 'There is no such labelled case.')
    const files = ['claim.json', 'gold.json', ...records.map((r) => `records/${r}`)]
    const zip = zipSync(Object.fromEntries(await Promise.all(files.map(async (f) => [`${own}/${f}`, new Uint8Array(await readFile(join(at, f)))] as const))))
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'labelled-case.exported', subject: null, data: { name: own } })))
    return reply.type('application/zip').header('content-disposition', `attachment; filename="${own}.zip"`).send(Buffer.from(zip))
  })

  app.delete('/api/labelled-cases/:name', { config: { may: 'cases.label' }, schema: { summary: 'Remove a labelled case', params: name } }, async (request) => {
    const who = asker(request)
    const at = join(folderOf(who), request.params.name)
    if (!(await stat(at).catch(() => null))) throw new Refusal(404, 'There is no such labelled case.')
    await rm(at, { recursive: true })
    await store.change((_tx, log) => Promise.resolve(log({ organisation: who.organisation, actor: who.id, action: 'labelled-case.removed', subject: null, data: { name: request.params.name } })))
    return { ok: true }
  })
}

/** Beside its place first, synced, then moved: there is a whole case or none. */
async function write(folder: string, own: string, files: Readonly<Record<string, string>>): Promise<void> {
  const beside = join(folder, `.${randomUUID()}`)
  try {
    await mkdir(join(beside, 'records'), { recursive: true, mode: 0o700 })
    for (const [path, content] of Object.entries(files)) {
      const file = await open(join(beside, path), 'wx', 0o600)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
    }
    await rm(join(folder, own), { recursive: true, force: true })
    await rename(beside, join(folder, own))
    const parent = await open(folder, SYNC_FOLDER)
    await parent.sync().finally(() => parent.close())
  } catch (e) {
    await rm(beside, { recursive: true, force: true })
    throw e
  }
}
