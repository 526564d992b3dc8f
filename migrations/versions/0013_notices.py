"""What Meta tells of accounts and numbers, for people: one row for each thing it can be about."""

from migrations.support import run, tenant_table

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run(
        """
        create table account_notice (
            tenant_id uuid not null references account (id),
            id uuid not null,
            key text not null,
            kind text not null,
            severity text not null check (severity in ('info', 'warning', 'critical')),
            over boolean not null,
            waba_id text,
            channel_id uuid,
            at timestamptz not null,
            until timestamptz,
            details jsonb not null,
            dismissed_at timestamptz,
            dismissed_by text,
            version integer not null default 1,
            created_at timestamptz not null default now(),
            primary key (tenant_id, id),
            unique (tenant_id, key),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id)
        );

        create index account_notice_recent on account_notice (tenant_id, at desc, id desc);
        """
    )
    tenant_table("account_notice")
