"""Every kind of message: what it holds, its file, its reactions, its edits; and addresses people have left.

`media` is a table of its own, because a file arrives after its message and changes state by itself. An identity
that was left stays, so that late messages still find their contact, but nothing is sent to it any more.
"""

from migrations.support import run, tenant_table

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run(
        """
        alter table message
            add column content jsonb,
            add column reactions jsonb not null default '[]',
            add column edited_at timestamptz,
            add column revoked_at timestamptz,
            add column forwarded boolean not null default false,
            add column referral jsonb;

        alter table conversation
            add column last_reaction_id uuid,
            add column last_reaction_emoji text,
            add column last_reaction_at timestamptz;

        alter table contact_identity add column retired_at timestamptz;

        create table media (
            tenant_id uuid not null references account (id),
            id uuid not null,
            message_id uuid not null,
            channel_id uuid not null,
            kind text not null check (kind in ('image', 'video', 'audio', 'document', 'sticker')),
            mime_type text not null,
            filename text,
            voice boolean not null default false,
            animated boolean not null default false,
            status text not null check (status in ('pending', 'ready', 'failed')),
            remote_id text,
            remote_url text,
            remote_url_until timestamptz,
            promised_sha256 text,
            attempts integer not null default 0,
            failure text,
            size bigint check (size >= 0),
            sha256 text,
            sniffed_type text,
            created_at timestamptz not null default now(),
            primary key (tenant_id, id),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id),
            check (status <> 'ready' or (size is not null and sha256 is not null))
        );

        create unique index media_message on media (tenant_id, message_id);
        """
    )
    tenant_table("media")
