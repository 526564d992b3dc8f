"""Messages that did not go through us: from where a copy comes, and whether a thread is ours to answer.

A copy of what was said elsewhere is past: the guard of the service window is for what is about to be sent.
"""

from migrations.support import run

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run(
        """
        alter table message add column origin text check (origin in ('history', 'standby'));

        alter table conversation
            add column owned boolean not null default true,
            add column owner_role text;

        drop trigger message_window_on_insert on message;

        create trigger message_window_on_insert before insert on message for each row
            when (new.direction = 'out' and new.type <> 'template' and new.author_kind <> 'phone'
                  and new.origin is null)
            execute function refuse_outside_window();
        """
    )
