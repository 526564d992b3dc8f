"""Our own reactions on their way to Meta, and what she has been told of reading and typing.

A reaction is free-form too, so the database refuses it outside the service window as it refuses a message.
"""

from migrations.support import run, tenant_table

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run(
        """
        create table reaction_send (
            tenant_id uuid not null references account (id),
            message_id uuid not null,
            wanted text not null,
            revision integer not null,
            sending integer,
            sending_emoji text,
            claimed_at timestamptz,
            claimed_by bigint,
            attempts integer not null default 0,
            settled text not null default '',
            settled_revision integer not null default 0,
            doubted boolean not null default false,
            before text not null default '',
            primary key (tenant_id, message_id)
        );

        create function refuse_reaction_outside_window() returns trigger language plpgsql
        as $$
        declare
            ends_at timestamptz;
            guarded boolean;
        begin
            select c.service_window_ends_at, ch.has_service_window into ends_at, guarded
            from message m
            join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
            join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
            where m.tenant_id = new.tenant_id and m.id = new.message_id;
            if guarded is null then
                raise exception 'reaction without its message' using errcode = 'foreign_key_violation';
            end if;
            if guarded and (ends_at is null or ends_at <= now()) then
                raise exception 'the service window is closed' using errcode = 'CL001';
            end if;
            return new;
        end $$;

        create trigger reaction_window_on_insert before insert on reaction_send for each row
            execute function refuse_reaction_outside_window();

        create trigger reaction_window_on_send before update on reaction_send for each row
            when (new.revision <> old.revision
                  or (new.sending is not null and new.sending is distinct from old.sending))
            execute function refuse_reaction_outside_window();

        alter table conversation
            add column read_asked_id uuid,
            add column read_told_id uuid,
            add column typing_told_at timestamptz;
        """
    )
    tenant_table("reaction_send")
