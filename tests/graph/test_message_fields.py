"""The graph shows a message as REST does, field by field."""

from typing import Any

import httpx
import msgspec
import pytest
import strawberry

from clientela.contacts import Person
from clientela.conversations import (
    ChannelSpec,
    ContactCard,
    ContactsContent,
    Inbound,
    NewMedia,
    Referral,
    open_channel,
    receive_messages,
    schemas,
)
from clientela.graph import message_types
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.accounts import ClientAs, Tenant
from tests.graph.test_graph import data

QUERY = """{ conversations { items { lastReaction { emoji } lastMessage { revoked version } messages { items {
    type text content forwarded editedAt revokedAt
    media { id kind mimeType filename size voice animated status width height durationMs waveform thumbnail }
    reactions { emoji by at } reactionError { reason } cost { category amountMicros }
    referral { sourceUrl sourceType sourceId headline body mediaType ctwaClid }
} } } } }"""


@pytest.mark.parametrize("name", ["Message", "Media", "Reaction", "Referral", "Cost", "MessageError", "Quoted"])
def test_every_field_of_rest_is_in_the_graph(name: str) -> None:
    """Its type is built from all of them, so one that is new must be added here too."""
    rest = {field.name for field in msgspec.structs.fields(getattr(schemas, name))}
    definition: Any = strawberry.Schema(getattr(message_types, name)).get_type_by_name(name)
    assert {field.python_name for field in definition.fields} == rest


async def test_what_a_message_holds_besides_text_is_shown(
    db: Database, tenant: Tenant, client_as: ClientAs
) -> None:
    agent = await client_as("agent")
    card = ContactCard(name="Rui", phones=[], emails=["rui@loja.example"])
    async with db.begin(tenant.id) as tx:
        spec = ChannelSpec(kind="whatsapp", address="+55 11 4000-1000", name=None, has_service_window=True)
        channel = await open_channel(tx, spec)

        def said(kind: str, text: str | None = None, **more: Any) -> Inbound:
            who = Person(wa_id="5511985550111", profile_name="Ana")
            return Inbound(
                wamid=f"wamid.{new_id()}", channel_id=channel, sender=who, sent_at=tx.now(), type=kind, text=text,
                raw=b"{}", **more,
            )  # fmt: skip

        await receive_messages(
            tx,
            [
                said("contacts", content=ContactsContent(contacts=[card]), forwarded=True),
                said("image", text="esta", media=NewMedia(kind="image", mime_type="image/jpeg", remote_id="1")),
                said("text", text="vi no anúncio", referral=Referral(source_type="ad", ctwa_clid="x")),
            ],
        )
        await tx.execute(
            """update message set edited_at = now(),
            reactions = '[{"emoji": "👍", "by": "us", "at": "2026-11-01T00:00:00Z", "error":
            {"code": 1, "reason": "temporary", "title": "t", "retryable": true}}]' where type = 'contacts'"""
        )
    (conversation,) = (await data(agent, QUERY))["conversations"]["items"]
    text, image, contacts = conversation["messages"]["items"]
    assert text["referral"]["ctwaClid"] == "x"
    assert (image["media"]["kind"], image["media"]["status"], image["text"]) == ("image", "pending", "esta")
    assert contacts["content"] == {"of": "contacts", "contacts": [msgspec.to_builtins(card)]}
    assert contacts["forwarded"] is True
    assert contacts["editedAt"]
    assert [one["emoji"] for one in contacts["reactions"]] == ["👍"]
    assert contacts["reactionError"] == {"reason": "temporary"}
    assert conversation["lastMessage"] == {"revoked": False, "version": 1}
    rest = await _rest(agent)
    assert rest[-1]["content"] == contacts["content"]


async def _rest(agent: httpx.AsyncClient) -> list[dict[str, Any]]:
    (one,) = (await agent.get("/v1/conversations")).json()["items"]
    found: list[dict[str, Any]] = (await agent.get(f"/v1/conversations/{one['id']}/messages")).json()["items"]
    return found
