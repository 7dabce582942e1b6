// A real Chromium for the tests of the workbench, where this machine has one.
import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'

export const CHROMIUM: string | null = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
  .find((path): path is string => path !== undefined && existsSync(path)) ?? null

export const NO_CHROMIUM = 'No Chromium was found on this machine (Debian: apt-get install chromium; or name it in CHROMIUM): the workbench was not tried in a browser.'

export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox', '--force-prefers-reduced-motion'] })

/** Faults that axe finds on the screen as it is, a line each. */
export async function axeFaults(page: Page): Promise<string[]> {
  // The page's own policy forbids injected scripts; the tester's protocol may.
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate(`axe.run({ resultTypes: ['violations'] })`)) as { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary?.split('\n')[1] ?? ''}`))
}
