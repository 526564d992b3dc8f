"""Edits, reactions and revokes that came before their message; and what waits too long can be found and deleted."""

from migrations.support import plumbing, run, tenant_table

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run(
        """
        create table parked_change (
            tenant_id uuid not null,
            wamid text not null,
            change_wamid text not null,
            message_id uuid not null,
            body jsonb not null,
            parked_at timestamptz not null default now(),
            primary key (tenant_id, wamid, change_wamid)
        );

        create index parked_change_age on parked_change (parked_at);

        create index parked_status_age on parked_status (parked_at);
        """
    )
    tenant_table("parked_change")
    # Whoever tidies sees how old a row is, and not what it says.
    plumbing("parked_change", "select (tenant_id, wamid, change_wamid, parked_at), delete")
    plumbing("parked_status", "select (tenant_id, wamid, status, parked_at), delete")
