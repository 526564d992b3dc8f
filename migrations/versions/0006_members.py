"""What an account calls its members, and people created inside the transaction that adds them.

A person's own name is theirs in every account, so an account that adds or renames somebody keeps its
name for them beside the membership: otherwise one account could rename a colleague of another, or
learn the name behind an e-mail by adding it.
"""

from migrations.support import run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run(
        """
        alter table membership add column name text check (length(name) between 1 and 200);

        create view member with (security_invoker = true) as
            select m.tenant_id, m.user_id, coalesce(m.name, u.name) as name, u.email, m.role, m.created_at
            from membership m join app_user u on u.id = m.user_id;

        grant select on member to {app};

        create policy app_user_created on app_user for insert to {app} with check (true);

        grant insert (id, name, email, password_hash) on app_user to {app};
        """
    )
