"""What the channel needs to know of a message to send and no screen shows: previews, a template's components."""

from migrations.support import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run("alter table message add column send_options jsonb;")
