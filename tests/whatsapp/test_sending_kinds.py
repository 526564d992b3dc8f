"""Each kind that can be sent, through the worker: what Meta took is what was asked, and its ticks come back."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from clientela.conversations import Message, NewMessage, NewText, reply, retry
from clientela.conversations.problems import ServiceWindowClosed
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.problems import InvalidRequest
from tests.whatsapp.shop import AUTHOR, Line, Shop, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


async def send(line: Line, conversation: Any, body: dict[str, Any]) -> Message:
    """As the API takes it."""
    async with line.shop.db.begin(line.account) as tx:
        return await reply(tx, AUTHOR, conversation, msgspec.convert(body, NewMessage, strict=False))


_ROWS = [{"id": f"r{number}", "title": f"{number:02d}" + "t" * 22, "description": "d" * 72} for number in range(10)]

# What is asked, Meta's type of it, and the object that Meta is to take.
KINDS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "text": ({"type": "text", "text": "oi"}, "text", {"body": "oi", "preview_url": True}),
    "text without a preview": (
        {"type": "text", "text": "https://loja.example", "preview_url": False},
        "text",
        {"body": "https://loja.example", "preview_url": False},
    ),
    "location": (
        {
            "type": "location",
            "latitude": -23.5613,
            "longitude": -46.6565,
            "name": "Loja",
            "address": "Av. Paulista",
        },
        "location",
        {"latitude": -23.5613, "longitude": -46.6565, "name": "Loja", "address": "Av. Paulista"},
    ),
    "bare location": (
        {"type": "location", "latitude": 90.0, "longitude": -180.0},
        "location",
        {"latitude": 90.0, "longitude": -180.0},
    ),
    "contacts": (
        {
            "type": "contacts",
            "contacts": [
                {
                    "name": "Rui de Sá",
                    "phones": [{"phone": "+55 11 98555-0177", "wa_id": "5511985550177"}],
                    "emails": ["rui@loja.example"],
                    "organization": "Loja",
                },
                {"name": "Bia", "phones": [{"phone": "+55 11 98555-0178"}], "emails": []},
            ],
        },
        "contacts",
        [
            {
                "name": {"formatted_name": "Rui de Sá", "first_name": "Rui", "last_name": "de Sá"},
                "phones": [{"phone": "+55 11 98555-0177", "type": "CELL", "wa_id": "5511985550177"}],
                "emails": [{"email": "rui@loja.example", "type": "WORK"}],
                "org": {"company": "Loja"},
            },
            {
                "name": {"formatted_name": "Bia", "first_name": "Bia"},
                "phones": [{"phone": "+55 11 98555-0178", "type": "CELL"}],
            },
        ],
    ),
    "buttons": (
        {
            "type": "buttons",
            "text": "b" * 1024,
            "header": "h" * 60,
            "footer": "f" * 60,
            "buttons": [
                {"id": "s" * 256, "title": "Sim" + "!" * 17},
                {"id": "n", "title": "Não"},
                {"id": "d", "title": "Depois"},
            ],
        },
        "interactive",
        {
            "type": "button",
            "header": {"type": "text", "text": "h" * 60},
            "body": {"text": "b" * 1024},
            "footer": {"text": "f" * 60},
            "action": {
                "buttons": [
                    {"type": "reply", "reply": {"id": "s" * 256, "title": "Sim" + "!" * 17}},
                    {"type": "reply", "reply": {"id": "n", "title": "Não"}},
                    {"type": "reply", "reply": {"id": "d", "title": "Depois"}},
                ]
            },
        },
    ),
    "list": (
        {
            "type": "list",
            "text": "b" * 4096,
            "button": "Ver os tamanhos aqui",
            "sections": [{"title": "s" * 24, "rows": _ROWS[:4]}, {"title": "Outros", "rows": _ROWS[4:]}],
            "header": "Tamanhos",
            "footer": "Até sábado",
        },
        "interactive",
        {
            "type": "list",
            "header": {"type": "text", "text": "Tamanhos"},
            "body": {"text": "b" * 4096},
            "footer": {"text": "Até sábado"},
            "action": {
                "button": "Ver os tamanhos aqui",
                "sections": [{"title": "s" * 24, "rows": _ROWS[:4]}, {"title": "Outros", "rows": _ROWS[4:]}],
            },
        },
    ),
    "list of one section": (
        {
            "type": "list",
            "text": "Qual?",
            "button": "Ver",
            "sections": [{"rows": [{"id": "a" * 200, "title": "P"}]}],
        },
        "interactive",
        {
            "type": "list",
            "body": {"text": "Qual?"},
            "action": {"button": "Ver", "sections": [{"rows": [{"id": "a" * 200, "title": "P"}]}]},
        },
    ),
    "link": (
        {
            "type": "link",
            "text": "Acompanhe o pedido",
            "button": "Acompanhar o pedido!",
            "url": "https://loja.example/p/1",
            "header": "Pedido 1",
            "footer": "Loja",
        },
        "interactive",
        {
            "type": "cta_url",
            "header": {"type": "text", "text": "Pedido 1"},
            "body": {"text": "Acompanhe o pedido"},
            "footer": {"text": "Loja"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Acompanhar o pedido!", "url": "https://loja.example/p/1"},
            },
        },
    ),
    "request for the place": (
        {"type": "request", "asks": "location", "text": "Onde entregamos?"},
        "interactive",
        {
            "type": "location_request_message",
            "body": {"text": "Onde entregamos?"},
            "action": {"name": "send_location"},
        },
    ),
    "request for the number": (
        {"type": "request", "asks": "contact", "text": "Qual o seu número?"},
        "interactive",
        {
            "type": "request_contact_info",
            "body": {"text": "Qual o seu número?"},
            "action": {"name": "request_contact_info"},
        },
    ),
    "product": (
        {"type": "products", "catalog_id": "77", "product_ids": ["sku-1"], "text": "Este?"},
        "interactive",
        {
            "type": "product",
            "body": {"text": "Este?"},
            "action": {"catalog_id": "77", "product_retailer_id": "sku-1"},
        },
    ),
    "products": (
        {
            "type": "products",
            "catalog_id": "77",
            "product_ids": [f"sku-{number}" for number in range(30)],
            "text": "Veja",
            "header": "Verão",
            "footer": "Loja",
        },
        "interactive",
        {
            "type": "product_list",
            "header": {"type": "text", "text": "Verão"},
            "body": {"text": "Veja"},
            "footer": {"text": "Loja"},
            "action": {
                "catalog_id": "77",
                "sections": [{"product_items": [{"product_retailer_id": f"sku-{number}"} for number in range(30)]}],
            },
        },
    ),
    "catalogue": (
        {"type": "products", "text": "Tudo o que temos"},
        "interactive",
        {
            "type": "catalog_message",
            "body": {"text": "Tudo o que temos"},
            "action": {"name": "catalog_message"},
        },
    ),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_what_meta_takes_is_what_was_asked(line: Line, kind: str) -> None:
    """Each at the greatest length there is, where there is one."""
    asked, meta_type, taken = KINDS[kind]
    queued = await send(line, await line.hears(), asked)
    read = await line.becomes(queued, "read")
    (sent,) = await line.sent()
    assert (sent["body"]["type"], sent["body"][meta_type]) == (meta_type, taken)
    assert (read.wamid, read.type, read.error) == (sent["wamid"], asked["type"], None)
    assert str(read.id) in sent["opaque"]
    assert (read.text, read.content) == (queued.text, queued.content)


async def test_buttons_without_ids_get_some_and_the_tap_comes_back(line: Line) -> None:
    conversation = await line.hears()
    message = await send(
        line, conversation, {"type": "buttons", "text": "Serve?", "buttons": [{"title": "Sim"}, {"title": "Não"}]}
    )
    await line.becomes(message, "read")
    (sent,) = await line.sent()
    ids = [button["reply"]["id"] for button in sent["body"]["interactive"]["action"]["buttons"]]
    assert len(set(ids)) == 2
    assert [one["id"] for one in msgspec.to_builtins(message.content)["buttons"]] == ids


@pytest.mark.parametrize("kind", ["location", "contacts", "buttons", "list", "link", "products"])
async def test_every_kind_can_quote(line: Line, kind: str) -> None:
    conversation = await line.hears("Qual o preço?")
    (asked,) = await line.thread(conversation)
    message = await send(line, conversation, KINDS[kind][0] | {"reply_to": str(asked.id)})
    assert message.reply_to is not None
    assert message.reply_to.preview == "Qual o preço?"
    await line.becomes(message, "read")
    assert (await line.sent())[0]["body"]["context"] == {"message_id": asked.wamid}


async def test_our_own_message_is_quoted_though_it_had_not_left_yet(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        first = await reply(tx, AUTHOR, conversation, NewText(text="O azul"))
        second = await reply(tx, AUTHOR, conversation, NewText(text="este", reply_to=first.id))
    await line.becomes(second, "read")
    sent = await line.sent()
    assert sent[1]["body"]["context"] == {"message_id": sent[0]["wamid"]}


@pytest.mark.parametrize("kind", ["location", "buttons", "request for the number"])
async def test_a_customer_without_a_phone_is_sent_every_kind(shop: Shop, kind: str) -> None:
    line = await shop.open_line(phone=None, bsuid=f"BR.{uuid4().int % 10**16}")
    await line.becomes(await send(line, await line.hears(), KINDS[kind][0]), "read")
    (sent,) = await line.sent()
    assert (sent["body"]["recipient"], sent["addressed_by_bsuid"]) == (line.customer.bsuid, True)
    assert "to" not in sent["body"]


async def test_a_send_to_oneself_is_refused_and_told(line: Line) -> None:
    conversation = await line.hears()
    own = "".join(filter(str.isdigit, line.number.display_phone_number))
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update contact_identity set value = $1 where kind = 'wa_id'", own)
    failed = await line.becomes(await send(line, conversation, KINDS["location"][0]), "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.reason, failed.error.retryable) == (131021, "own_number", False)
    assert await line.sent() == []


@pytest.mark.parametrize(
    ("code", "reason"), [(131062, "needs_phone"), (131026, "not_on_whatsapp"), (130403, "blocked_by_us")]
)
@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_whom_a_kind_cannot_reach_is_told_in_a_sentence(
    line: Line, code: int, reason: str, mode: str
) -> None:
    """Somebody without a number, a landline, somebody we blocked: whether Meta says it at once or later."""
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "mode": mode}])
    failed = await line.becomes(await send(line, conversation, KINDS["buttons"][0]), "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.reason) == (code, reason)
    assert failed.content is not None  # nothing that was written is lost


@pytest.mark.parametrize("kind", ["location", "list", "products"])
async def test_a_kind_that_failed_is_sent_again_whole(line: Line, kind: str) -> None:
    asked, meta_type, taken = KINDS[kind]
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131026}])
    failed = await line.becomes(await send(line, conversation, asked), "failed")
    async with line.shop.db.begin(line.account) as tx:
        await retry(tx, conversation, failed.id)
    await line.becomes(failed, "read")
    (sent,) = await line.sent()
    assert sent["body"][meta_type] == taken


async def test_without_a_window_nothing_of_any_kind_is_queued(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update conversation set service_window_ends_at = now()")
    for asked, _, _ in KINDS.values():
        with pytest.raises(ServiceWindowClosed):
            await send(line, conversation, asked)
    assert len(await line.thread(conversation)) == 1


async def test_on_a_channel_without_a_window_every_kind_is_queued(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update channel set has_service_window = false")
        await tx.execute("update conversation set service_window_ends_at = null")
    for asked, _, _ in KINDS.values():
        assert (await send(line, conversation, asked)).status == "queued"


@pytest.mark.parametrize("kind", ["text", "location", "contacts", "buttons", "list", "link", "products"])
async def test_no_kind_can_hold_what_the_database_cannot(line: Line, kind: str) -> None:
    conversation = await line.hears()
    spoilt = json.loads(json.dumps(KINDS[kind][0]).replace("Loja", "Lo\\u0000ja").replace("oi", "o\\u0000i"))
    spoilt |= {"text": "a\x00"} if "text" in spoilt else {}
    with pytest.raises(InvalidRequest):
        await send(line, conversation, spoilt)
