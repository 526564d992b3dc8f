"""Message templates of the WhatsApp business accounts behind the numbers, and when they were read.

`template_channel` says whose templates a channel can send, so that the room needs nothing of Meta's numbers.
The four `…_at` tell how old what is known is, so that events that come late or twice change nothing.
"""

from migrations.support import run, tenant_table

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run(
        """
        create table template (
            tenant_id uuid not null references account (id),
            id uuid not null,
            waba_id text not null,
            name text not null,
            language text not null,
            meta_id text,
            category text not null check (category in ('marketing', 'utility', 'authentication')),
            status text not null,
            reason text,
            advice text,
            quality text not null default 'unknown' check (quality in ('green', 'yellow', 'red', 'unknown')),
            parameter_format text not null check (parameter_format in ('named', 'positional')),
            components jsonb not null,
            content jsonb not null,
            paused_until timestamptz,
            disables_at timestamptz,
            coming_category text check (coming_category in ('marketing', 'utility', 'authentication')),
            status_at timestamptz not null,
            category_at timestamptz not null,
            quality_at timestamptz not null,
            version integer not null default 1,
            content_version integer not null default 1,
            created_at timestamptz not null default now(),
            updated_at timestamptz not null default now(),
            primary key (tenant_id, id),
            unique (tenant_id, waba_id, name, language)
        );

        create index template_by_name on template (tenant_id, name, language, id);

        create index template_meta_id on template (tenant_id, meta_id);

        create table template_channel (
            tenant_id uuid not null references account (id),
            channel_id uuid not null,
            waba_id text not null,
            primary key (tenant_id, channel_id),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id)
        );

        create index template_channel_waba on template_channel (tenant_id, waba_id);

        create table template_account (
            tenant_id uuid not null references account (id),
            waba_id text not null,
            synced_at timestamptz,
            problem text,
            primary key (tenant_id, waba_id)
        );
        """
    )
    # The numbers there are. Forced policies hide them from their own owner, so that is lifted for this statement.
    run(
        """
        alter table phone_number no force row level security;

        insert into template_channel (tenant_id, channel_id, waba_id)
        select tenant_id, id, waba_id from phone_number where status <> 'disconnected';

        alter table phone_number force row level security;
        """
    )
    for table in ("template", "template_channel", "template_account"):
        tenant_table(table)
