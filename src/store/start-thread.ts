// Starts a thread from a file beside the caller, compiled or not. May not: know what the thread does.
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** `name` without its ending, beside the file whose `import.meta.url` is given. */
export function startThread(from: string, name: string, options: Pick<WorkerOptions, 'workerData' | 'resourceLimits'>): Worker {
  if (!from.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, from), options)
  // Not compiled, in tests: the loader has to be registered inside the thread.
  const url = new URL(`./${name}.ts`, from).href
  return new Worker(`import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url)}) })`, { ...options, eval: true })
}
