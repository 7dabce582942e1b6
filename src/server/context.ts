// What every route works with. May not: do anything.
import type { Store } from '../store/open-store.ts'
import type { OrganisationSettings, UserRole } from '../store/tables.ts'
import type { Events } from './events.ts'
import type { Oidc } from './oidc.ts'
import type { PageDesk } from './page-desk.ts'
import type { ReviewDesk } from './review-desk.ts'
import type { Runner } from './runner.ts'

export interface Context {
  readonly store: Store
  readonly runner: Runner
  readonly pages: PageDesk
  readonly events: Events
  /** See `ReviewDesk`. */
  readonly label: ReviewDesk['label']
  /** Folder of the labelled cases made here. */
  readonly corpus: string
  /** Null where everybody signs in here. */
  readonly oidc: Oidc | null
  readonly engine: string
  /** Cookies only over TLS. */
  readonly secure: boolean
  /** One proxy in front says whom it speaks for. */
  readonly proxied: boolean
  /** Shown on the operator's terminal; who has it sets up the first administrator. */
  readonly setupCode: string
  /** See `hashPassword`. */
  readonly passwordCost: number
  /** Folder of the built workbench, or null where it is not served. */
  readonly web: string | null
}

/** Who asks. */
export interface Who {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly role: UserRole
  readonly organisation: string
  readonly organisationName: string
  readonly settings: OrganisationSettings
  readonly csrf: string | null
  readonly session: string | null
}

/** A refusal, in one sentence for the person who asked. */
export class Refusal extends Error {
  readonly statusCode: number
  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}
