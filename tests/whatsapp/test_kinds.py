"""Every type of inbound message, from body to what people see; and odd shapes, which spoil nothing else."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.contacts import get_contact
from clientela.conversations import (
    Conversation,
    ConversationFilters,
    Message,
    change_conversation,
    list_conversations,
    list_messages,
    mark_read,
)
from clientela.conversations.schemas import ConversationChange
from clientela.platform.db import Database
from clientela.whatsapp.kinds import KINDS, read_kind
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.walk import Incoming, walk
from tests.conversations.conftest import facts
from tests.whatsapp.bodies import a_text, body_of, new_wamid
from tests.whatsapp.conftest import Deliver

WA_ID = "5511985550111"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "message-kinds.md"
_NOW = datetime(2026, 11, 23, tzinfo=UTC)

Says = Callable[..., Awaitable[Message]]


def a_message(kind: str, part: Any, *, at: int | None = None, wa_id: str = WA_ID, **more: Any) -> dict[str, Any]:
    stamp = str(at if at is not None else int(time.time()))
    return {"from": wa_id, "id": new_wamid(), "timestamp": stamp, "type": kind, kind: part, **more}


async def inbox(db: Database, account: UUID) -> list[Conversation]:
    async with db.begin(account) as tx:
        return (await list_conversations(tx, ConversationFilters(status="all"), limit=50, cursor=None)).items


async def thread(db: Database, account: UUID) -> list[Message]:
    """Every message of the account's newest conversation, oldest first."""
    [conversation, *_] = await inbox(db, account)
    async with db.begin(account) as tx:
        return list(reversed((await list_messages(tx, conversation.id, limit=50, cursor=None)).items))


@pytest.fixture
def says(db: Database, account: UUID, number: NumberView, deliver: Deliver) -> Says:
    """A customer sends this; the message it became."""

    async def says(message: dict[str, Any]) -> Message:
        await deliver(body_of(number.phone_number_id, messages=[message], names={WA_ID: "Ana"}))
        return next(one for one in await thread(db, account) if one.wamid == message["id"])

    return says


SEEN: list[tuple[str, dict[str, Any], str, str, Any]] = [
    # (case, message, type, preview in the list, content as JSON)
    (
        "location",
        a_message("location", {"latitude": -23.55, "longitude": -46.63, "name": "Loja", "address": "Rua 1"}),
        "location",
        "Loja",
        {
            "of": "location",
            "latitude": -23.55,
            "longitude": -46.63,
            "name": "Loja",
            "address": "Rua 1",
            "url": None,
        },
    ),
    (
        "contacts",
        a_message(
            "contacts",
            [
                {
                    "name": {"formatted_name": "Bia"},
                    "phones": [{"phone": "+55 11 98555-0222", "wa_id": "5511985550222", "type": "CELL"}],
                    "emails": [{"email": "bia@example.com"}],
                    "org": {"company": "Padaria"},
                },
                {"phones": [{"wa_id": "5511985550333"}]},
            ],
        ),
        "contacts",
        "Bia, +5511985550333",
        {
            "of": "contacts",
            "contacts": [
                {
                    "name": "Bia",
                    "phones": [{"phone": "+55 11 98555-0222", "wa_id": "5511985550222"}],
                    "emails": ["bia@example.com"],
                    "organization": "Padaria",
                },
                {
                    "name": "+5511985550333",
                    "phones": [{"phone": "+5511985550333", "wa_id": "5511985550333"}],
                    "emails": [],
                    "organization": None,
                },
            ],
        },
    ),
    (
        "button_reply",
        a_message("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "Sim"}}),
        "choice",
        "Sim",
        {"of": "choice", "kind": "button", "title": "Sim", "description": None},
    ),
    (
        "list_reply",
        a_message(
            "interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "P", "description": "Pequeno"}}
        ),
        "choice",
        "P",
        {"of": "choice", "kind": "list", "title": "P", "description": "Pequeno"},
    ),
    (
        "button",
        a_message("button", {"payload": "STOP", "text": "Parar"}),
        "choice",
        "Parar",
        {"of": "choice", "kind": "template_button", "title": "Parar", "description": None},
    ),
    (
        "order",
        a_message(
            "order",
            {
                "catalog_id": "354",
                "text": "sem cebola",
                "product_items": [
                    {"product_retailer_id": "X", "quantity": "2", "item_price": 30.5, "currency": "BRL"}
                ],
            },
        ),
        "order",
        "sem cebola",
        {
            "of": "order",
            "catalog_id": "354",
            "note": "sem cebola",
            "items": [{"product_retailer_id": "X", "quantity": 2, "item_price": 30.5, "currency": "BRL"}],
        },
    ),
    (
        "flow",
        a_message(
            "interactive",
            {
                "type": "nfm_reply",
                "nfm_reply": {"name": "flow", "response_json": '{"flow_token":"t","nota":5,"a\\u0000":"b\\u0000"}'},
            },
        ),
        "flow",
        "",
        {"of": "flow", "name": "flow", "answers": {"nota": 5, "a": "b"}},
    ),
    (
        "flow, unreadable",
        a_message("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "{oops"}}),
        "flow",
        "",
        {"of": "flow", "name": "flow", "answers": None},
    ),
]


@pytest.mark.parametrize(("message", "kind", "preview", "content"), [c[1:] for c in SEEN], ids=[c[0] for c in SEEN])
async def test_it_becomes_what_people_see(
    db: Database, account: UUID, says: Says, message: Any, kind: str, preview: str, content: Any
) -> None:
    seen = await says(message)
    assert (seen.type, seen.text, seen.unsupported_type) == (kind, None, None)
    assert msgspec.to_builtins(seen.content) == content
    [conversation] = await inbox(db, account)
    assert conversation.unread_count == 1
    assert conversation.last_message is not None
    assert (conversation.last_message.type, conversation.last_message.preview) == (kind, preview)
    assert [fact["type"] for fact in await facts(db, account)][-1] == "message.received"


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (a_message("location", {"latitude": 123, "longitude": 0}), "location"),
        (a_message("interactive", {"type": "payment_method", "payment_method": {}}), "payment_method"),
        (a_message("unsupported", {"type": "poll_creation"}), "poll_creation"),
        (a_message("order", {"catalog_id": "1"}), "order"),
        (a_message("hologram", {}), "hologram"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_understood_stays_unsupported_by_its_name(says: Says, message: Any, named: str) -> None:
    seen = await says(message)
    assert (seen.type, seen.unsupported_type) == ("unsupported", named)


async def test_forwarding_and_the_ad_that_led_here_are_kept(says: Says) -> None:
    seen = await says(
        a_text("vi o anúncio")
        | {
            "context": {"frequently_forwarded": True},
            "referral": {"source_type": "ad", "source_id": 12024, "ctwa_clid": "ARAk", "headline": "50%"},
        }
    )
    assert seen.forwarded
    assert seen.referral is not None
    assert (seen.referral.source_id, seen.referral.ctwa_clid, seen.referral.headline) == ("12024", "ARAk", "50%")


async def test_a_reaction_changes_its_message_and_counts_as_a_turn(
    db: Database, account: UUID, says: Says, deliver: Deliver, number: NumberView
) -> None:
    now = int(time.time())
    target = await says(a_text("chegou?", at=now - 60))
    async with db.begin(account) as tx:
        await mark_read(tx, target.conversation_id)

    async def react(emoji: str | None, at: int) -> Conversation:
        part = {"message_id": target.wamid, **({"emoji": emoji} if emoji else {})}
        await deliver(body_of(number.phone_number_id, messages=[a_message("reaction", part, at=at)]))
        [conversation] = await inbox(db, account)
        return conversation

    conversation = await react("❤️", now - 10)
    [message] = await thread(db, account)
    assert [(one.emoji, one.by) for one in message.reactions] == [("❤️", "contact")]
    assert message.version > target.version
    assert conversation.unread_count == 1
    assert conversation.last_reaction is not None
    assert (conversation.last_reaction.emoji, conversation.last_reaction.preview) == ("❤️", "chegou?")
    assert conversation.service_window_ends_at is not None
    assert conversation.service_window_ends_at.timestamp() == now - 10 + 24 * 3600
    assert [fact["type"] for fact in await facts(db, account)][-1] == "message.changed"
    await react("👎", now - 30)  # late news
    await react(None, now - 5)
    conversation = await react("👍", now - 7)  # late again: it was taken back since
    [message] = await thread(db, account)
    assert message.reactions == []
    assert (conversation.last_reaction, conversation.unread_count) == (None, 1)


async def test_a_reaction_after_closing_reopens(
    db: Database, account: UUID, says: Says, deliver: Deliver, number: NumberView
) -> None:
    target = await says(a_text("obrigada"))
    async with db.begin(account) as tx:
        await change_conversation(tx, target.conversation_id, ConversationChange(status="closed"))
    reaction = a_message("reaction", {"message_id": target.wamid, "emoji": "🙏"})
    await deliver(body_of(number.phone_number_id, messages=[reaction]))
    [conversation] = await inbox(db, account)
    assert (conversation.status, conversation.unread_count) == ("open", 1)
    assert {fact["data"].get("change") for fact in await facts(db, account)} >= {"closed", "reopened"}


async def test_an_edit_and_a_revoke_change_their_message(
    db: Database, account: UUID, says: Says, deliver: Deliver, number: NumberView
) -> None:
    now = int(time.time())
    target = await says(a_text("preço?", at=now - 60))

    async def alter(kind: str, at: int, **part: Any) -> Message:
        part["original_message_id"] = target.wamid
        await deliver(body_of(number.phone_number_id, messages=[a_message(kind, part, at=at)]))
        [message] = await thread(db, account)
        return message

    edited = await alter("edit", now - 20, message={"type": "text", "text": {"body": "qual o preço?"}})
    assert (edited.text, edited.edited_at is not None) == ("qual o preço?", True)
    late = await alter("edit", now - 40, message={"type": "text", "text": {"body": "versão velha"}})
    assert late.text == "qual o preço?"
    revoked = await alter("revoke", now - 10)
    assert (revoked.text, revoked.revoked_at is not None) == (None, True)
    [conversation] = await inbox(db, account)
    assert conversation.last_message is not None
    assert (conversation.last_message.preview, conversation.last_message.revoked) == ("", True)
    assert conversation.unread_count == 1


async def test_nobody_alters_what_is_not_theirs(
    db: Database, account: UUID, says: Says, deliver: Deliver, number: NumberView
) -> None:
    target = await says(a_text("meu"))
    stranger = a_message("revoke", {"original_message_id": target.wamid}, wa_id="5511985550999")
    await deliver(body_of(number.phone_number_id, messages=[stranger]))
    async with db.begin(account) as tx:
        assert await tx.value("select revoked_at from message where id = $1", target.id) is None
        kept = await tx.fetch("select unsupported_type from message where type = 'unsupported' order by id")
    assert [row["unsupported_type"] for row in kept] == ["revoke"]


async def test_a_changed_number_takes_the_contact_along(
    db: Database, account: UUID, says: Says, deliver: Deliver, number: NumberView
) -> None:
    await says(a_text("oi"))
    part = {"type": "user_changed_number", "body": "Ana mudou de número", "wa_id": "5521985550444"}
    await deliver(body_of(number.phone_number_id, messages=[a_message("system", part)]))
    await deliver(body_of(number.phone_number_id, messages=[a_text("sou eu", wa_id="5521985550444")]))
    await deliver(body_of(number.phone_number_id, messages=[a_text("atrasada", wa_id=WA_ID)]))
    [conversation] = await inbox(db, account)
    assert conversation.unread_count == 3, "the notice itself is no turn"
    async with db.begin(account) as tx:
        contact = await get_contact(tx, conversation.contact.id)
    assert (contact.wa_id, contact.phone) == ("5521985550444", "+5521985550444")
    notice = next(one for one in await thread(db, account) if one.type == "system")
    assert msgspec.to_builtins(notice.content)["body"] == "Ana mudou de número"


async def test_a_changed_bsuid_takes_the_contact_along(
    db: Database, account: UUID, deliver: Deliver, number: NumberView
) -> None:
    old, new = "BR.13491208655302741918", "BR.99991208655302741918"
    first = a_text("oi") | {"from_user_id": old}
    part = {"type": "user_changed_user_id", "body": "…", "user_id": new, "previous_user_id": old}
    change = a_message("system", part)
    del first["from"], change["from"]
    await deliver(body_of(number.phone_number_id, messages=[first]))
    await deliver(body_of(number.phone_number_id, messages=[change]))
    [conversation] = await inbox(db, account)
    async with db.begin(account) as tx:
        assert (await get_contact(tx, conversation.contact.id)).bsuid == new


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "id",
        "caption",
        "mime_type",
        "url",
        "voice",
        "latitude",
        "longitude",
        "name",
        "phones",
        "type",
        "button_reply",
        "list_reply",
        "nfm_reply",
        "title",
        "response_json",
        "payload",
        "text",
        "body",
        "catalog_id",
        "product_items",
        "wa_id",
        "user_id",
        "message_id",
        "emoji",
        "message",
        "original_message_id",
        "forwarded",
        "source_id",
    ]
)


@given(st.sampled_from(sorted(KINDS)), JSON | st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON)), JSON)
def test_no_shape_raises_or_holds_what_the_database_cannot(kind: str, part: Any, context: Any) -> None:
    message = {"from": WA_ID, "id": "wamid.1", "type": kind, kind: part, "referral": part, "context": context}
    [item, *_] = walk(body_of("1", messages=[message]), _NOW)
    read_kind(kind, json.dumps(message).encode(), _NOW)
    if isinstance(item, Incoming):
        shown = msgspec.json.encode((item.type, item.text, item.content, item.media, item.change, item.referral))
        assert b"\\u0000" not in shown


def test_the_page_of_kinds_names_every_kind() -> None:
    table = PAGE.read_text().partition("## Fields of webhooks")[0]
    rows = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
    assert rows == KINDS.keys() | {"unsupported"}
