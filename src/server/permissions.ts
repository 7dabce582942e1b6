// Who may do what. May not: ask the database; know a route.
import type { UserRole } from '../store/tables.ts'

/** `open` is for everybody, signed in or not; `own` for everybody signed in, on what is their own. */
export const PERMISSIONS = {
  'cases.see': ['reviewer', 'lead', 'provider', 'auditor'],
  'cases.add': ['reviewer', 'lead', 'provider'],
  'cases.review': ['reviewer', 'lead', 'provider'],
  'cases.work': ['reviewer', 'lead'],
  'cases.assign': ['lead'],
  'cases.remove': ['lead'],
  'cases.export': ['reviewer', 'lead', 'provider', 'auditor'],
  'cases.label': ['reviewer', 'lead'],
  'decisions.make': ['reviewer', 'lead'],
  'decisions.approve': ['lead'],
  'quality.see': ['lead', 'auditor'],
  'self-audit.use': ['provider'],
  'policy.read': ['reviewer', 'lead', 'provider', 'administrator', 'auditor'],
  'policy.draft': ['lead', 'administrator'],
  'policy.preview': ['lead'],
  'users.manage': ['administrator'],
  'settings.change': ['administrator'],
  'audit.see': ['administrator', 'auditor'],
} as const satisfies Readonly<Record<string, readonly UserRole[]>>

export type Permission = keyof typeof PERMISSIONS

export const may = (role: UserRole, permission: Permission): boolean => (PERMISSIONS[permission] as readonly UserRole[]).includes(role)
export const permissionsOf = (role: UserRole): Permission[] => (Object.keys(PERMISSIONS) as Permission[]).filter((p) => may(role, p))
