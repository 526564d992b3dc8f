"""WhatsApp numbers, the routing table that lies outside the policies, and events kept raw."""

from migrations.support import plumbing, run, tenant_table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run(
        """
        create table phone_number (
            tenant_id uuid not null references account (id),
            id uuid not null,
            waba_id text not null,
            phone_number_id text not null,
            display_phone_number text not null,
            verified_name text,
            access_token bytea not null,
            app_secret bytea,
            signing_key_id text not null,
            status text not null default 'connected' check (status in ('connected', 'reconnect', 'disconnected')),
            created_at timestamptz not null default now(),
            primary key (tenant_id, id),
            unique (tenant_id, phone_number_id),
            foreign key (tenant_id, id) references channel (tenant_id, id)
        );

        create table number_route (
            phone_number_id text primary key,
            tenant_id uuid not null references account (id),
            channel_id uuid not null,
            waba_id text not null,
            signing_key_id text not null
        );

        create index number_route_waba on number_route (waba_id);

        create table raw_event (
            tenant_id uuid not null references account (id),
            id uuid not null,
            field text not null,
            kind text not null,
            phone_number_id text,
            waba_id text,
            body json not null,
            digest bytea not null,
            received_at timestamptz not null default now(),
            primary key (tenant_id, id),
            unique (tenant_id, digest)
        );
        """
    )
    tenant_table("phone_number")
    tenant_table("raw_event", grants="select, insert, delete")
    # A number belongs to one account: its primary key says so. The worker reads every route; an
    # account writes only its own.
    tenant_table("number_route")
    plumbing("number_route", "select")
    # Ingest's signing keys are announced again when a worker starts, so the plumbing reads the sealed secrets.
    plumbing("phone_number", "select (tenant_id, id, app_secret, signing_key_id)")
