// A real Chromium for the tests of the workbench, where this machine has one.
import { existsSync } from 'node:fs'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Serving } from '../../src/server/serve.ts'

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

export const PASSWORD = 'correct horse battery'

/** A page at the workbench's first screen. `faults` gathers errors of scripts, of the console but for the refusals a screen shows itself, and what was asked of other hosts. */
export async function openedPage(browser: Browser, serving: Serving, viewport: { readonly width: number; readonly height: number }): Promise<{ readonly page: Page; readonly faults: string[] }> {
  const page = await (await browser.newContext({ viewport, acceptDownloads: true })).newPage()
  const faults: string[] = []
  page.setDefaultTimeout(20_000)
  page.on('pageerror', (e) => faults.push(e.message))
  page.on('console', (m) => { if (m.type() === 'error' && !/\b(?:400|401|404|409|422)\b/.test(m.text())) faults.push(m.text()) })
  page.on('request', (r) => { if (!r.url().startsWith(serving.address) && !r.url().startsWith('blob:')) faults.push(`asked ${r.url()}`) })
  await page.goto(serving.address)
  return { page, faults }
}

/** Ada Root becomes administrator, signed in. */
export async function setUp(page: Page, serving: Serving, organisation: string): Promise<void> {
  await page.getByLabel('Set-up code').fill(serving.setupCode ?? '')
  await page.getByLabel('Organisation').fill(organisation)
  await page.getByLabel('Your name').fill('Ada Root')
  await page.getByLabel('Login').fill('ada')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { name: 'Accounts' }).waitFor()
}

export async function addAccount(page: Page, name: string, login: string, role: string): Promise<void> {
  await page.getByRole('button', { name: 'Add an account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Login').fill(login)
  await dialog.getByLabel('Role').selectOption(role)
  await dialog.getByLabel('First password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('row', { name: new RegExp(name) }).waitFor()
}

export async function signIn(page: Page, login: string): Promise<void> {
  await page.getByLabel('Login').fill(login)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Login').waitFor()
}

export async function chooseFiles(page: Page, button: string, files: string | string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: button }).click()
  await (await chooser).setFiles(files)
}
