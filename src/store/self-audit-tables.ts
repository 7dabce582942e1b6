// Tables of the self-audit and the policy room, and the step that makes them. May not: hold patient text in clear; change a step that was released.
import { sql, type ColumnType, type Kysely, type Migration } from 'kysely'

type Moment = ColumnType<Date, Date | string, Date | string>
type Made = ColumnType<Date, Date | string | undefined, never>

export interface SelfAuditTables {
  self_audits: {
    id: string; organisation_id: string; made_by: string
    /** Name of the patient as the chart prints it, or of the first file; sealed. */
    sealed_title: string
    /** What is planned, as JSON; sealed. */
    sealed_plan: string
    run: 'queued' | 'running' | 'done' | 'failed'
    /** The result, sealed; null until there is one. `made_with` names program and dictionaries. */
    result_blob: string | null; made_with: string | null
    created_at: Made; updated_at: Moment; removed_at: Moment | null
  }
  self_audit_files: {
    id: string; audit_id: string; sealed_name: string; hash: string; blob: string; bytes: number; read_blob: string | null; reader: string | null; pages: number | null; created_at: Made
  }
  policy_drafts: {
    id: string; organisation_id: string; name: string; policy: string
    /** File name → text, as JSON. */
    files: string; revision: number; made_by: string; changed_by: string; created_at: Made; updated_at: Moment; removed_at: Moment | null
  }
  policy_copies: { organisation_id: string; sealed_name: string; blob: string; passages_blob: string; linked_by: string; linked_at: Moment }
}

export const selfAudits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [
      `create table self_audits (id text primary key, organisation_id text not null references organisations, made_by text not null references users, sealed_title text not null, sealed_plan text not null,
        run text not null, result_blob text, made_with text, created_at timestamptz not null default now(), updated_at timestamptz not null, removed_at timestamptz)`,
      `create index self_audits_organisation on self_audits (organisation_id, created_at desc) where removed_at is null`,
      `create table self_audit_files (id text primary key, audit_id text not null references self_audits, sealed_name text not null, hash text not null, blob text not null, bytes double precision not null,
        read_blob text, reader text, pages integer, created_at timestamptz not null default now())`,
      `create index self_audit_files_audit on self_audit_files (audit_id)`,
      `create table policy_drafts (id text primary key, organisation_id text not null references organisations, name text not null, policy text not null, files text not null, revision integer not null,
        made_by text not null references users, changed_by text not null references users, created_at timestamptz not null default now(), updated_at timestamptz not null, removed_at timestamptz)`,
      `create table policy_copies (organisation_id text primary key references organisations, sealed_name text not null, blob text not null, passages_blob text not null, linked_by text not null references users, linked_at timestamptz not null)`,
    ]) await sql.raw(statement).execute(db)
  },
}
