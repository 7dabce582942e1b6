// How the program is bundled, so that it starts in half the time: fewer files to find, open and parse. May not: change what the program does; it runs from its single files too.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const compiled = (path: string): string => fileURLToPath(new URL(`../../dist/${path}.js`, import.meta.url))

/** What is started by its file's name, beside the file that starts it: so all lie in one folder. */
const STARTED = ['document/reader-child', 'batch/reviewer-child', 'server/audit-thread', 'server/page-thread', 'server/review-thread', 'server/sending-thread', 'sending/marking-thread', 'store/pglite-thread']
const ENTRIES = Object.fromEntries(['cli/main', ...STARTED].map((path) => [path.replace(/^.*\//, ''), compiled(path)]))

export default defineConfig({
  build: {
    ssr: true, outDir: '../../dist/app', emptyOutDir: true, target: 'node20', minify: true,
    rollupOptions: { input: ENTRIES, output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' } },
  },
  // Pure JavaScript of many files that each start needs. What has files of its own beside it, or few, stays where it is.
  ssr: { noExternal: ['commander', 'fastify-type-provider-zod', 'fflate', 'kysely', 'saxes', 'xmlchars', 'yaml', 'zod'] },
  plugins: [{
    name: 'start',
    closeBundle: () => writeFileSync(compiled('cli/main'), `#!/usr/bin/env node\n// The bundled program; the engine's flags come before it.\n${['./engine-flags', '../app/main'].map((path) => `import '${path}.js'\n`).join('')}`),
  }],
})
