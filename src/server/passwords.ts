// Passwords and secrets: hashed with scrypt, compared in constant time. May not: keep or print one.
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** Exponent of the cost: 2^17 with blocks of 8 takes 128 MB and about 0.4 s. */
export const PASSWORD_COST = 17

const derive = (password: string, salt: Buffer, cost: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** cost * 1024 + (64 << 20) }, (e, key) => (e === null ? resolve(key) : reject(e)))
  })

export async function hashPassword(password: string, cost: number): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt$${cost}$${salt.toString('base64')}$${(await derive(password, salt, cost)).toString('base64')}`
}

/** Also takes its time where there is no such account, so that accounts cannot be found out by the clock. */
export async function passwordMatches(password: string, kept: string | null, cost: number): Promise<boolean> {
  // Accounts of an identity provider have none.
  const stored = kept?.startsWith('scrypt$') ? kept : null
  const [, exponent, salt, key] = (stored ?? `scrypt$${cost}$${'A'.repeat(22)}==$${'A'.repeat(43)}=`).split('$')
  const expected = Buffer.from(key ?? '', 'base64')
  const got = await derive(password, Buffer.from(salt ?? '', 'base64'), Number(exponent))
  return stored !== null && expected.length === got.length && timingSafeEqual(expected, got)
}

export const newSecret = (): string => randomBytes(32).toString('base64url')
/** Of random secrets only: what is in the database opens nothing. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export function sameSecret(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(secretHash(a)), Buffer.from(secretHash(b))]
  return timingSafeEqual(x, y)
}
