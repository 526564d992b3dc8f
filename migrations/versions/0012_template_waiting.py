"""When Meta may be asked again for an account's templates, after she said that it was too often."""

from migrations.support import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run("alter table template_account add column not_before timestamptz")
