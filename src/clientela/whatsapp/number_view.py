"""How a number looks on the wire. Its token, secret and PIN are never shown."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clientela.whatsapp.queries import StoredNumber

NumberStatus = Literal["connected", "paused", "reconnect", "disconnected"]


class NumberProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a number needs somebody. `reason` is stable; `title` says it in English."""

    code: int | None = None
    reason: str
    title: str
    at: datetime


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """What Meta does not let an account do for now. `type` is Meta's word in lower case (an open list)."""

    type: str
    until: datetime | None = None
    remediation: str | None = None


class NumberView(msgspec.Struct, frozen=True, kw_only=True):
    """A connected number: what it is, whether it works, and how Meta sees it.

    `status`: `connected`; `paused` (sends wait until `paused_until`, or until somebody resumes); `reconnect`
    (sends wait for a new token); `disconnected`. Meta's own words are in lower case and their lists are open:
    `quality_rating` green, yellow, red; `messaging_limit_tier` tier_250, tier_2k, tier_10k, tier_100k,
    tier_unlimited; `throughput_level` standard, high; `name_status`, `meta_status`, `account_mode`, `can_send`
    (available, limited, blocked). Null: not known yet. `token_expires_at` null after a check: it never expires.
    `contacts_status` and `history_status` (coexistence): requested, running, done, refused, declined.
    """

    id: UUID
    waba_id: str
    phone_number_id: str
    display_phone_number: str
    verified_name: str | None
    username: str | None
    status: NumberStatus
    own_app: bool
    quality_rating: str | None
    messaging_limit_tier: str | None
    throughput_level: str | None
    name_status: str | None
    meta_status: str | None
    account_mode: str | None
    can_send: str | None
    restrictions: list[Restriction]
    coexistence: bool
    paused_until: datetime | None
    pause_reason: str | None
    token_kind: str | None
    token_expires_at: datetime | None
    token_checked_at: datetime | None
    token_scopes: list[str] | None
    last_problem: NumberProblem | None
    checked_at: datetime | None
    last_webhook_at: datetime | None
    onboarded_at: datetime | None
    contacts_status: str | None
    history_status: str | None
    history_progress: int | None
    version: int
    created_at: datetime


# Shown as they are stored; what differs is set by hand below.
_SAME = set(NumberView.__struct_fields__) & set(StoredNumber.__struct_fields__) - {"restrictions", "last_problem"}


def view_of(stored: StoredNumber, platform_key: str) -> NumberView:
    """A stored number on the wire. `platform_key` names the secret of the installation's own Meta app."""
    return NumberView(
        restrictions=msgspec.convert(stored.restrictions, list[Restriction]),
        last_problem=msgspec.convert(stored.last_problem, NumberProblem | None),
        own_app=stored.signing_key_id != platform_key,
        **{name: getattr(stored, name) for name in _SAME},
    )
