"""The graph: the same data as over REST, for the same people, within limits, and nothing can be changed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from graphql import get_introspection_query

from clientela import conversations
from clientela.contacts import Person
from clientela.conversations import ChannelSpec, Inbound, open_channel, receive_messages
from clientela.graph import limits, schema
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.accounts import ApiClient, ClientAs, Tenant


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def data(client: httpx.AsyncClient, query: str, **variables: Any) -> dict[str, Any]:
    answer = await ask(client, query, **variables)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]
    return found


async def code(client: httpx.AsyncClient, query: str, **variables: Any) -> str:
    (error,) = (await ask(client, query, **variables))["errors"]
    found: str = error["extensions"]["code"]
    return found


async def write_in(db: Database, tenant: UUID, *texts: str, phone: str = "5511985550111") -> None:
    """A customer writes to a number of the tenant's."""
    async with db.begin(tenant) as tx:
        known = await tx.value("select id from channel where tenant_id = $1", tenant)
        channel = known or await open_channel(
            tx,
            ChannelSpec(kind="whatsapp", address="+55 11 4000-1234", name="Loja", has_service_window=True),
        )
        await receive_messages(
            tx,
            [
                Inbound(
                    wamid=f"wamid.{new_id()}",
                    channel_id=channel,
                    sender=Person(wa_id=phone, profile_name="Ana"),
                    sent_at=datetime.now(UTC).replace(microsecond=0),
                    type="text",
                    text=text,
                    raw=b"{}",
                )
                for text in texts
            ],
        )


@pytest.fixture
async def agent(client_as: ClientAs) -> httpx.AsyncClient:
    return await client_as("agent")


async def test_one_round_trip_gives_the_conversation_with_all_around_it(
    db: Database, tenant: Tenant, agent: httpx.AsyncClient
) -> None:
    await write_in(db, tenant.id, "Bom dia", "Tem em azul?")
    found = await data(
        agent,
        """{ conversations { items {
            id status unreadCount contactName number { displayPhoneNumber } assignee { name }
            lastMessage { preview } serviceWindowEndsAt
            contact { name phone profileName conversations { items { id } } }
            messages(first: 1) { items { text direction author { kind } } nextCursor }
        } nextCursor } }""",
    )
    (one,) = found["conversations"]["items"]
    assert (one["status"], one["unreadCount"], one["contactName"]) == ("open", 2, "Ana")
    assert one["contact"]["conversations"]["items"] == [{"id": one["id"]}]
    assert one["messages"]["items"][0]["text"] == one["lastMessage"]["preview"] == "Tem em azul?"
    before = one["messages"]["nextCursor"]
    older = await data(
        agent,
        """query($id: ID!, $before: String) {
            conversation(id: $id) { messages(before: $before) { items { text } } }
        }""",
        id=one["id"],
        before=before,
    )
    assert older["conversation"]["messages"]["items"] == [{"text": "Bom dia"}]
    rest = (await agent.get(f"/v1/conversations/{one['id']}")).json()
    assert rest["contact"]["name"] == one["contact"]["name"]
    assert rest["unread_count"] == one["unreadCount"]


async def test_lists_page_and_filter(db: Database, tenant: Tenant, agent: httpx.AsyncClient) -> None:
    for number in range(3):
        await write_in(db, tenant.id, "Oi", phone=f"551198555010{number}")
    query = "query($after: String) { conversations(first: 2, after: $after) { items { id } nextCursor } }"
    first = (await data(agent, query))["conversations"]
    second = (await data(agent, query, after=first["nextCursor"]))["conversations"]
    assert len({item["id"] for item in [*first["items"], *second["items"]]}) == 3
    assert second["nextCursor"] is None
    for arguments, count in {
        "status: CLOSED": 0,
        "status: ALL": 3,
        "unread: true": 3,
        'assignee: "none"': 3,
        'assignee: "me"': 0,
        'query: "5550101"': 1,
    }.items():
        found = await data(agent, f"{{ conversations({arguments}) {{ items {{ id }} }} }}")
        assert len(found["conversations"]["items"]) == count, arguments
    contacts = await data(agent, '{ contacts(query: "ana", first: 2) { items { id name } nextCursor } }')
    assert len(contacts["contacts"]["items"]) == 2
    assert contacts["contacts"]["nextCursor"]
    assert await code(agent, '{ conversations(after: "nonsense") { items { id } } }') == "invalid_request"
    assert await code(agent, '{ conversations(assignee: "nobody") { items { id } } }') == "invalid_request"


async def test_the_caller_learns_who_they_are(
    tenant: Tenant, agent: httpx.AsyncClient, api_client: ApiClient
) -> None:
    query = "{ me { accountId userId apiKeyId role permissions } numbers { id } }"
    me = (await data(agent, query))["me"]
    assert (me["accountId"], me["userId"], me["role"]) == (str(tenant.id), str(tenant.agent.id), "agent")
    key = (await data(await api_client(["numbers.read"]), query))["me"]
    assert (key["userId"], key["role"], key["permissions"]) == (None, None, ["numbers.read"])


async def test_another_account_finds_nothing_of_ours(
    db: Database, tenant: Tenant, other_tenant: Tenant, agent: httpx.AsyncClient, client_as: ClientAs
) -> None:
    await write_in(db, tenant.id, "Oi")
    (ours,) = (await data(agent, "{ conversations { items { id contactId } } }"))["conversations"]["items"]
    stranger = await client_as("owner", other_tenant)
    everything = """query($c: ID!, $p: ID!) {
        conversation(id: $c) { id messages { items { text } } }
        contact(id: $p) { id }
        conversations(status: ALL) { items { id } }
        contacts { items { id } }
        numbers { id }
    }"""
    found = await data(stranger, everything, c=ours["id"], p=ours["contactId"])
    empty: dict[str, Any] = {"items": []}
    assert found == {
        "conversation": None,
        "contact": None,
        "conversations": empty,
        "contacts": empty,
        "numbers": [],
    }
    mine = await data(agent, everything, c=ours["id"], p=ours["contactId"])
    assert mine["conversation"]["messages"]["items"] == [{"text": "Oi"}]


@pytest.mark.parametrize("given", ["", "x", "00000000-0000-0000-0000-000000000000"])
async def test_an_id_that_cannot_be_is_an_object_that_is_absent(agent: httpx.AsyncClient, given: str) -> None:
    query = "query($id: ID!) { conversation(id: $id) { id } contact(id: $id) { id } }"
    assert await data(agent, query, id=given) == {"conversation": None, "contact": None}


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "compliance", "analyst"])
async def test_viewers_read_and_nobody_changes(client_as: ClientAs, role: str) -> None:
    viewer = await client_as(role)
    assert await data(viewer, "{ conversations { items { id } } }") == {"conversations": {"items": []}}
    answer = await viewer.post("/graphql", json={"query": 'mutation { reply(text: "x") { id } }'})
    assert answer.status_code == 400 or "data" not in answer.json() or answer.json()["data"] is None
    assert schema.mutation is None


@pytest.mark.parametrize(
    ("scope", "allowed", "refused"),
    [
        ("contacts.read", "{ contacts { items { id } } }", "{ conversations { items { id } } }"),
        ("conversations.read", "{ conversations { items { id } } }", "{ contacts { items { id } } }"),
        ("conversations.read", "{ conversations { items { contactName } } }", "{ numbers { id } }"),
    ],
)
async def test_a_key_reads_what_its_scopes_allow(
    api_client: ApiClient, scope: str, allowed: str, refused: str
) -> None:
    program = await api_client([scope])
    await data(program, allowed)
    assert await code(program, refused) == "permission_denied"


async def test_permissions_hold_on_nested_fields_too(db: Database, tenant: Tenant, api_client: ApiClient) -> None:
    await write_in(db, tenant.id, "Oi")
    reader, knower = await api_client(["conversations.read"]), await api_client(["contacts.read"])
    assert await code(reader, "{ conversations { items { contact { phone } } } }") == "permission_denied"
    assert await code(knower, "{ contacts { items { conversations { items { id } } } } }") == "permission_denied"


async def test_strangers_get_a_401_and_a_cookie_needs_its_token(
    client: httpx.AsyncClient, agent: httpx.AsyncClient
) -> None:
    for headers in ({}, {"Authorization": "Bearer clk_forged"}):
        for answer in (
            await client.post("/graphql", json={"query": "{ __typename }"}, headers=headers),
            await client.get("/graphql", params={"query": "{ __typename }"}, headers=headers),
        ):
            assert answer.status_code == 401
            assert answer.json()["code"] == "not_authenticated"
    del agent.headers["X-CSRF-Token"]
    assert (await agent.post("/graphql", json={"query": "{ __typename }"})).status_code == 403
    assert (await agent.get("/graphql", params={"query": "{ me { name } }"})).status_code == 200


async def test_the_schema_can_be_looked_at(agent: httpx.AsyncClient) -> None:
    found = await data(agent, get_introspection_query())
    assert found["__schema"]["mutationType"] is None
    assert "Conversation" in {kind["name"] for kind in found["__schema"]["types"]}


def _nested(depth: int) -> str:
    inner = "id"
    for level in range(depth):
        around = ("contact { ", " }") if level % 2 == 0 else ("conversations { items { ", " } }")
        inner = inner.join(around)
    return inner.join(("{ conversations { items { ", " } } }"))


@pytest.mark.parametrize(
    "query",
    [
        _nested(9),
        "{ " + " ".join(f"a{n}: me {{ name }}" for n in range(limits.MAX_ALIASES + 1)) + " }",
        "{ me { " + "name " * limits.MAX_TOKENS + "} }",
        "{ conversations { items { nothing } } }",
        "{",
    ],
)
async def test_what_is_too_deep_too_wide_or_wrong_is_refused_before_it_runs(
    agent: httpx.AsyncClient, query: str
) -> None:
    answer = await agent.post("/graphql", json={"query": query})
    assert answer.json().get("data") is None
    assert answer.json()["errors"]


async def test_rows_are_counted_across_nested_lists(
    db: Database, tenant: Tenant, agent: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await write_in(db, tenant.id, "Oi", phone=f"551198555020{number}")
    monkeypatch.setattr(limits, "MAX_ROWS", 300)
    query = "query($n: Int!) { conversations(first: 50) { items { messages(first: $n) { items { id } } } } }"
    await data(agent, query, n=50)
    answer = await ask(agent, query, n=200)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"query_too_costly"}
    await data(agent, query, n=50)


async def test_an_unexpected_error_says_nothing_of_itself(
    agent: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError("what a customer wrote")

    monkeypatch.setattr(conversations, "list_conversations", crash)
    answer = await agent.post("/graphql", json={"query": "{ conversations { items { id } } }"})
    assert answer.json()["errors"][0]["message"] == "Something went wrong"
    assert "customer" not in answer.text


async def test_a_subscription_does_not_run_over_http(agent: httpx.AsyncClient) -> None:
    for accept in ("application/json", "multipart/mixed;subscriptionSpec=1.0", "text/event-stream"):
        answer = await agent.post(
            "/graphql", json={"query": "subscription { events { id } }"}, headers={"Accept": accept}
        )
        assert '"data":{"events"' not in answer.text.replace(" ", "")
        assert "error" in answer.text.lower() or answer.status_code >= 400
