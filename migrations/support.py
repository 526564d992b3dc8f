"""What every migration needs: plain SQL under a lock timeout, and tenant policies that cannot be forgotten.

Going back is done by restoring or by a further migration, never by a downgrade that drops data.
"""

from alembic import context, op
from sqlalchemy import text


def roles() -> tuple[str, str]:
    """(`app`, `system`) role names of the database being migrated, quoted for SQL."""
    app, system = context.config.attributes["roles"]
    return f'"{app}"', f'"{system}"'


def run(statements: str) -> None:
    """Runs plain SQL, giving up after 5 s on a lock rather than queueing the product behind it."""
    app, system = roles()
    op.execute(text("set local lock_timeout = '5s'"))
    connection = op.get_bind()
    # exec_driver_sql with no parameters: `:` and `%` in function bodies mean themselves. asyncpg takes
    # one statement at a time when prepared, so the text is split where a line ends in `;` + newline.
    for statement in _split(statements.replace("{app}", app).replace("{system}", system)):
        connection.exec_driver_sql(statement)


def _split(statements: str) -> list[str]:
    parts: list[str] = []
    current: list[str] = []
    quoted = False
    for line in statements.splitlines():
        quoted ^= line.count("$$") % 2 == 1
        current.append(line)
        if line.rstrip().endswith(";") and not quoted:
            parts.append("\n".join(current))
            current = []
    if "\n".join(current).strip():
        parts.append("\n".join(current))
    return parts


def tenant_table(name: str, *, grants: str = "select, insert, update, delete", column: str = "tenant_id") -> None:
    """Forces row-level security on a tenant's table and lets the app role at its own tenant's rows."""
    run(
        f"""
        alter table {name} enable row level security;
        alter table {name} force row level security;
        create policy {name}_tenant on {name} to {{app}}
            using ({column} = current_tenant()) with check ({column} = current_tenant());
        grant {grants} on {name} to {{app}};
        """
    )


def plumbing(name: str, grants: str) -> None:
    """Lets the system role at every row of a plumbing table (never of a business table)."""
    run(
        f"""
        create policy {name}_system on {name} to {{system}} using (true) with check (true);
        grant {grants} on {name} to {{system}};
        """
    )
