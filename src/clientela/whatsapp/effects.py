"""What becomes of every webhook field that is no message and no status: one table from (field, kind) to its effect.

An event is kept raw whatever happens, once; what comes twice is applied once. A handler that fails takes its
transaction with it, and the body is buried like any other. `docs/reference/message-kinds.md` shows the same table
to people; a test holds the two together.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from clientela.platform.ids import new_id
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.account_events import apply_account_event, apply_value_errors
from clientela.whatsapp.account_words import SAYINGS
from clientela.whatsapp.calls import apply_calls, apply_handover
from clientela.whatsapp.history import apply_address_book, apply_history
from clientela.whatsapp.preferences import apply_preferences
from clientela.whatsapp.template_events import TEMPLATE_FIELDS, apply_template_event
from clientela.whatsapp.walk import Event

Handler = Callable[[Tx, Event], Awaitable[None]]

CHANGE = "change"
"""The kind of every event that is a whole change; what stands inside a `messages` value has kinds of its own."""

HANDLERS: dict[tuple[str, str], Handler] = {
    **{(field, CHANGE): apply_account_event for field in SAYINGS},
    **{(field, CHANGE): apply_template_event for field in TEMPLATE_FIELDS},
    ("messages", "errors"): apply_value_errors,
    ("user_preferences", CHANGE): apply_preferences,
    ("calls", CHANGE): apply_calls,
    ("history", CHANGE): apply_history,
    ("smb_app_state_sync", CHANGE): apply_address_book,
    ("messaging_handovers", CHANGE): apply_handover,
}
"""Where another part of `whatsapp` plugs in: the field, the kind, and who makes it so."""

KEPT = frozenset(
    {
        ("messages", "user_actions"),
        ("partner_solutions", CHANGE),
        ("flows", CHANGE),
        ("group_lifecycle_update", CHANGE),
        ("group_participants_update", CHANGE),
        ("group_settings_update", CHANGE),
        ("group_status_update", CHANGE),
        ("automatic_events", CHANGE),
        ("tracking_events", CHANGE),
        ("user_id_update", CHANGE),
    }
)
"""What is known and only kept raw: the product shows nothing of it yet, and says so in the table."""


async def apply_events(tx: Tx, events: Sequence[Event]) -> None:
    """Keeps each event raw and lets it have its effect, unless it came before."""
    rows = [_row(event) for event in events]
    new = await queries.store_events(tx, rows)
    for row, event in zip(rows, events, strict=True):
        handler = HANDLERS.get((event.field, event.kind))
        if row.id in new and handler is not None:
            await handler(tx, msgspec.structs.replace(event, id=row.id))


def _row(event: Event) -> queries.RawEvent:
    """Some events carry no time of their own: that of their entry tells a repeat from a second time."""
    head = f"{event.field}/{event.kind}/{event.phone_number_id}/{event.stamp}/"
    return queries.RawEvent(
        id=new_id(),
        field=event.field,
        kind=event.kind,
        phone_number_id=event.phone_number_id,
        waba_id=event.waba_id,
        body=event.raw.decode(),
        digest=hashlib.sha256(head.encode() + event.raw).digest(),
    )
