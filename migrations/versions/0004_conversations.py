"""Channels, conversations, messages (partitioned by time), and the window that the database itself guards."""

from migrations.support import run, tenant_table

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run(
        """
        create table channel (
            tenant_id uuid not null references account (id),
            id uuid not null,
            kind text not null,
            address text not null,
            name text,
            has_service_window boolean not null,
            connected boolean not null default true,
            created_at timestamptz not null default now(),
            primary key (tenant_id, id)
        );

        create table conversation (
            tenant_id uuid not null,
            id uuid not null,
            channel_id uuid not null,
            contact_id uuid not null,
            status text not null default 'open' check (status in ('open', 'closed')),
            assignee_id uuid,
            unread_count integer not null default 0 check (unread_count >= 0),
            last_message_id uuid,
            last_message_at timestamptz not null,
            waiting_since timestamptz,
            service_window_ends_at timestamptz,
            version integer not null default 1,
            created_at timestamptz not null default now(),
            closed_at timestamptz,
            primary key (tenant_id, id),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id),
            foreign key (tenant_id, contact_id) references contact (tenant_id, id),
            foreign key (tenant_id, assignee_id) references membership (tenant_id, user_id)
                on delete set null (assignee_id)
        );

        create unique index conversation_one_open on conversation (tenant_id, channel_id, contact_id)
            where status = 'open';

        create index conversation_recent on conversation (tenant_id, status, last_message_at desc, id desc);

        create index conversation_assigned on conversation (tenant_id, assignee_id, last_message_at desc, id desc)
            where status = 'open';

        create index conversation_waiting on conversation
            (tenant_id, coalesce(waiting_since, '9999-01-01 00:00:00+00'::timestamptz), id)
            where status = 'open';

        create index conversation_window on conversation (tenant_id, service_window_ends_at, id)
            where status = 'open';

        create index conversation_contact on conversation (tenant_id, contact_id, last_message_at desc);

        create table message (
            tenant_id uuid not null,
            id uuid not null,
            conversation_id uuid not null,
            direction text not null check (direction in ('in', 'out')),
            type text not null,
            text text,
            status text not null,
            status_at timestamptz,
            wamid text,
            client_id text,
            sent_at timestamptz not null,
            author_kind text not null check (author_kind in ('contact', 'user', 'api', 'phone')),
            author_id uuid,
            author_name text,
            reply_to_wamid text,
            reply_to_id uuid,
            unsupported_type text,
            error jsonb,
            raw json,
            claimed_at timestamptz,
            claimed_by bigint,
            attempts integer not null default 0,
            version integer not null default 1,
            created_at timestamptz not null default now(),
            primary key (tenant_id, id)
        ) partition by range (id);

        create index message_thread on message (tenant_id, conversation_id, id desc);

        create index message_to_send on message (tenant_id, conversation_id, id)
            where direction = 'out' and status in ('queued', 'sending');

        create table message_default partition of message default;

        create table message_wamid (
            tenant_id uuid not null,
            wamid text not null,
            message_id uuid not null,
            primary key (tenant_id, wamid)
        );

        create table parked_status (
            tenant_id uuid not null,
            wamid text not null,
            status text not null,
            at timestamptz not null,
            body jsonb not null,
            parked_at timestamptz not null default now(),
            primary key (tenant_id, wamid, status)
        );

        create function month_floor_id(at timestamptz) returns uuid language sql immutable
        as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;

        create function ensure_message_partitions(months_back integer, months_ahead integer) returns integer
        language plpgsql security definer set search_path = public, pg_temp
        as $$
        declare
            month timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
            starts timestamptz;
            ends timestamptz;
            name text;
            made integer := 0;
        begin
            for step in -months_back .. months_ahead loop
                starts := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step))
                    at time zone 'UTC';
                ends := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step + 1))
                    at time zone 'UTC';
                name := 'message_' || to_char(starts at time zone 'UTC', 'YYYY_MM');
                if to_regclass('public.' || name) is null then
                    execute format(
                        'create table %I partition of message for values from (%L) to (%L)',
                        name, month_floor_id(starts), month_floor_id(ends));
                    made := made + 1;
                end if;
            end loop;
            return made;
        end $$;

        revoke all on function ensure_message_partitions(integer, integer) from public;

        grant execute on function ensure_message_partitions(integer, integer) to {system};

        select ensure_message_partitions(7, 3);

        create function refuse_outside_window() returns trigger language plpgsql
        as $$
        declare
            ends_at timestamptz;
            guarded boolean;
        begin
            select c.service_window_ends_at, ch.has_service_window into ends_at, guarded
            from conversation c
            join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
            where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
            if guarded is null then
                raise exception 'message without its conversation' using errcode = 'foreign_key_violation';
            end if;
            if guarded and (ends_at is null or ends_at <= now()) then
                raise exception 'the service window is closed' using errcode = 'CL001';
            end if;
            return new;
        end $$;

        create trigger message_window_on_insert before insert on message for each row
            when (new.direction = 'out' and new.type <> 'template' and new.author_kind <> 'phone')
            execute function refuse_outside_window();

        create trigger message_window_on_send before update of status on message for each row
            when (new.direction = 'out' and new.type <> 'template' and new.status in ('queued', 'sending')
                  and new.status is distinct from old.status)
            execute function refuse_outside_window();
        """
    )
    for table in ("channel", "conversation", "message", "message_wamid", "parked_status"):
        tenant_table(table)
