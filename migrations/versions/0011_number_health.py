"""What is known of a number besides its keys: its health at Meta, its token's life, and what it waits for."""

from migrations.support import run

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run(
        """
        alter table phone_number
            drop constraint phone_number_status_check,
            add constraint phone_number_status_check
                check (status in ('connected', 'paused', 'reconnect', 'disconnected')),
            add column version integer not null default 1,
            add column quality_rating text,
            add column messaging_limit_tier text,
            add column throughput_level text,
            add column name_status text,
            add column meta_status text,
            add column account_mode text,
            add column can_send text,
            add column restrictions jsonb not null default '[]',
            add column username text,
            add column coexistence boolean not null default false,
            add column paused_until timestamptz,
            add column pause_reason text,
            add column token_kind text check (token_kind in ('system_user', 'user', 'business', 'unknown')),
            add column token_expires_at timestamptz,
            add column token_checked_at timestamptz,
            add column token_scopes text[],
            add column last_problem jsonb,
            add column checked_at timestamptz,
            add column last_webhook_at timestamptz,
            add column onboarded_at timestamptz,
            add column contacts_status text
                check (contacts_status in ('requested', 'running', 'done', 'refused')),
            add column history_status text
                check (history_status in ('requested', 'running', 'done', 'declined', 'refused')),
            add column history_progress integer check (history_progress between 0 and 100),
            add column pin bytea;
        """
    )
