"""What messages cost: Meta's words on each message, a ledger of charges, and the days an account counts in.

`charge` is a table of its own and narrow: what was spent must stay countable in one short read of an index, and
stays true when a message is deleted. It is keyed by Meta's id, so that a message sent twice by a person's decision
counts twice and a status that comes twice does not. `at` is null until the delivery: before it nothing is charged.
"""

from migrations.support import run, tenant_table

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run(
        """
        alter table account add column time_zone text not null default 'America/Sao_Paulo';

        alter table message
            add column pricing jsonb,
            add column cost_micros bigint,
            add column cost_currency text;

        alter table conversation add column free_entry_ends_at timestamptz;

        create table charge (
            tenant_id uuid not null,
            wamid text not null,
            id uuid not null,
            message_id uuid not null,
            conversation_id uuid not null,
            channel_id uuid not null,
            category text not null,
            pricing_type text not null,
            market text,
            amount_micros bigint check (amount_micros >= 0),
            currency text not null,
            at timestamptz,
            primary key (tenant_id, wamid),
            foreign key (tenant_id, channel_id) references channel (tenant_id, id)
        );

        create index charge_at on charge (tenant_id, at, id)
            include (channel_id, category, amount_micros, currency) where at is not null;

        create index charge_free on charge (tenant_id, channel_id, at)
            where pricing_type = 'free_customer_service' and at is not null;
        """
    )
    tenant_table("charge", grants="select, insert, update")
