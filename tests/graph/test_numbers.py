"""The graph shows a connected number as REST does, field by field."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest
import strawberry

from clientela.graph import types
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.whatsapp import number_view
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.number_view import NumberProblem, Restriction
from clientela.whatsapp.numbers import NewNumber, connect_in
from tests.accounts import ClientAs, Tenant
from tests.graph.test_graph import data

QUERY = """{ numbers {
    id status ownApp qualityRating messagingLimitTier tokenExpiresAt historyStatus historyProgress version
    lastProblem { code reason title at } restrictions { type until remediation }
} }"""


@pytest.mark.parametrize(
    ("name", "of"),
    [("ConnectedNumber", "NumberView"), ("NumberProblem", "NumberProblem"), ("Restriction", "Restriction")],
)
def test_every_field_of_rest_is_in_the_graph(name: str, of: str) -> None:
    rest = {field.name for field in msgspec.structs.fields(getattr(number_view, of))}
    definition: Any = strawberry.Schema(getattr(types, name)).get_type_by_name(name)
    assert {field.python_name for field in definition.fields} == rest


async def test_how_a_number_does_is_shown(db: Database, vault: Vault, tenant: Tenant, client_as: ClientAs) -> None:
    async with db.begin(tenant.id) as tx:
        new = NewNumber(
            waba_id="102290129340398",
            phone_number_id=str(uuid4().int)[:15],
            display_phone_number="+55 11 5550-0100",
            access_token="a-token-of-meta",
        )
        number = await connect_in(tx, vault, new)
    async with db.begin(tenant.id) as tx:
        await change_number(
            tx,
            number.id,
            quality_rating="YELLOW",
            messaging_limit_tier="TIER_2K",
            history_status="running",
            history_progress=40,
            restrictions=[Restriction(type="restricted_biz_initiated_messaging")],
            last_problem=NumberProblem(code=131042, reason="payment", title="No means of payment", at=tx.now()),
        )
    (shown,) = (await data(await client_as("agent"), QUERY))["numbers"]
    assert (shown["qualityRating"], shown["messagingLimitTier"]) == ("yellow", "tier_2k")
    assert (shown["historyStatus"], shown["historyProgress"]) == ("running", 40)
    assert [one["type"] for one in shown["restrictions"]] == ["restricted_biz_initiated_messaging"]
    assert (shown["lastProblem"]["code"], shown["lastProblem"]["reason"]) == (131042, "payment")
