"""Two contacts that turn out to be one person: one is given up and stays as a sign; what moved is written down."""

from migrations.support import run, tenant_table

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run(
        """
        alter table contact add column merged_into uuid;

        create index contact_merged on contact (tenant_id, merged_into) where merged_into is not null;

        create table contact_merge (
            tenant_id uuid not null references account (id),
            id uuid not null,
            survivor_id uuid not null,
            absorbed_id uuid not null,
            reason text not null,
            moved jsonb not null,
            at timestamptz not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, survivor_id) references contact (tenant_id, id),
            foreign key (tenant_id, absorbed_id) references contact (tenant_id, id)
        );
        """
    )
    tenant_table("contact_merge", grants="select, insert")
