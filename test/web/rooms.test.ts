// The self-audit and the policy room in a real browser: each flow, every role, axe on every screen. May not: use a patient's record.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFDocument } from '@cantoo/pdf-lib'
import mammoth from 'mammoth'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Serving } from '../../src/server/serve.ts'
import { addAccount, axeFaults, chooseFiles, CHROMIUM, NO_CHROMIUM, openedPage, setUp, signIn as signInAs, signOut as signOutOf, startBrowser } from './browser.ts'

const PHYSICS = 'corpus/audit/physics-report-unsigned'
/** A folder for screenshots to be looked at; none where it is not named. */
const SHOTS = process.env['VOUCH_SHOTS']

if (CHROMIUM === null) {
  describe('self-audit and policy room in a browser', () => it(NO_CHROMIUM, () => expect(CHROMIUM).toBeNull()))
} else {
  describe('self-audit and policy room in a browser', () => {
    let browser: Browser
    let serving: Serving
    let page: Page
    const workspace = mkdtempSync(join(tmpdir(), 'vouch-rooms-'))
    let faults: string[] = []
    const own = join(workspace, 'own-copy.txt')

    beforeAll(async () => {
      browser = await startBrowser()
      serving = await serve({ workspace: join(workspace, 'w'), port: 0, host: '127.0.0.1', passwordCost: 12 })
      ;({ page, faults } = await openedPage(browser, serving, { width: 1280, height: 800 }))
      writeFileSync(own, 'INVENTED POLICY\n\nSBRT / SRS documentation requirements\n- A Karnofsky or ECOG value, written down for this very course.\n- Functional status of the member.\n')
      await setUp(page, serving, 'Invented Clinic')
      for (const [name, login, role] of [['Pia Clinic', 'pia', 'provider'], ['Lee Marsh', 'lee', 'lead'], ['Ann Ferrow', 'ann', 'reviewer']] as const) {
        await addAccount(page, name, login, role)
      }
      await page.getByRole('button', { name: 'Sign out' }).click()
    }, 60_000)
    afterAll(async () => {
      await browser.close()
      await serving.close()
      rmSync(workspace, { recursive: true, force: true })
    }, 30_000)

    const signIn = (login: string) => signInAs(page, login)
    const signOut = () => signOutOf(page)
    const choose = (button: string, files: string | string[]) => chooseFiles(page, button, files)
    /** In light and dark, narrow and wide. */
    const looked = async (name: string): Promise<void> => {
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        expect.soft(await axeFaults(page), `${name} ${theme}`).toEqual([])
        if (SHOTS === undefined) continue
        for (const [width, height] of [[1280, 800], [1920, 1080]] as const) {
          await page.setViewportSize({ width, height })
          await page.screenshot({ path: join(SHOTS, `${name}-${width}-${theme}.png`) })
        }
        await page.setViewportSize({ width: 1280, height: 800 })
      }
      await page.emulateMedia({ colorScheme: 'light' })
    }

    it('looks at a chart with the codes that it suggests', async () => {
      await signIn('pia')
      await page.getByRole('link', { name: 'Self-audit' }).click()
      await page.getByText('Look at a chart before it is billed.').waitFor()
      await looked('audit-empty')
      await choose('New chart', ['request.txt', 'report.txt'].map((n) => join(PHYSICS, 'records', n)))
      await page.locator('.fix').first().waitFor({ timeout: 60_000 })
      await page.getByText(/^Suggested by the chart/).waitFor()
      expect(await page.locator('.suggested b').first().innerText()).toBe('77370')
      expect(await page.locator('.fix').getAttribute('data-fix')).toBe('77370.in-chart')
      expect(await page.locator('.fix .badge').innerText()).toBe('Can be mended')
      expect((await page.getByRole('region', { name: 'Lines' }).boundingBox())?.height).toBeGreaterThan(50)
      expect(page.url()).not.toContain('Tarrow')
      await page.locator('.charts b').getByText('Tarrow, Imelda').waitFor()
      await page.locator('.fix .quote button').first().click()
      await page.locator('.audit-page .sheet img, .audit-page .as-text').first().waitFor()
      await page.locator('.draft summary').first().click()
      await looked('audit-fixes')
    })

    it('gives the draft as a Word document and the packet as a PDF', async () => {
      const word = page.waitForEvent('download')
      await page.getByRole('button', { name: 'As a Word document' }).first().click()
      const docx = await (await word).path()
      expect((await mammoth.extractRawText({ path: docx })).value).toContain('Tarrow, Imelda')
      const pdf = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Response packet' }).click()
      const packet = await PDFDocument.load(readFileSync(await (await pdf).path()))
      expect(packet.getPageCount()).toBe(3)
    })

    it('takes other codes, a page to try, and a page to keep', async () => {
      await page.getByRole('button', { name: 'Codes', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Codes').fill('what')
      await dialog.getByRole('button', { name: 'Look at these' }).click()
      await dialog.getByText(/a code is written 77331/).waitFor()
      await dialog.getByLabel('Codes').fill('77331@2025-05-06x1')
      await looked('audit-codes')
      await dialog.getByRole('button', { name: 'Look at these' }).click()
      await page.locator('[data-fix="77331.prescription"]').waitFor({ timeout: 30_000 })
      await choose('What if', join('corpus/audit/dosimetry-without-time/records/order.txt'))
      await page.getByRole('dialog').getByText(/order\.txt/).first().waitFor({ timeout: 30_000 })
      expect(await page.getByRole('dialog').innerText()).toMatch(/Not met[\s\S]*Met/)
      await looked('audit-what-if')
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
      expect(await page.locator('[data-fix="77331.prescription"]').count()).toBe(1)
      await choose('Add files', join('corpus/audit/dosimetry-without-time/records/order.txt'))
      await page.locator('[data-fix="77331.prescription"]').waitFor({ state: 'detached', timeout: 30_000 })
      await page.getByRole('button', { name: 'Remove this chart' }).click()
      await page.getByText('Look at a chart before it is billed.').waitFor()
      await page.locator('.charts li').waitFor({ state: 'detached' })
    })

    it('lets a provider read the policy, and nothing more', async () => {
      await page.getByRole('link', { name: 'Policy' }).click()
      await page.locator('.reqs li').first().waitFor({ timeout: 30_000 })
      expect(await page.getByRole('button', { name: 'Link a copy' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Drafts' }).click()
      await page.getByText('No drafts.').waitFor()
      expect(await page.getByRole('button', { name: 'New draft' }).count()).toBe(0)
      await signOut()
    })

    it('shows requirements with citations, finds them, and sets the own copy beside them', async () => {
      await signIn('lee')
      expect(await page.getByRole('link', { name: 'Self-audit' }).count()).toBe(0)
      // A case to preview a draft on.
      await choose('Add files', ['claim.json', 'records/request.txt', 'records/report.txt'].map((n) => join(PHYSICS, n)))
      await page.locator('.codes .code').first().waitFor({ timeout: 60_000 })
      await page.getByRole('link', { name: 'Policy' }).click()
      await page.getByRole('searchbox').fill('karnofsky')
      await page.locator('#sbrt\\.performance').waitFor({ timeout: 30_000 })
      expect(await page.locator('.reqs li').count()).toBeLessThan(4)
      expect(await page.locator('#sbrt\\.performance').innerText()).toContain('“SBRT / SRS documentation requirements”, item 4')
      await choose('Link a copy', own)
      await page.locator('#sbrt\\.performance .own q').waitFor({ timeout: 30_000 })
      expect(await page.locator('#sbrt\\.performance .own q').innerText()).toContain('written down for this very course')
      await page.getByRole('searchbox').fill('')
      await looked('policy-read')
      await page.getByRole('button', { name: 'Versions' }).click()
      await page.getByLabel('From').fill('2025-06-27')
      await page.getByText(/Text of 2025-06-27 against text of 2025-08-27|One unit of 77338/).first().waitFor()
      await looked('policy-versions')
    })

    it('checks a draft as it is written, tries it on a case, keeps and exports it, and changes nothing that stands', async () => {
      await page.getByRole('button', { name: 'Drafts' }).click()
      await page.getByRole('button', { name: 'New draft' }).click()
      await page.getByLabel('Draft', { exact: true }).fill('Without the date')
      await page.getByLabel('File').selectOption('77370.yaml')
      const area = page.getByLabel('Text of 77370.yaml')
      const standing = await area.inputValue()
      await area.fill(standing.replace('class: req', 'class: sometimes').replace('physics-consult-request', 'no-such-concept'))
      await page.getByText(/\d faults?/).waitFor({ timeout: 30_000 })
      expect(await page.locator('.faults li').first().innerText()).toMatch(/^77370\.yaml:\d+:\d+ .*class/)
      await looked('policy-faults')
      await page.locator('.faults button').first().click()
      await area.fill(standing.replace(/- id: 77370\.in-chart[\s\S]*?class: req/, (m) => m.replace('class: req', 'class: cond')))
      await page.getByText('No faults.').waitFor({ timeout: 30_000 })
      await page.getByText('77370.in-chart', { exact: true }).waitFor()
      await page.getByText(/All \d+ examples hold/).waitFor()
      // A test that an unsigned report meets too.
      const from = standing.indexOf('test:', standing.indexOf('- id: 77370.in-chart'))
      await area.fill(`${standing.slice(0, from)}test: { note: [special-physics-report] }\n${standing.slice(standing.indexOf('    examples:', from))}`)
      await page.getByText(/changed: test/).waitFor({ timeout: 30_000 })
      // The examples written beside it run along: those of an unsigned report are now answered otherwise.
      await page.getByText(/\d+ of \d+ examples fail/).waitFor({ timeout: 30_000 })
      expect(await page.locator('.faults.examples').innerText()).toMatch(/77370\.in-chart \S+ expected, met/)
      await page.getByLabel('Case').selectOption({ index: 1 })
      await page.getByRole('button', { name: 'Preview' }).click()
      await page.getByRole('status').filter({ hasText: '77370.in-chart' }).waitFor({ timeout: 30_000 })
      expect(await page.getByRole('status').filter({ hasText: '77370.in-chart' }).innerText()).toMatch(/Insufficient[\s\S]*Supported[\s\S]*Partly met[\s\S]*Met/)
      await looked('policy-preview')
      await page.getByRole('button', { name: 'Save draft' }).click()
      await page.getByText('Saved as revision 1.').waitFor()
      await page.getByRole('button', { name: 'Close' }).click()
      const file = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export' }).click()
      expect(readFileSync(await (await file).path(), 'utf8')).toContain('test: { note: [special-physics-report] }')
      await page.getByRole('link', { name: 'Worklist' }).click()
      await page.locator('.code.warn').waitFor()
      await signOut()
    })

    it('lets a reviewer read drafts and change none; no fault on any page', async () => {
      await signIn('ann')
      await page.getByRole('link', { name: 'Policy' }).click()
      await page.getByRole('button', { name: 'Drafts' }).click()
      await page.getByRole('button', { name: 'Read' }).click()
      expect(await page.getByLabel(/^Text of/).getAttribute('readonly')).not.toBeNull()
      expect(await page.getByRole('button', { name: 'Save draft' }).count()).toBe(0)
      expect(faults).toEqual([])
    })
  })
}
