"""Contacts and the identities by which they are recognised."""

from migrations.support import run, tenant_table

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run(
        """
        create table contact (
            tenant_id uuid not null references account (id),
            id uuid not null,
            custom_name text,
            profile_name text,
            version integer not null default 1,
            created_at timestamptz not null default now(),
            primary key (tenant_id, id)
        );

        create index contact_recent on contact (tenant_id, id desc);

        create table contact_identity (
            tenant_id uuid not null,
            kind text not null check (kind in ('bsuid', 'wa_id', 'phone', 'username', 'email')),
            value text not null,
            contact_id uuid not null,
            created_at timestamptz not null default now(),
            primary key (tenant_id, kind, value),
            foreign key (tenant_id, contact_id) references contact (tenant_id, id)
        );

        create index contact_identity_contact on contact_identity (tenant_id, contact_id);
        """
    )
    tenant_table("contact")
    tenant_table("contact_identity")
