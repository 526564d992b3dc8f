"""Facts: what happened, stored with the change that made it so, then relayed to JetStream.

A fact exists if and only if its change does. The relay publishes in the order of `position` and
deletes what JetStream has acknowledged. After a crash between the two it finds what it had published
at the end of the stream, however long it was away, and does not publish it again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform import telemetry
from clientela.platform.ids import new_id

CHANNEL = "clientela_outbox"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Subclasses set `TYPE` (past tense) and add their fields."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1


class Envelope(msgspec.Struct, frozen=True):
    """A fact as it travels on the bus. `data` is the fact's own fields as JSON."""

    type: str
    version: int
    fact_id: UUID
    tenant_id: UUID
    at: datetime
    data: msgspec.Raw
    trace: str | None = None


async def record(sql: asyncpg.Connection, tenant_id: UUID, facts: Sequence[Fact]) -> None:
    """Stores `facts` in the caller's transaction and wakes the relay at its commit."""
    trace = telemetry.traceparent()
    at = datetime.now(UTC)
    rows = [
        msgspec.json.encode(
            Envelope(
                type=fact.TYPE,
                version=fact.VERSION,
                fact_id=new_id(),
                tenant_id=tenant_id,
                at=at,
                data=msgspec.Raw(msgspec.json.encode(fact)),
                trace=trace,
            )
        )
        for fact in facts
    ]
    await sql.execute(
        """
        insert into outbox (tenant_id, type, body)
        select $1, t.type, t.body from unnest($2::text[], $3::bytea[]) with ordinality as t(type, body, n)
        order by t.n
        """,
        tenant_id,
        [fact.TYPE for fact in facts],
        rows,
    )
    await sql.execute("select pg_notify($1, '')", CHANNEL)
