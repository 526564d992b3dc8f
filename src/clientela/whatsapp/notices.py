"""What Meta told of an account or its numbers, for people: what happened, since when, how bad it is.

The newest notice about one thing stands for it, so the list stays short; the events themselves are kept raw. What
to do about each kind is said where it is shown.
"""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.outbox import Fact
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx
from clientela.whatsapp import notice_queries

_SHOWN = 100


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something Meta said. `number` is null when it is about the whole WhatsApp account.

    `kind` is stable and says what happened; `details` holds Meta's own words for it. `over`: all is well again.
    `until`: when it ends, or takes effect, by itself. Of two copies the greater `version` is newer.
    """

    id: UUID
    kind: str
    severity: Literal["info", "warning", "critical"]
    over: bool
    waba_id: str | None
    number_id: UUID | None
    display_phone_number: str | None
    at: datetime
    until: datetime | None
    details: dict[str, str]
    dismissed_at: datetime | None
    version: int


class NoticeChanged(Fact, frozen=True, kw_only=True):
    """Meta told something of the account or a number, or somebody put a notice away."""

    TYPE: ClassVar[str] = "notice.changed"
    notice: Notice


async def tell(tx: Tx, key: str, **what: Any) -> bool:
    """Puts a notice in the place of the last one of its `key`; False, and nothing is told, if that one is newer.

    `what` are the named parameters of `notice_queries.put_notice`. Emits `notice.changed`.
    """
    notice_id = await notice_queries.put_notice(tx, key, **what)
    if notice_id is not None:
        tx.emit(NoticeChanged(notice=await _get(tx, notice_id)))
    return notice_id is not None


async def dismiss_notice(tx: Tx, notice_id: UUID, by: str) -> Notice:
    """Puts a notice away for everybody; it comes back if Meta says it anew. Raises NotFound."""
    if not await notice_queries.set_dismissed(tx, notice_id, tx.now(), by):
        raise NotFound
    notice = await _get(tx, notice_id)
    tx.emit(NoticeChanged(notice=notice))
    return notice


async def list_notices(tx: Tx) -> list[Notice]:
    """The newest hundred, newest first."""
    return [_view(row) for row in await notice_queries.list_notice_rows(tx, _SHOWN)]


async def _get(tx: Tx, notice_id: UUID) -> Notice:
    row = await notice_queries.find_notice_row(tx, notice_id)
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: asyncpg.Record) -> Notice:
    return Notice(
        id=row["id"],
        kind=row["kind"],
        severity=row["severity"],
        over=row["over"],
        waba_id=row["waba_id"],
        number_id=row["channel_id"],
        display_phone_number=row["address"],
        at=row["at"],
        until=row["until"],
        details=row["details"],
        dismissed_at=row["dismissed_at"],
        version=row["version"],
    )
