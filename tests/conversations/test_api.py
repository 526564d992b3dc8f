"""The inbox over REST: lists that page and sort, replies that happen once, refusals that say why."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from clientela.contacts import Person
from clientela.conversations import ChannelSpec, Inbound, open_channel, receive_messages
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.accounts import ClientAs, Tenant
from tests.conftest import MovableClock


async def open_for(db: Database, tenant_id: UUID) -> UUID:
    async with db.begin(tenant_id) as tx:
        spec = ChannelSpec(kind="whatsapp", address="+55 11 4000-1000", name="Loja", has_service_window=True)
        return await open_channel(tx, spec)


async def write(
    db: Database, tenant_id: UUID, channel: UUID, person: str, text: str, *, minutes_ago: int = 0
) -> None:
    async with db.begin(tenant_id) as tx:
        inbound = Inbound(
            wamid=f"wamid.{new_id()}",
            channel_id=channel,
            sender=Person(wa_id=person, profile_name=f"Cliente {person[-4:]}"),
            sent_at=db.clock.now() - timedelta(minutes=minutes_ago),
            type="text",
            text=text,
            raw=b"{}",
        )
        await receive_messages(tx, [inbound])


@pytest.fixture
async def channel(db: Database, tenant: Tenant) -> UUID:
    return await open_for(db, tenant.id)


async def only(agent: httpx.AsyncClient) -> str:
    [item] = (await agent.get("/v1/conversations")).json()["items"]
    return str(item["id"])


async def test_pages_in_every_sort_show_each_conversation_once(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    for number in range(23):
        await write(db, tenant.id, channel, f"55119855502{number:02}", "oi", minutes_ago=(number * 7) % 23)
    agent = await client_as("agent")
    answered = (await agent.get("/v1/conversations", params={"limit": 3})).json()["items"]
    for item in answered:
        await agent.post(f"/v1/conversations/{item['id']}/messages", json={"type": "text", "text": "Oi!"})
    for sort, key in (
        ("last_activity", "last_message_at"),
        ("longest_waiting", "waiting_since"),
        ("window_closing", "service_window_ends_at"),
    ):
        seen: list[dict[str, str]] = []
        cursor = None
        while True:
            query = {"sort": sort, "limit": 5, **({"cursor": cursor} if cursor else {})}
            page = (await agent.get("/v1/conversations", params=query)).json()
            seen += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        moments = [item[key] or "9999" for item in seen]
        assert len({item["id"] for item in seen}) == len(seen) == 23
        assert moments == sorted(moments, reverse=sort == "last_activity")


async def test_filters_narrow_the_inbox(db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs) -> None:
    for number in range(3):
        await write(db, tenant.id, channel, f"551198555020{number}", "oi")
    agent = await client_as("agent")
    items = (await agent.get("/v1/conversations")).json()["items"]
    me = (await agent.get("/v1/session")).json()["user"]["id"]
    await agent.patch(f"/v1/conversations/{items[0]['id']}", json={"assignee_id": me})
    await agent.patch(f"/v1/conversations/{items[1]['id']}", json={"status": "closed"})
    await agent.post(f"/v1/conversations/{items[2]['id']}/read")

    async def ids(**query: str) -> set[str]:
        return {item["id"] for item in (await agent.get("/v1/conversations", params=query)).json()["items"]}

    assert await ids(assignee="me") == await ids(assignee=me) == {items[0]["id"]}
    assert await ids(assignee="none") == {items[2]["id"]}
    assert await ids(status="closed") == {items[1]["id"]}
    assert await ids(status="all") == {item["id"] for item in items}
    assert await ids(unread="true") == {items[0]["id"]}
    assert await ids(q="(11) 98555-0201", status="all") == {
        item["id"] for item in items if item["contact"]["phone"] == "+5511985550201"
    }
    assert await ids(q="100%_") == set()


async def test_a_bad_cursor_or_filter_is_a_problem_with_a_code(client_as: ClientAs) -> None:
    agent = await client_as("agent")
    for query in ({"cursor": "nonsense"}, {"assignee": "somebody"}, {"sort": "random"}, {"limit": "0"}):
        answer = await agent.get("/v1/conversations", params=query)
        assert answer.status_code == 400
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["code"] == "invalid_request"


async def test_the_same_idempotency_key_sends_once_even_at_once(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent = await client_as("agent")
    path = f"/v1/conversations/{await only(agent)}/messages"
    key = str(new_id())
    answers = await asyncio.gather(
        *(
            agent.post(path, json={"type": "text", "text": "Oi!"}, headers={"Idempotency-Key": key})
            for _ in range(5)
        )
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 4
    assert answers[0].json()["client_id"] == key
    assert len((await agent.get(path)).json()["items"]) == 2
    other = await agent.post(path, json={"type": "text", "text": "Outro"}, headers={"Idempotency-Key": key})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_refusals_say_why_and_send_nothing(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs, clock: MovableClock
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent = await client_as("agent")
    conversation = await only(agent)
    path = f"/v1/conversations/{conversation}/messages"

    async def refused(text: str = "Oi", at: str = path, **more: str) -> tuple[int, str]:
        answer = await agent.post(at, json={"type": "text", "text": text, **more})
        return answer.status_code, answer.json()["code"]

    assert await refused("") == (422, "text_empty")
    assert await refused("a" * 4097) == (422, "text_too_long")
    assert await refused(type="image") == (400, "invalid_request")
    assert await refused(reply_to=str(new_id())) == (400, "invalid_request")
    assert await refused(at=f"/v1/conversations/{new_id()}/messages") == (404, "not_found")
    await agent.patch(f"/v1/conversations/{conversation}", json={"status": "closed"})
    assert await refused() == (409, "conversation_closed")
    await agent.patch(f"/v1/conversations/{conversation}", json={"status": "open"})
    clock.move(hours=24, seconds=1)
    answer = await agent.post(path, json={"type": "text", "text": "Oi"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "service_window_closed"
    assert answer.json()["service_window_ends_at"]
    assert len((await agent.get(path)).json()["items"]) == 1


async def test_only_members_can_be_made_responsible(
    db: Database, tenant: Tenant, other_tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent = await client_as("agent")
    stranger = (await (await client_as("owner", other_tenant)).get("/v1/session")).json()["user"]["id"]
    answer = await agent.patch(f"/v1/conversations/{await only(agent)}", json={"assignee_id": stranger})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_assignee")


async def test_reopening_beside_a_newer_open_conversation_is_refused(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent = await client_as("agent")
    first = await only(agent)
    await agent.patch(f"/v1/conversations/{first}", json={"status": "closed"})
    await write(db, tenant.id, channel, "5511985550201", "voltei")
    answer = await agent.patch(f"/v1/conversations/{first}", json={"status": "open"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conversation_already_open")


async def test_a_removed_member_leaves_their_conversations_without_owner_and_their_words_signed(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent, owner = await client_as("agent"), await client_as("owner")
    conversation = await only(agent)
    me = (await agent.get("/v1/session")).json()["user"]
    await agent.patch(f"/v1/conversations/{conversation}", json={"assignee_id": me["id"]})
    await agent.post(f"/v1/conversations/{conversation}/messages", json={"type": "text", "text": "Oi!"})
    assert (await owner.delete(f"/v1/users/{me['id']}")).status_code == 204
    assert (await owner.get(f"/v1/conversations/{conversation}")).json()["assignee"] is None
    messages = (await owner.get(f"/v1/conversations/{conversation}/messages")).json()["items"]
    assert messages[0]["author"]["name"] == me["name"]


async def test_a_contact_is_renamed_and_found_by_the_new_name(
    db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs
) -> None:
    await write(db, tenant.id, channel, "5511985550201", "oi")
    agent = await client_as("agent")
    [contact] = (await agent.get("/v1/contacts")).json()["items"]
    renamed = await agent.patch(f"/v1/contacts/{contact['id']}", json={"name": "Ana do Atacado"})
    assert renamed.json()["name"] == "Ana do Atacado"
    assert (await agent.get("/v1/contacts", params={"q": "atacado"})).json()["items"][0]["id"] == contact["id"]
    assert (await agent.patch(f"/v1/contacts/{contact['id']}", json={"name": " "})).status_code == 400
    back = await agent.patch(f"/v1/contacts/{contact['id']}", json={"name": None})
    assert back.json()["name"] == contact["name"]


# Every kind, reactions, typing.


@pytest.fixture
async def agent(db: Database, tenant: Tenant, channel: UUID, client_as: ClientAs) -> httpx.AsyncClient:
    """Somebody who answers, with one conversation to answer in."""
    await write(db, tenant.id, channel, "5511985550201", "Serve?")
    return await client_as("agent")


async def test_a_kind_is_queued_as_it_was_asked_and_shown_in_the_list(agent: httpx.AsyncClient) -> None:
    conversation = await only(agent)
    body = {
        "type": "buttons",
        "text": "Sábado serve?",
        "buttons": [{"id": "s", "title": "Sim"}, {"id": "n", "title": "Não"}],
        "footer": "Loja",
    }
    answer = await agent.post(f"/v1/conversations/{conversation}/messages", json=body)
    assert answer.status_code == 201, answer.text
    message = answer.json()
    assert (message["type"], message["text"], message["status"]) == ("buttons", "Sábado serve?", "queued")
    assert message["content"] == {
        "of": "buttons",
        "buttons": [{"id": "s", "title": "Sim"}, {"id": "n", "title": "Não"}],
        "header": None,
        "footer": "Loja",
    }
    [item] = (await agent.get("/v1/conversations")).json()["items"]
    assert (item["last_message"]["type"], item["last_message"]["preview"]) == ("buttons", "Sábado serve?")


async def test_what_whatsapp_would_refuse_is_told_field_by_field_and_not_queued(agent: httpx.AsyncClient) -> None:
    conversation = await only(agent)
    body = {"type": "link", "text": "", "button": "a" * 21, "url": "ftp://loja.example"}
    answer = await agent.post(f"/v1/conversations/{conversation}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "message_invalid")
    assert [(one["field"], one["rule"], one.get("limit")) for one in answer.json()["errors"]] == [
        ("text", "empty", None),
        ("button", "too_long", 20),
        ("url", "not_a_url", None),
    ]
    assert len((await agent.get(f"/v1/conversations/{conversation}/messages")).json()["items"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"type": "poll", "text": "?"},
        {"type": "location", "latitude": "north", "longitude": 0},
        {"type": "text", "text": "oi", "colour": "red"},
        {"type": "buttons", "text": "oi", "buttons": "Sim"},
        {"text": "oi"},
        [],
    ],
)
async def test_what_is_no_kind_of_message_is_refused(agent: httpx.AsyncClient, body: object) -> None:
    answer = await agent.post(f"/v1/conversations/{await only(agent)}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_the_same_key_sends_a_kind_once(agent: httpx.AsyncClient) -> None:
    conversation = await only(agent)
    body = {"type": "request", "asks": "location", "text": "Onde entregamos?"}
    ids = set()
    for _ in range(2):
        answer = await agent.post(
            f"/v1/conversations/{conversation}/messages", json=body, headers={"Idempotency-Key": "k"}
        )
        ids.add(answer.json()["id"])
    assert len(ids) == 1
    assert len((await agent.get(f"/v1/conversations/{conversation}/messages")).json()["items"]) == 2


async def test_a_reaction_comes_and_goes_by_rest(agent: httpx.AsyncClient, client_as: ClientAs) -> None:
    conversation = await only(agent)
    [message] = (await agent.get(f"/v1/conversations/{conversation}/messages")).json()["items"]
    path = f"/v1/conversations/{conversation}/messages/{message['id']}/reaction"
    for _ in range(2):
        put = await agent.put(path, json={"emoji": "👍"})
        assert put.status_code == 200, put.text
        assert [(one["emoji"], one["by"]) for one in put.json()["reactions"]] == [("👍", "us")]
    for _ in range(2):
        gone = await agent.delete(path)
        assert (gone.status_code, gone.json()["reactions"], gone.json()["reaction_error"]) == (200, [], None)
    wrong = await agent.put(path, json={"emoji": "ok"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "emoji_invalid")
    viewer = await client_as("analyst")
    assert (await viewer.put(path, json={"emoji": "👍"})).status_code == 403
    assert (await viewer.delete(path)).status_code == 403


async def test_a_message_that_takes_no_reaction_says_why(agent: httpx.AsyncClient) -> None:
    conversation = await only(agent)
    ours = (
        await agent.post(f"/v1/conversations/{conversation}/messages", json={"type": "text", "text": "oi"})
    ).json()
    answer = await agent.put(
        f"/v1/conversations/{conversation}/messages/{ours['id']}/reaction", json={"emoji": "👍"}
    )
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["reason"]) == ("message_not_reactable", "not_sent")
    assert answer.json()["detail"]


async def test_typing_is_taken_from_who_may_send(agent: httpx.AsyncClient, client_as: ClientAs) -> None:
    path = f"/v1/conversations/{await only(agent)}/typing"
    for _ in range(3):
        answer = await agent.post(path)
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await (await client_as("analyst")).post(path)).status_code == 403
    assert (await agent.post(f"/v1/conversations/{new_id()}/typing")).status_code == 404
