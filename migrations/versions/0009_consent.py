"""What contacts agreed to be told: the seed of the consent ledger, and the database's refusal to break it.

Preferences are appended and never changed, so the application may neither update nor delete them. What the newest
one says stands on the contact too, for lists that show it; the trigger asks the ledger itself.
"""

from migrations.support import run, tenant_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run(
        """
        create table marketing_preference (
            tenant_id uuid not null references account (id),
            id uuid not null,
            contact_id uuid not null,
            choice text not null check (choice in ('stop', 'resume', 'signup')),
            source text not null check (source in ('whatsapp', 'meta_error', 'staff')),
            at timestamptz not null,
            evidence jsonb not null,
            recorded_at timestamptz not null default now(),
            primary key (tenant_id, id),
            unique (tenant_id, contact_id, at, choice, source),
            foreign key (tenant_id, contact_id) references contact (tenant_id, id)
        );

        alter table contact
            add column marketing_opted_out_at timestamptz,
            add column marketing_opted_out_by text;

        alter table message add column template_category text;

        create function refuse_unwanted_marketing() returns trigger language plpgsql
        as $$
        begin
            if (select p.choice = 'stop'
                from conversation c
                join marketing_preference p on p.tenant_id = c.tenant_id and p.contact_id = c.contact_id
                where c.tenant_id = new.tenant_id and c.id = new.conversation_id
                order by p.at desc, (p.choice = 'stop') desc limit 1) then
                raise exception 'the contact wants no marketing' using errcode = 'CL002';
            end if;
            return new;
        end $$;

        create trigger message_marketing_on_insert before insert on message for each row
            when (new.direction = 'out' and new.type = 'template' and lower(new.template_category) = 'marketing'
                  and new.status in ('queued', 'sending'))
            execute function refuse_unwanted_marketing();

        create trigger message_marketing_on_send before update of status on message for each row
            when (new.direction = 'out' and new.type = 'template' and lower(new.template_category) = 'marketing'
                  and new.status in ('queued', 'sending') and new.status is distinct from old.status)
            execute function refuse_unwanted_marketing();
        """
    )
    tenant_table("marketing_preference", grants="select, insert")
