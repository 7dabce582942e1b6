// Child of the kill test: decides and acknowledges until it is killed.
import { openStore } from '../../src/store/open-store.ts'

const store = await openStore({ workspace: process.argv[2] as string })
for (let i = 0; ; i++) {
  const row = {
    id: `k${i}`, organisation_id: 'o', case_id: 'case', review_id: 'r', target: 'line' as const, line: 1, subject: null, machine: 'supported', action: 'accept' as const, status: 'supported',
    reason: null, sealed_note: null, round: 'first' as const, decided_by: 'u', decided_at: new Date(),
  }
  await store.change(async (tx, log) => {
    await tx.insertInto('decisions').values(row).execute()
    log({ organisation: 'o', actor: 'u', action: 'decision.made', subject: 'case', restore: store.seal(JSON.stringify(row), 'restore') })
  })
  process.send?.(row.id)
}
