"""pywa, unmodified, as the receiver: it checks the signature of every webhook there is and parses it."""

from __future__ import annotations

from typing import Any

from pywa import types

from fakes.meta.testing import Simulator
from tests.fakes.client import Client, Listener
from tests.fakes.everything import emit_everything
from tests.fakes.receiver import Receiver

UNKNOWN_EVENTS = ("VERIFIED_ACCOUNT", "ACCOUNT_OFFBOARDED", "ACCOUNT_RECONNECTED")


def limit_of_pywa(body: dict[str, Any]) -> str | None:
    """What pywa 4.5.0 cannot construct although Meta's own samples look so; it still takes the raw update."""
    value = body["entry"][0]["changes"][0]["value"]
    if value.get("event") in UNKNOWN_EVENTS:
        return "an account event it has no name for"
    if {"errors", "user_actions"} & set(value):
        return "a change with neither messages nor statuses"
    for status in value.get("statuses", []):
        if status["status"] == "failed" and "contacts" not in value:
            return "a failed status without contacts"
    for message in value.get("messages", []):
        if message["type"] == "system" and "from" not in message:
            return "a system message without from"
    return None


async def test_every_webhook_is_parsed(town: Simulator, inbox: Receiver) -> None:
    await emit_everything(town)
    client = Client(town)
    try:
        listener = Listener(client)
        listener.hear(inbox)
    finally:
        client.close()
    limits = [limit_of_pywa(body) for _, body in listener.complaints]
    assert [said for (said, _), limit in zip(listener.complaints, limits, strict=True) if limit is None] == []
    # Should pywa learn one of them, its exception goes.
    assert set(limits) == {
        "an account event it has no name for",
        "a change with neither messages nor statuses",
        "a failed status without contacts",
        "a system message without from",
    }
    assert len(listener.raw) == len(inbox.got) > 150
    assert {
        "MessageHandler",
        "CallbackButtonHandler",
        "CallbackSelectionHandler",
        "FlowCompletionHandler",
        "MessageStatusHandler",
        "PhoneNumberChangeHandler",
        "IdentityChangeHandler",
        "TemplateStatusUpdateHandler",
        "TemplateCategoryUpdateHandler",
        "TemplateQualityUpdateHandler",
        "TemplateComponentsUpdateHandler",
        "UserMarketingPreferencesHandler",
        "CallConnectHandler",
        "CallTerminateHandler",
        "CallPermissionUpdateHandler",
        "EditedMessageHandler",
        "DeletedMessageHandler",
        "OutgoingMessageHandler",
        "OutgoingEditedMessageHandler",
        "OutgoingDeletedMessageHandler",
        "AccountUpdateHandler",
    } == set(listener.kinds)


async def test_what_pywa_makes_of_them_is_what_was_said(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("Olá / tudo bem? 😊")
    await ana.sends("image", {"caption": "esse"})
    await ana.sends("location", {"latitude": -23.5, "longitude": -46.6, "name": "Casa"})
    await town.send_text("+5511985550111", biz_opaque_callback_data="job:1")
    await town.settled()
    client = Client(town)
    try:
        listener = Listener(client)
        listener.hear(inbox)
        made: list[Any] = [update for name, update in listener.updates if name == "MessageHandler"]
        text, image, location = made
        assert (text.text, text.from_user.wa_id, text.from_user.name) == (
            "Olá / tudo bem? 😊",
            "5511985550111",
            "Ana",
        )
        assert image.caption == "esse"
        assert (location.location.latitude, location.location.name) == (-23.5, "Casa")
        downloaded = await client(image.image.get_bytes)
        assert downloaded.startswith(b"\xff\xd8\xff")
        statuses: list[Any] = [update for name, update in listener.updates if name == "MessageStatusHandler"]
        assert [one.status for one in statuses] == [
            types.MessageStatusType.SENT,
            types.MessageStatusType.DELIVERED,
            types.MessageStatusType.READ,
        ]
        assert {one.tracker for one in statuses} == {"job:1"}
        assert listener.complaints == []
    finally:
        client.close()


async def test_a_forged_webhook_is_refused_and_the_handshake_answered(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("oi")
    await town.settled()
    client = Client(town)
    try:
        (got,) = inbox.got
        signature = got.headers["x-hub-signature-256"]
        assert client.wa.webhook_update_validator(got.raw.replace(b"oi", b"io"), signature) == ("Forbidden", 403)
        query = inbox.handshakes[0]
        word, challenge = query["hub.verify_token"][0], query["hub.challenge"][0]
        assert client.wa.webhook_challenge_handler(word, challenge) == (challenge, 200)
        assert client.wa.webhook_challenge_handler("wrong", challenge)[1] == 403
    finally:
        client.close()
