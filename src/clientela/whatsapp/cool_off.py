"""Who is left in peace for a while, because Meta asked: a customer by 131049, a number by 131048.

It concerns business-initiated messages only. Whoever writes is answered.
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from clientela.platform.tx import Tx
from clientela.whatsapp.error_catalogue import Pause

Kind = Literal["contact", "number"]
# After this long in peace the next time counts as the first.
_FORGOTTEN_AFTER = timedelta(days=30)


class CoolOff(msgspec.Struct, frozen=True, kw_only=True):
    """A pause, how often it came to that, and the message that Meta refused last."""

    until: datetime
    times: int
    message_id: UUID


def longer(known: CoolOff | None, message_id: UUID, at: datetime, pause: Pause) -> CoolOff:
    """The pause after Meta refused `message_id` at `at`: the longer, the more often. The same refusal told again
    changes nothing, and neither does a late one shorten what is running."""
    if known is not None and known.message_id == message_id:
        return known
    times = known.times if known is not None and at < known.until + _FORGOTTEN_AFTER else 0
    until = at + timedelta(seconds=pause.after(times))
    if known is not None:
        until = max(until, known.until)
    return CoolOff(until=until, times=times + 1, message_id=message_id)


async def cool_off(
    tx: Tx, kind: Kind, subject: UUID, *, message_id: UUID, at: datetime, pause: Pause, reason: str
) -> datetime:
    """Leaves a contact or number in peace because of a refused message; until when."""
    known = await _find(tx, kind, subject, lock=True)
    now_known = longer(known, message_id, at, pause)
    await tx.execute(
        """
        insert into cool_off (tenant_id, kind, subject, until, times, reason, message_id)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (tenant_id, kind, subject) do update set until = greatest(cool_off.until, excluded.until),
            times = excluded.times, reason = excluded.reason, message_id = excluded.message_id
        """,
        tx.tenant_id,
        kind,
        subject,
        now_known.until,
        now_known.times,
        reason,
        now_known.message_id,
    )
    return now_known.until


async def cools_until(tx: Tx, kind: Kind, subject: UUID) -> datetime | None:
    """Until when a contact or number is to be left in peace; None when it is not."""
    found = await _find(tx, kind, subject)
    return found.until if found is not None and found.until > tx.now() else None


async def _find(tx: Tx, kind: Kind, subject: UUID, *, lock: bool = False) -> CoolOff | None:
    """Primary key."""
    plain = "select until, times, message_id from cool_off where tenant_id = $1 and kind = $2 and subject = $3"
    row = await tx.fetch_one(
        f"{plain} for update" if lock else plain,
        tx.tenant_id,
        kind,
        subject,
    )
    return CoolOff(**dict(row)) if row else None
