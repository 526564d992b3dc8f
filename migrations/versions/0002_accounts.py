"""Accounts, users, memberships, sessions, API keys, login throttling."""

from migrations.support import plumbing, run, tenant_table

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run(
        """
        create table account (
            id uuid primary key,
            name text not null check (length(name) between 1 and 200),
            created_at timestamptz not null default now()
        );

        create table app_user (
            id uuid primary key,
            name text not null check (length(name) between 1 and 200),
            email text not null check (length(email) between 3 and 320),
            password_hash text not null,
            locale text not null default 'pt-BR' check (locale in ('pt-BR', 'es', 'en')),
            created_at timestamptz not null default now(),
            password_changed_at timestamptz not null default now()
        );

        create unique index app_user_email on app_user (lower(email));

        create table membership (
            tenant_id uuid not null references account (id),
            user_id uuid not null references app_user (id),
            role text not null check (role in ('owner', 'manager', 'agent', 'compliance', 'analyst')),
            created_at timestamptz not null default now(),
            primary key (tenant_id, user_id)
        );

        create index membership_user on membership (user_id);

        create table login_session (
            token_hash bytea primary key,
            user_id uuid not null references app_user (id),
            tenant_id uuid not null references account (id),
            csrf_token text not null,
            user_agent text not null default '',
            created_at timestamptz not null default now(),
            last_seen_at timestamptz not null default now(),
            expires_at timestamptz not null
        );

        create index login_session_user on login_session (user_id);

        create table login_throttle (
            key bytea primary key,
            failures integer not null,
            window_started_at timestamptz not null,
            blocked_until timestamptz
        );

        create table api_key (
            tenant_id uuid not null references account (id),
            id uuid not null,
            name text not null check (length(name) between 1 and 100),
            prefix text not null,
            key_hash bytea not null unique,
            scopes text[] not null,
            created_by uuid references app_user (id),
            created_at timestamptz not null default now(),
            last_used_at timestamptz,
            revoked_at timestamptz,
            primary key (tenant_id, id)
        );
        """
    )
    tenant_table("account", grants="select, update", column="id")
    plumbing("account", "select, insert")
    tenant_table("membership")
    plumbing("membership", "select, insert")
    tenant_table("api_key", grants="select, insert, update")
    plumbing("api_key", "select, insert, update")
    run(
        """
        alter table app_user enable row level security;
        alter table app_user force row level security;
        create policy app_user_colleagues on app_user for select to {app} using (
            exists (select from membership m where m.user_id = app_user.id and m.tenant_id = current_tenant())
        );
        grant select (id, name, email, locale, created_at) on app_user to {app};

        alter table login_session enable row level security;
        alter table login_session force row level security;
        alter table login_throttle enable row level security;
        alter table login_throttle force row level security;
        """
    )
    plumbing("app_user", "select, insert, update")
    plumbing("login_session", "select, insert, update, delete")
    plumbing("login_throttle", "select, insert, update, delete")
