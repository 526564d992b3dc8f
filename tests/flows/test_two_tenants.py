"""A second tenant tries everything of the first over REST, GraphQL and sockets: nothing is seen, nothing changes.

The routes come from the product's own OpenAPI document, so a route that is added is tried too, or fails here
until somebody says with what.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
import pytest
import websockets

from clientela.platform.ids import new_id
from tests import media_files
from tests.flows.product import Account, Product, until
from tests.flows.socket import listening, received
from tests.whatsapp.bodies import a_text, body_of, new_wamid

NAME = "Quirinalda Zwétkova"
PHONE = "5511985559001"
TEXT = "só para a primeira loja"

MEMBER = {"name": "Membro Um", "email": "membro.um@example.com", "password": "a good password", "role": "agent"}

# What needs a body, tried with one that would be right for the first tenant.
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/v1/users/{user_id}"): {"role": "analyst"},
    ("PATCH", "/v1/contacts/{contact_id}"): {"name": "mudado"},
    ("POST", "/v1/contacts/{contact_id}/marketing"): {"choice": "stop"},
    ("PATCH", "/v1/conversations/{conversation_id}"): {"status": "closed"},
    ("POST", "/v1/conversations/{conversation_id}/messages"): {"type": "text", "text": "intruso"},
    ("PUT", "/v1/conversations/{conversation_id}/messages/{message_id}/reaction"): {"emoji": "👎"},
    ("POST", "/v1/numbers/{number_id}/register"): {"pin": "246810"},
    ("POST", "/v1/numbers/{number_id}/reconnect"): {"access_token": "EAAstolen"},
    ("POST", "/v1/numbers/{number_id}/phone-data"): {"kind": "history"},
    ("PATCH", "/v1/numbers/{number_id}/profile"): {"about": "intruso"},
    ("PUT", "/v1/numbers/{number_id}/profile/picture"): {"upload_id": "01a213d3-f2c4-709c-96b9-2cf609424f80"},
}
# What names nothing of anybody else's, whatever is sent.
OWN_AFFAIRS = {
    ("POST", "/v1/session"),
    ("DELETE", "/v1/session"),
    ("PATCH", "/v1/me"),
    ("PATCH", "/v1/account"),  # the caller's own, whatever the body says
    ("POST", "/v1/me/password"),
    ("POST", "/v1/api-keys"),
    ("POST", "/v1/uploads"),
    ("POST", "/v1/numbers/check"),
    ("POST", "/v1/numbers/signup"),
}
# What could name something of another's in its body; each has a test of its own below.
BY_BODY = {
    ("POST", "/v1/session/account"),
    ("POST", "/v1/numbers"),
    ("POST", "/v1/users"),
    ("POST", "/v1/conversations"),
    ("POST", "/v1/templates/sync"),
}


@dataclass
class House:
    """Everything of the first tenant that somebody could name, and the second tenant."""

    product: Product
    owner: Account
    stranger: Account
    ids: dict[str, str]
    """By the names that paths give them."""
    cursors: list[str]
    marks: list[str] = field(default_factory=list)
    """What no answer to the stranger may hold."""

    @asynccontextmanager
    async def intruders(self) -> AsyncIterator[list[httpx.AsyncClient]]:
        """The second tenant's owner in a browser, and a program with their first key."""
        async with self.product.browser(self.stranger) as browser, self.product.program(self.stranger) as program:
            yield [browser, program]

    def check(self, answer: httpx.Response, what: str) -> None:
        """Fails when an answer holds anything of the first tenant's."""
        for mark in self.marks:
            assert mark not in answer.text, f"{what} shows {mark}"


async def a_template(product: Product, account: Account) -> str:
    """A template of the first tenant's, as a sync would store it; its id."""
    template_id = str(new_id())
    sql = await asyncpg.connect(product.environment["CLIENTELA_DATABASE_URL"])
    try:
        await sql.execute(
            """
            insert into template (tenant_id, id, waba_id, name, language, category, status, parameter_format,
                components, content, status_at, category_at, quality_at)
            values ($1, $2, $3, $4, 'pt_BR', 'utility', 'approved', 'positional', '[]',
                $5::jsonb, now(), now(), now())
            """,
            account.id,
            template_id,
            product.meta.waba_id,
            f"modelo_{template_id[-12:]}",
            json.dumps({"body": TEXT}),
        )
    finally:
        await sql.close()
    return template_id


async def writes(product: Product, account: Account, text: str, wa_id: str, name: str) -> str:
    """A customer writes; the message's wamid, once it is stored."""
    wamid = new_wamid()
    body = body_of(account.phone_number_id, messages=[a_text(text, wa_id=wa_id, wamid=wamid)], names={wa_id: name})
    async with httpx.AsyncClient(trust_env=False) as meta, product.program(account) as program:
        assert (await product.post(meta, body)).status_code == 200

        async def there() -> bool:
            page = (await program.get("/v1/conversations", params={"q": wa_id})).json()["items"]
            return any(one["last_message"]["preview"] == text for one in page)

        await until(there)
    return wamid


async def a_picture(product: Product, account: Account, browser: httpx.AsyncClient) -> str:
    """A customer sends one over Meta; the id of the file once it is ours."""
    customer = await product.meta.customer(NAME, phone="+5511985559077")
    await customer.sends("image", to=account.phone_number_id)
    found: list[str] = []

    async def ready() -> bool:
        page = (await browser.get("/v1/conversations", params={"q": "5511985559077"})).json()["items"]
        for one in page:
            messages = (await browser.get(f"/v1/conversations/{one['id']}/messages")).json()["items"]
            found.extend(m["media"]["id"] for m in messages if m["media"] and m["media"]["status"] == "ready")
        return bool(found)

    await until(ready)
    return found[0]


async def a_notice(product: Product, account: Account, browser: httpx.AsyncClient) -> str:
    """Meta tells something of the number; the notice's id."""
    await product.meta.announce("security", "PIN_CHANGED", phone_number_id=account.phone_number_id)
    found: list[str] = []

    async def there() -> bool:
        items = (await browser.get("/v1/notices")).json()["items"]
        found.extend(one["id"] for one in items if one["number_id"] == account.number_id)
        return bool(found)

    await until(there)
    return found[0]


@pytest.fixture(scope="module")
async def house(product: Product, account: Account) -> House:
    stranger = await product.open_account("Loja Vizinha", "+55 11 98555-0300")
    for number in range(3):
        await writes(product, account, f"{TEXT} {number}", f"{PHONE}{number}"[-13:], f"{NAME} {number}")
    await writes(product, stranger, "para a vizinha", "5511985559900", "Cliente da Vizinha")
    async with product.browser(account) as browser:
        member = {
            "name": "Membro Um",
            "email": "membro.um@example.com",
            "password": "a good password",
            "role": "agent",
        }
        user = (await browser.post("/v1/users", json=member)).json()
        key = (await browser.post("/v1/api-keys", json={"name": "Outra", "scopes": ["contacts.read"]})).json()
        first_page = (await browser.get("/v1/conversations", params={"limit": "1", "q": NAME})).json()
        (conversation,) = first_page["items"]
        path = f"/v1/conversations/{conversation['id']}/messages"
        await product.meta.faults(phone_number_id=account.phone_number_id, fail_next=[{"code": 131026}])
        reply = (await browser.post(path, json={"type": "text", "text": "uma resposta"})).json()

        async def failed() -> bool:
            return bool((await browser.get(path)).json()["items"][0]["status"] == "failed")

        await until(failed)
        media = await a_picture(product, account, browser)
        notice = await a_notice(product, account, browser)
        photo = (await browser.post("/v1/uploads", params={"as": "image"}, content=media_files.photo())).json()
        shown = f"/v1/numbers/{account.number_id}/profile/picture"
        assert (await browser.put(shown, json={"upload_id": photo["id"]})).status_code == 200
        messages_page = (await browser.get(path, params={"limit": "1"})).json()
        contacts_page = (await browser.get("/v1/contacts", params={"limit": "1"})).json()
    ids = {
        "conversation_id": conversation["id"],
        "message_id": reply["id"],
        "contact_id": conversation["contact"]["id"],
        "number_id": account.number_id,
        "user_id": user["id"],
        "key_id": key["id"],
        "media_id": media,
        "notice_id": notice,
        "template_id": await a_template(product, account),
    }
    cursors = [page["next_cursor"] for page in (first_page, messages_page, contacts_page)]
    assert all(cursors)
    marks = [*ids.values(), account.id, account.phone_number_id, account.email, TEXT, NAME, "membro.um", PHONE[:12]]
    return House(product, account, stranger, ids, cursors, marks)


@asynccontextmanager
async def unchanged(house: House) -> AsyncIterator[None]:
    """Every row of the first tenant is the same afterwards."""
    before = await rows_of(house)
    yield
    assert await rows_of(house) == before


async def rows_of(house: House) -> dict[str, list[str]]:
    sql = await asyncpg.connect(house.product.environment["CLIENTELA_DATABASE_URL"])
    try:
        tables = await sql.fetch(
            """
            select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
            where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
            """
        )
        names = {row["relname"] for row in tables}
        assert {"conversation", "message", "contact", "phone_number", "membership", "api_key"} <= names
        found = {
            name: [
                row[0]
                for row in await sql.fetch(
                    f"select to_jsonb(t) - 'last_used_at' || '{{}}' from {name} t where tenant_id = $1 order by 1",
                    house.owner.id,
                )
            ]
            for name in sorted(names)
        }
        found["account"] = [
            row[0] for row in await sql.fetch("select to_jsonb(t) from account t where id = $1", house.owner.id)
        ]
        users = "select to_jsonb(t) from app_user t where id = $1"
        found["app_user"] = [row[0] for row in await sql.fetch(users, house.ids["user_id"])]
        return found
    finally:
        await sql.close()


# REST.


async def operations(product: Product) -> list[tuple[str, str, dict[str, Any]]]:
    async with httpx.AsyncClient(base_url=product.web, trust_env=False) as client:
        document = (await client.get("/v1/openapi.json")).json()
    verbs = ("get", "post", "put", "patch", "delete")
    return [
        (verb.upper(), path, operation)
        for path, item in document["paths"].items()
        for verb, operation in item.items()
        if verb in verbs
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    unknown = set(re.findall(r"{(\w+)}", path)) - ids.keys()
    assert not unknown, f"{path}: give the first tenant a {unknown}, so that a stranger can try it"
    return re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)


async def test_every_route_that_names_something_of_the_first_finds_nothing(house: House) -> None:
    tried = 0
    async with unchanged(house), house.intruders() as intruders:
        for verb, path, operation in await operations(house.product):
            if "{" not in path:
                continue
            body = BODIES.get((verb, path))
            assert ("requestBody" in operation) == (body is not None), (
                f"say in BODIES what {verb} {path} is tried with"
            )
            for intruder in intruders:
                answer = await intruder.request(verb, filled(path, house.ids), json=body)
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), f"{verb} {path}"
                tried += 1
    assert tried >= 20


async def test_the_same_paths_do_find_them_for_their_owner(house: House) -> None:
    """Or the test above would prove nothing."""
    async with house.product.browser(house.owner) as browser:
        for verb, path, _ in await operations(house.product):
            if verb == "GET" and "{" in path:
                assert (await browser.get(filled(path, house.ids))).status_code == 200, path
        patched = await browser.patch(filled("/v1/users/{user_id}", house.ids), json={"role": "agent"})
        assert patched.status_code == 200


async def test_every_list_shows_the_stranger_their_own_alone(house: House) -> None:
    stolen = {
        "q": [NAME, PHONE[:12], TEXT],
        "assignee": [house.ids["user_id"]],
        "contact_id": [house.ids["contact_id"]],
        "cursor": house.cursors,
        "status": ["all"],
    }
    async with unchanged(house), house.intruders() as intruders:
        for verb, path, operation in await operations(house.product):
            if verb != "GET" or "{" in path:
                continue
            queries: list[dict[str, str]] = [{}]
            for parameter in operation.get("parameters", []):
                queries += [{parameter["name"]: value} for value in stolen.get(parameter["name"], [])]
            for intruder in intruders:
                for query in queries:
                    answer = await intruder.get(path, params=query)
                    # An API key has no session; a cursor of another list is no cursor of this one.
                    assert answer.status_code in (200, 400, 401, 403), f"{path} {query}: {answer.text}"
                    house.check(answer, f"{path} {query}")


async def test_every_other_route_is_known_to_name_nothing_or_is_tried_below(house: House) -> None:
    others = {
        (verb, path) for verb, path, _ in await operations(house.product) if verb != "GET" and "{" not in path
    }
    assert others == OWN_AFFAIRS | BY_BODY


async def test_ids_in_bodies_open_nothing(house: House) -> None:
    async with unchanged(house), house.intruders() as (browser, program):
        switched = await browser.post("/v1/session/account", json={"account_id": house.owner.id})
        assert switched.status_code in (403, 404)
        number = {
            "waba_id": house.product.meta.waba_id,
            "phone_number_id": house.owner.phone_number_id,
            "display_phone_number": "+55 11 98555-0200",
            "access_token": "EAAstolen",
        }
        for intruder in (browser, program):
            taken = await intruder.post("/v1/numbers", json=number)
            assert (taken.status_code, taken.json()["code"]) == (409, "number_already_connected")
        (own,) = (await browser.get("/v1/conversations")).json()["items"]
        path = f"/v1/conversations/{own['id']}"
        assigned = await browser.patch(path, json={"assignee_id": house.ids["user_id"]})
        assert 400 <= assigned.status_code < 500
        quoting = {"type": "text", "text": "oi", "reply_to": house.ids["message_id"]}
        quoted = await browser.post(f"{path}/messages", json=quoting)
        assert (quoted.status_code, quoted.json()["code"]) == (400, "invalid_request")
        retried = await browser.post(f"{path}/messages/{house.ids['message_id']}/retry")
        assert (retried.status_code, retried.json()["code"]) == (404, "not_found")
        synced = await browser.post("/v1/templates/sync", json={"number_id": house.ids["number_id"]})
        assert (synced.status_code, synced.json()["code"]) == (404, "not_found")
        started = await first_contacts(house, browser, own["contact"]["id"])
        for answer in (switched, assigned, quoted, retried, synced, *started):
            house.check(answer, str(answer.url))
        me = (await browser.get("/v1/session")).json()
        assert me["account"]["id"] == house.stranger.id


async def first_contacts(house: House, browser: httpx.AsyncClient, own_contact: str) -> list[httpx.Response]:
    """The stranger tries to write first, with each id of the first tenant's among their own."""
    (own_number,) = (await browser.get("/v1/numbers")).json()["items"]
    theirs = {"template_id": house.ids["template_id"], "version": 1, "type": "template"}
    answers = []
    for number_id, contact_id in (
        (house.ids["number_id"], own_contact),
        (own_number["id"], house.ids["contact_id"]),
        (own_number["id"], own_contact),
    ):
        body = {"number_id": number_id, "contact_id": contact_id, "message": theirs}
        answer = await browser.post("/v1/conversations", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request"), answer.text
        answers.append(answer)
    return answers


async def test_somebody_who_works_for_both_is_not_taken_from_the_first(house: House) -> None:
    """One person may be in several accounts; to know their e-mail gives no hold on them."""
    async with unchanged(house), house.intruders() as (browser, _):
        theirs = {"name": "Outro Nome", "email": MEMBER["email"], "password": "another password", "role": "owner"}
        invited = await browser.post("/v1/users", json=theirs)
        assert (invited.status_code, invited.json()["name"]) == (201, "Outro Nome")
        assert house.owner.id not in invited.text
        changed = await browser.patch(f"/v1/users/{invited.json()['id']}", json={"name": "Mudado", "role": "agent"})
        assert changed.status_code == 200
        assert (await browser.delete(f"/v1/users/{invited.json()['id']}")).status_code == 204
    async with httpx.AsyncClient(base_url=house.product.web, trust_env=False) as somebody:
        for password, status in (("another password", 401), (MEMBER["password"], 201)):
            login = {"email": MEMBER["email"], "password": password}
            assert (await somebody.post("/v1/session", json=login)).status_code == status


async def test_a_repeated_key_does_not_give_away_anothers_answer(house: House) -> None:
    """An idempotency key belongs to its tenant."""
    key = {"Idempotency-Key": "7f7b1e0e-3f3b-4a55-9a58-5d8f6f0f1a01"}
    made = {"name": "Chave", "scopes": ["contacts.read"]}
    async with house.product.browser(house.owner) as owner, house.intruders() as (browser, _):
        first = await owner.post("/v1/api-keys", json=made, headers=key)
        second = await browser.post("/v1/api-keys", json=made, headers=key)
    assert first.status_code == second.status_code == 201
    assert "Idempotent-Replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]


# GraphQL.

LISTS = """
query ($q: String, $after: String) {
  conversations(status: ALL, query: $q, first: 200, after: $after) {
    items { id contact { id name } messages(first: 50) { items { id text } } } }
  contacts(query: $q, first: 200, after: $after) { items { id name } }
  numbers { id phoneNumberId }
  me { accountId }
}
"""
ONE = """
query ($conversation: ID!, $contact: ID!) {
  conversation(id: $conversation) { id contact { name } messages(first: 50) { items { text } } }
  contact(id: $contact) { id name phone }
}
"""


async def asked(client: httpx.AsyncClient, query: str, **variables: str) -> httpx.Response:
    answer = await client.post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer


async def test_the_graph_shows_nothing_of_the_first(house: House) -> None:
    ids = {"conversation": house.ids["conversation_id"], "contact": house.ids["contact_id"]}
    async with unchanged(house), house.intruders() as intruders:
        for intruder in intruders:
            one = await asked(intruder, ONE, **ids)
            assert one.json()["data"] == {"conversation": None, "contact": None}
            for variables in ({}, {"q": NAME}, {"q": PHONE[:12]}, *({"after": cursor} for cursor in house.cursors)):
                house.check(await asked(intruder, LISTS, **variables), f"graph {variables}")
            own = (await asked(intruder, LISTS)).json()["data"]
            assert [item["contact"]["name"] for item in own["conversations"]["items"]] == ["Cliente da Vizinha"]
    async with house.product.program(house.owner) as owner:  # or it would prove nothing
        found = (await asked(owner, ONE, **ids)).json()["data"]
        assert found["conversation"]["id"] == ids["conversation"]
        assert found["contact"]["name"].startswith(NAME)


# Sockets.


async def test_the_live_socket_tells_a_stranger_nothing(house: House) -> None:
    product = house.product
    async with listening(product, house.owner) as owner:
        place = owner.hello["position"]
        await writes(product, house.owner, "antes", f"{PHONE}0"[-13:], NAME)
    async with (
        listening(product, house.stranger, after=place) as resumed,
        listening(product, house.stranger) as new,
    ):
        await writes(product, house.owner, "depois", f"{PHONE}0"[-13:], NAME)
        own = await writes(product, house.stranger, "minha", "5511985559900", "Cliente da Vizinha")
        for listener in (resumed, new):
            await listener.next(received(own))
            for frame in listener.frames:
                told = json.dumps(frame, ensure_ascii=False)
                assert not any(mark in told for mark in house.marks), told


async def test_the_graphs_socket_tells_a_stranger_nothing(house: House) -> None:
    product = house.product
    async with listening(product, house.owner) as owner:
        place = owner.hello["position"]
        await writes(product, house.owner, "outra vez", f"{PHONE}0"[-13:], NAME)
    address = product.web.replace("http", "ws", 1) + "/graphql"
    headers = {"Authorization": f"Bearer {house.stranger.api_key}"}
    async with websockets.connect(
        address, additional_headers=headers, subprotocols=["graphql-transport-ws"], proxy=None
    ) as socket:
        await socket.send('{"type":"connection_init"}')
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        query = f'subscription {{ events(after: "{place}") {{ id type data }} }}'
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        own = await writes(product, house.stranger, "de novo minha", "5511985559900", "Cliente da Vizinha")
        async with asyncio.timeout(10):
            while True:
                told = await socket.recv()
                assert isinstance(told, str)
                assert json.loads(told)["type"] == "next", told
                assert not any(mark in told for mark in house.marks), told
                if own in told:
                    break
