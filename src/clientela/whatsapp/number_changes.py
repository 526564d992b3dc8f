"""What may be said of a number, by whoever learns it."""

from datetime import datetime
from typing import TypedDict

from clientela.whatsapp.number_view import NumberProblem, NumberStatus, Restriction


class NumberChanges(TypedDict, total=False):
    """The changes that `number_state.change_number` takes; what is left out stays as it is. See `NumberView`."""

    status: NumberStatus
    waba_id: str
    display_phone_number: str
    verified_name: str | None
    username: str | None
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
    onboarded_at: datetime | None
    contacts_status: str | None
    history_status: str | None
    history_progress: int | None
