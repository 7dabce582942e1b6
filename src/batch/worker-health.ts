// Metrics and health of a worker over HTTP. May not: answer anything else.
import Fastify from 'fastify'
import { batchFault, codeOf } from './fault.ts'
import type { Metrics } from './metrics.ts'

export async function openHealth(host: string, port: number, metrics: Metrics): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  app.get('/metrics', (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics.text()))
  app.get('/healthz', () => ({ ok: true }))
  app.get('/readyz', (_request, reply) => {
    const why = metrics.unready()
    return reply.code(why === null ? 200 : 503).send(why === null ? { ready: true } : { ready: false, why })
  })
  try {
    return { address: await app.listen({ host, port }), close: () => app.close() }
  } catch (e) {
    throw batchFault(`The worker cannot listen at ${host}:${port} (${codeOf(e)}); choose another --port.`)
  }
}
