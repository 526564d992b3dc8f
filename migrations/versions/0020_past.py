"""What the phone that shares our number calls people, kept apart from the names that staff give."""

from migrations.support import run

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run("alter table contact add column book_name text, add column book_name_at timestamptz;")
