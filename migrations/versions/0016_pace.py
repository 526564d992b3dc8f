"""How fast numbers may send, shared by all workers; and who is to be left in peace for a while.

`send_pace` is plumbing: workers lease moments to send from it. The others are a tenant's.
"""

from migrations.support import plumbing, run, tenant_table

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run(
        """
        create table send_pace (
            tenant_id uuid not null references account (id),
            channel_id uuid not null,
            booked_until bigint not null default 0,
            factor double precision not null default 1,
            slowed_at bigint not null default 0,
            primary key (tenant_id, channel_id)
        );

        create table pair_pace (
            tenant_id uuid not null references account (id),
            channel_id uuid not null,
            contact_id uuid not null,
            count integer not null,
            until timestamptz not null,
            primary key (tenant_id, channel_id, contact_id)
        );

        create index pair_pace_until on pair_pace (until);

        create table people_reached (
            tenant_id uuid not null references account (id),
            contact_id uuid not null,
            at timestamptz not null,
            primary key (tenant_id, contact_id)
        );

        create index people_reached_at on people_reached (tenant_id, at);

        create table cool_off (
            tenant_id uuid not null references account (id),
            kind text not null check (kind in ('contact', 'number')),
            subject uuid not null,
            until timestamptz not null,
            times integer not null,
            reason text not null,
            message_id uuid not null,
            primary key (tenant_id, kind, subject)
        );
        """
    )
    tenant_table("send_pace", grants="select")
    plumbing("send_pace", "select, insert, update, delete")
    tenant_table("pair_pace")
    plumbing("pair_pace", "select, delete")
    tenant_table("people_reached")
    plumbing("people_reached", "select, delete")
    tenant_table("cool_off")
