// The schema, step by step, the same on the embedded database and on PostgreSQL. May not: change a step that was released.
import { sql, type Kysely, type Migration } from 'kysely'
import { selfAudits } from './self-audit-tables.ts'

const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const statements = [
      `create table organisations (id text primary key, name text not null, settings text not null, created_at timestamptz not null default now())`,
      `create table users (id text primary key, organisation_id text not null references organisations, login text not null unique, name text not null, role text not null,
        password text not null, disabled boolean not null default false, failures integer not null default 0, locked_until timestamptz, created_at timestamptz not null default now())`,
      `create table sessions (id text primary key, user_id text not null references users, csrf text not null, created_at timestamptz not null default now(),
        seen_at timestamptz not null, expires_at timestamptz not null)`,
      `create table tokens (id text primary key, user_id text not null references users, name text not null, hash text not null unique, created_at timestamptz not null default now(),
        expires_at timestamptz not null, revoked_at timestamptz, used_at timestamptz)`,
      `create table claims (id text primary key, organisation_id text not null references organisations, claim_key text not null, hash text not null, sealed text not null,
        created_at timestamptz not null default now(), unique (organisation_id, claim_key, hash))`,
      `create table cases (id text primary key, organisation_id text not null references organisations, number integer not null, claim_id text not null references claims,
        claim_key text not null, state text not null, run text not null, assignee text references users, payer text not null, codes text not null, line_count integer not null,
        dos_from text not null, dos_to text not null, amount double precision not null, at_risk double precision not null, priority double precision not null, determination text,
        missing integer not null default 0, pages integer not null default 0, summary text not null, review_id text, received_on text not null, due_on text not null,
        blind boolean not null default false, created_at timestamptz not null default now(), updated_at timestamptz not null, unique (organisation_id, number))`,
      `create index cases_worklist on cases (organisation_id, state, priority desc)`,
      `create index cases_run on cases (run) where run in ('queued', 'running')`,
      `create table records (id text primary key, organisation_id text not null references organisations, case_id text references cases, sealed_name text not null, hash text not null,
        blob text not null, bytes double precision not null, read_blob text, reader text, sealed_identity text, pages integer, received_at timestamptz not null default now(), received_by text not null, removed_at timestamptz)`,
      `create index records_case on records (case_id)`,
      `create index records_blob on records (blob)`,
      `create table reviews (id text primary key, organisation_id text not null references organisations, case_id text not null references cases, number integer not null,
        engine text not null, dictionaries text not null, policy text not null, policy_versions text not null, input text not null, report_blob text not null,
        documents_blob text not null, made_at timestamptz not null default now(), unique (case_id, number))`,
      `create table decisions (id text primary key, organisation_id text not null references organisations, case_id text not null references cases, review_id text not null references reviews,
        target text not null, line integer, subject text, machine text not null, action text not null, status text not null, reason text, sealed_note text, round text not null,
        decided_by text not null references users, decided_at timestamptz not null)`,
      `create index decisions_case on decisions (case_id, decided_at)`,
      `create table views (id text primary key, user_id text not null references users, name text not null, filter text not null, created_at timestamptz not null default now(), unique (user_id, name))`,
      `create table audit (seq integer primary key, at text not null, organisation_id text, actor text, action text not null, subject text, data text not null, restore text,
        previous text not null, hash text not null)`,
      `create index audit_organisation on audit (organisation_id, seq desc)`,
    ]
    for (const statement of statements) await sql.raw(statement).execute(db)
    // Rows that must stay as they were written, whoever holds the connection.
    await sql.raw(`create function vouch_keep() returns trigger language plpgsql as $$ begin raise exception 'rows of % are never changed', tg_table_name; end $$`).execute(db)
    for (const table of ['audit', 'decisions', 'reviews']) {
      await sql.raw(`create trigger ${table}_keep before update or delete on ${table} for each row execute function vouch_keep()`).execute(db)
    }
  },
}

const indexes: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of [
      'create index cases_claim on cases (organisation_id, claim_key)',
      'create index records_waiting on records (organisation_id) where case_id is null and removed_at is null',
    ]) await sql.raw(statement).execute(db)
  },
}

const providers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of ['alter table users add column issuer text', 'alter table users add column subject text', 'create unique index users_subject on users (issuer, subject)']) await sql.raw(statement).execute(db)
  },
}

const sending: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(`create table letter_settings (organisation_id text primary key references organisations, settings text not null, changed_at timestamptz not null)`).execute(db)
    await sql.raw(`create table letters (id text primary key, organisation_id text not null references organisations, case_id text not null references cases, review_id text not null references reviews, kind text not null,
      content text not null, sealed text not null, signed_by text not null references users, signed_at timestamptz not null)`).execute(db)
    await sql.raw(`create index letters_case on letters (case_id, signed_at)`).execute(db)
  },
}

export const MIGRATIONS: Readonly<Record<string, Migration>> = { '0001-first': first, '0002-indexes': indexes, '0003-providers': providers, '0004-sending': sending, '0010-self-audits': selfAudits }
