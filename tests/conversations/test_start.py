"""Writing first over REST: once per key, to whom it may be, and refused with words a screen can show."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.templates import TemplateBody, TemplateParameter
from tests.accounts import ClientAs, Tenant
from tests.templates.making import a_channel, a_template

ASKS_NAME = TemplateBody(
    body="Oi, {{1}}!", parameters=[TemplateParameter(key="body.1", place="body", name="1", example="Ana")]
)


@pytest.fixture
async def channel(db: Database, tenant: Tenant) -> UUID:
    return await a_channel(db, tenant.id)


@pytest.fixture
async def template(db: Database, tenant: Tenant) -> UUID:
    return await a_template(db, tenant.id, "ola", content=ASKS_NAME)


def asked(channel: UUID, template: UUID, **more: Any) -> dict[str, Any]:
    message = {
        "type": "template",
        "template_id": str(template),
        "version": more.pop("version", 1),
        "parameters": more.pop("parameters", {"body.1": "Bia"}),
    }
    return {"number_id": str(channel), "phone": "+55 11 98555-0301", "message": message, **more}


async def test_one_key_writes_once_however_often_it_is_sent(
    client_as: ClientAs, channel: UUID, template: UUID
) -> None:
    agent = await client_as("agent")
    key = {"Idempotency-Key": str(new_id())}
    body = asked(channel, template, name="Bia")
    answers = await asyncio.gather(*(agent.post("/v1/conversations", json=body, headers=key) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    message = answers[0].json()
    assert (message["text"], message["client_id"], message["status"]) == (
        "Oi, Bia!",
        key["Idempotency-Key"],
        "queued",
    )
    [conversation] = (await agent.get("/v1/conversations")).json()["items"]
    assert (conversation["id"], conversation["contact"]["name"]) == (message["conversation_id"], "Bia")
    assert len((await agent.get(f"/v1/conversations/{conversation['id']}/messages")).json()["items"]) == 1


async def test_two_who_write_first_at_once_share_one_contact_and_one_conversation(
    client_as: ClientAs, channel: UUID, template: UUID
) -> None:
    agent = await client_as("agent")
    body = asked(channel, template)
    answers = await asyncio.gather(*(agent.post("/v1/conversations", json=body) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["conversation_id"] for answer in answers}) == 1
    assert len((await agent.get("/v1/contacts")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"version": 2}, 409, "template_changed"),
        ({"parameters": {}}, 422, "template_parameters"),
        ({"parameters": {"body.1": "Bia", "body.2": "x"}}, 422, "template_parameters"),
        ({"phone": "11 98555-0301"}, 400, "invalid_request"),
        ({"phone": None}, 400, "invalid_request"),
        ({"contact_id": "0197b1e0-3f3b-7a55-9a58-5d8f6f0f1a01"}, 400, "invalid_request"),
        ({"phone": None, "contact_id": "0197b1e0-3f3b-7a55-9a58-5d8f6f0f1a01"}, 400, "invalid_request"),
        ({"number_id": "0197b1e0-3f3b-7a55-9a58-5d8f6f0f1a01"}, 400, "invalid_request"),
    ],
)
async def test_what_is_refused_leaves_neither_contact_nor_conversation(
    client_as: ClientAs, channel: UUID, template: UUID, more: dict[str, Any], status: int, code: str
) -> None:
    agent = await client_as("agent")
    answer = await agent.post("/v1/conversations", json=asked(channel, template, **more))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await agent.get("/v1/conversations", params={"status": "all"})).json()["items"] == []
    assert (await agent.get("/v1/contacts")).json()["items"] == []


async def test_a_disconnected_number_writes_to_nobody(
    db: Database, tenant: Tenant, client_as: ClientAs, channel: UUID, template: UUID
) -> None:
    async with db.begin(tenant.id) as tx:
        await tx.execute("update channel set connected = false where id = $1", channel)
    agent = await client_as("agent")
    answer = await agent.post("/v1/conversations", json=asked(channel, template))
    assert (answer.status_code, answer.json()["code"]) == (409, "number_disconnected")


async def test_a_paused_template_says_why_it_does_not_go(
    db: Database, tenant: Tenant, client_as: ClientAs, channel: UUID
) -> None:
    paused = await a_template(db, tenant.id, "parado", status="paused", content=ASKS_NAME)
    agent = await client_as("agent")
    answer = await agent.post("/v1/conversations", json=asked(channel, paused))
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (
        409,
        "template_not_sendable",
        "paused",
    )
