import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineVersion } from '../../src/load/engine-version.ts'
import { dictionariesFolder } from '../../src/load/folder.ts'
import { knowledgeOf } from '../../src/load/snapshot.ts'
import { serve, type Serving } from '../../src/server/serve.ts'
import { replayPacket } from '../../src/sending/replay-packet.ts'
import { verifyPacket } from '../../src/sending/verify-packet.ts'
import { addAccount, axeFaults, chooseFiles, CHROMIUM, NO_CHROMIUM, openedPage, setUp, signIn as signInAs, startBrowser } from './browser.ts'

const RECORDS = ['consultation.docx', 'prescription-and-plan.pdf', 'treatment.pdf'].map((n) => join('corpus/sample/records', n))
/** Where somebody wants to look at the screens. */
const SHOTS = process.env['VOUCH_SHOTS']

if (CHROMIUM === null) {
  process.stderr.write(`${NO_CHROMIUM}\n`)
  describe('letters in a browser', () => it(NO_CHROMIUM, () => expect(CHROMIUM).toBeNull()))
} else {
  describe('letters and the packet in a browser', () => {
    let browser: Browser
    let serving: Serving
    let page: Page
    const workspace = mkdtempSync(join(tmpdir(), 'vouch-letters-'))
    let faults: string[] = []
    const shot = async (name: string): Promise<void> => { if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `${name}.png`) }) }

    beforeAll(async () => {
      browser = await startBrowser()
      serving = await serve({ workspace: join(workspace, 'w'), port: 0, host: '127.0.0.1', passwordCost: 12 })
      ;({ page, faults } = await openedPage(browser, serving, { width: 1360, height: 900 }))
    }, 60_000)
    afterAll(async () => {
      await browser.close()
      await serving.close()
      rmSync(workspace, { recursive: true, force: true })
    }, 30_000)

    const downloaded = async (button: string): Promise<{ name: string; bytes: Uint8Array }> => {
      const waits = page.waitForEvent('download', { timeout: 60_000 })
      await page.getByRole('dialog').getByRole('button', { name: button, exact: true }).click()
      const got = await waits
      return { name: got.suggestedFilename(), bytes: new Uint8Array(readFileSync(await got.path())) }
    }
    const signIn = (login: string) => signInAs(page, login)

    it('an administrator fills in what letters need', async () => {
      await setUp(page, serving, 'Invented Health Plan')
      await page.getByRole('heading', { name: 'Letters' }).waitFor()
      await page.getByLabel('Name of the payer').fill('Invented Health Plan')
      await page.getByLabel('Address, a line each').fill('1 Example Street\nSpringfield, MI 49000')
      await page.getByLabel(/^Dispute rights/).fill('You may dispute this determination within {disputeDays} days[, by {disputeDue}].')
      await page.getByRole('button', { name: 'Update letters' }).click()
      await page.getByText('Letters updated.').waitFor()
      expect.soft(await axeFaults(page)).toEqual([])
      await shot('settings')
      await addAccount(page, 'Ann Ferrow', 'ann', 'reviewer')
      await page.getByRole('button', { name: 'Sign out' }).click()
    }, 60_000)

    it('a reviewer sees the letter as a draft, and goes from a quote to its page', async () => {
      await signIn('ann')
      await chooseFiles(page, 'Add files', ['corpus/sample/claim.json', ...RECORDS])
      await page.locator('.codes .code').first().waitFor({ timeout: 90_000 })
      await page.getByRole('link', { name: 'Marlowe, Edith' }).click()
      await page.locator('.sheet img').waitFor()
      await page.keyboard.press('s')
      const dialog = page.getByRole('dialog', { name: 'Letters and packet' })
      await dialog.getByRole('article').waitFor()
      await dialog.getByText('DRAFT.', { exact: true }).waitFor()
      await dialog.getByText('The case is not decided yet: sign it first.').waitFor()
      expect(await dialog.getByRole('button', { name: 'Sign off' }).isDisabled()).toBe(true)
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        expect.soft(await axeFaults(page), theme).toEqual([])
        await shot(`draft-${theme}`)
      }
      await page.emulateMedia({ colorScheme: 'light' })
      await dialog.getByRole('button', { name: 'treatment.pdf, page 2' }).first().click()
      await dialog.waitFor({ state: 'hidden' })
      await page.getByText(/treatment\.pdf.*\b2\b/).first().waitFor()
    }, 120_000)

    it('signs the request for records off, and the determination once the case is decided', async () => {
      await page.getByRole('button', { name: /^Letters/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Letters and packet' })
      await dialog.getByRole('button', { name: 'Request for records' }).click()
      await dialog.getByText('What we ask for').waitFor()
      await dialog.getByRole('button', { name: 'Sign off' }).click()
      await dialog.getByRole('status').filter({ hasText: 'Signed off by Ann Ferrow' }).waitFor()
      await shot('request-signed')
      expect((await downloaded('Word')).name).toMatch(/record-request\.docx$/)
      await dialog.getByRole('button', { name: 'Close' }).click()
      await page.keyboard.press('S')
      await page.getByRole('dialog').getByRole('button', { name: 'Sign', exact: true }).click()
      await page.getByText('Decided').first().waitFor()
      await page.getByRole('button', { name: /^Letters/ }).click()
      await dialog.getByRole('button', { name: 'Determination' }).click()
      expect((await downloaded('PDF')).name).toMatch(/determination-draft\.pdf$/)
      await dialog.getByRole('button', { name: 'Sign off' }).click()
      await dialog.getByRole('status').filter({ hasText: 'Signed off by Ann Ferrow' }).waitFor()
      expect(await dialog.getByText('DRAFT.', { exact: true }).count()).toBe(0)
      await shot('determination-signed')
      const signed = await downloaded('PDF')
      expect(signed.name).toMatch(/determination\.pdf$/)
      expect(Buffer.from(signed.bytes.subarray(0, 5)).toString()).toBe('%PDF-')
    }, 120_000)

    it('takes the packet out, which verifies', async () => {
      const packet = await downloaded('Evidence packet')
      expect(packet.name).toMatch(/packet\.zip$/)
      const verified = await verifyPacket(packet.bytes)
      expect(verified.faults).toEqual([])
      expect([...verified.files.keys()]).toContain('records/treatment.pdf')
      expect((JSON.parse(new TextDecoder().decode(verified.files.get('letters/determination.json'))) as { signOff: { by: string } }).signOff.by).toBe('Ann Ferrow')
      // What the command line makes of it is what the workbench made.
      const { differences } = await replayPacket(verified, await knowledgeOf(dictionariesFolder(), engineVersion()), new Map(), { processes: 1 }, (report) => report)
      expect(differences).toEqual([])
      expect((await downloaded('Worksheet, Excel')).name).toMatch(/worksheet\.xlsx$/)
      expect((await downloaded('Marked records')).name).toMatch(/marked-records\.pdf$/)
      expect(faults).toEqual([])
    }, 180_000)
  })
}
