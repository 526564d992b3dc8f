"""Outbox, timers, jobs, idempotency keys; the function every policy asks."""

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

from migrations.support import plumbing, run, tenant_table

revision = "0001"
down_revision = None


def upgrade() -> None:
    run(
        """
        create function current_tenant() returns uuid language sql stable parallel safe
        as $$ select nullif(current_setting('clientela.tenant_id', true), '')::uuid $$;

        grant usage on schema public to {app}, {system};

        create table outbox (
            position bigint generated always as identity primary key,
            tenant_id uuid not null,
            type text not null,
            body bytea not null
        );

        create table timer (
            tenant_id uuid not null,
            kind text not null,
            subject uuid not null,
            due_at timestamptz not null,
            job text not null,
            lane integer not null,
            payload bytea not null,
            primary key (tenant_id, kind, subject)
        );

        create index timer_due on timer (due_at);

        create table idempotency_key (
            tenant_id uuid not null,
            principal text not null,
            key text not null,
            request_hash bytea not null,
            status integer,
            body bytea,
            created_at timestamptz not null default now(),
            primary key (tenant_id, principal, key)
        );

        create index idempotency_key_created on idempotency_key (created_at);
        """
    )
    # The relay reads and deletes; a tenant's transaction may only add, and only for itself.
    tenant_table("outbox", grants="insert")
    plumbing("outbox", "select, delete")
    tenant_table("timer")
    plumbing("timer", "select, update, delete")
    tenant_table("idempotency_key")
    plumbing("idempotency_key", "select, delete")
    run(QueryBuilderEnvironment().build_install_query())
    run(
        """
        grant insert on pgqueuer, pgqueuer_log to {app};
        grant select (id, entrypoint, priority, dedupe_key) on pgqueuer to {app};
        grant usage on all sequences in schema public to {app}, {system};
        grant select, insert, update, delete on pgqueuer, pgqueuer_log, pgqueuer_statistics, pgqueuer_schedules
            to {system};
        """
    )
