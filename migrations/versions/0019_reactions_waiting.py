"""Reactions that wait for their number are found without reading those that arrived."""

from migrations.support import run

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run(
        """
        create index reaction_send_waiting on reaction_send (tenant_id)
            where revision <> settled_revision and sending is null;
        """
    )
