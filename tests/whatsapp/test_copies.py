"""What did not go through us: the phone that shares the number, another app's threads, calls, handovers."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from clientela.conversations import Conversation, EndCall, Message, NewText, end_unheard_call, reply
from clientela.conversations.calls import LONGEST_RING
from clientela.platform.db import Database
from clientela.whatsapp.numbers import NumberView
from tests.conversations.conftest import AUTHOR, facts, inbox, thread
from tests.whatsapp.bodies import a_status, a_text, body_of, new_wamid
from tests.whatsapp.conftest import Deliver

ANA = "5511985550111"
DISPLAY = "551140001000"


def change_of(number: NumberView, field: str, **value: Any) -> bytes:
    metadata = {"display_phone_number": DISPLAY, "phone_number_id": number.phone_number_id}
    change = {"field": field, "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": number.waba_id, "changes": [change]}]}
    ).encode()


def an_echo(wamid: str, at: datetime, kind: str = "text", **content: Any) -> dict[str, Any]:
    body = content or {"text": {"body": "Já separei!"}}
    return {"from": DISPLAY, "to": ANA, "id": wamid, "timestamp": str(int(at.timestamp())), "type": kind, **body}


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


async def the_thread(db: Database, account: UUID) -> tuple[Conversation, list[Message]]:
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        return conversation, await thread(tx, conversation.id)


async def test_what_the_owner_writes_on_the_phone_is_an_answer_and_opens_no_window(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    asked = now() - timedelta(minutes=10)
    await deliver(body_of(number.phone_number_id, messages=[a_text("Tem no M?", at=int(asked.timestamp()))]))
    wamid = new_wamid()
    echo = change_of(number, "smb_message_echoes", message_echoes=[an_echo(wamid, asked + timedelta(minutes=1))])
    for _ in range(2):
        await deliver(echo)
    conversation, messages = await the_thread(db, account)
    assert [(m.direction, m.author.kind, m.text) for m in messages] == [
        ("in", "contact", "Tem no M?"),
        ("out", "phone", "Já separei!"),
    ]
    assert (conversation.waiting_since, conversation.unread_count) == (None, 0)
    assert conversation.service_window_ends_at == asked + timedelta(hours=24)
    assert conversation.last_message is not None
    assert conversation.last_message.preview == "Já separei!"
    assert [fact["type"] for fact in await facts(db, account)].count("message.echoed") == 1


async def test_an_echo_older_than_the_last_question_leaves_it_waiting(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    asked = now() - timedelta(minutes=10)
    await deliver(body_of(number.phone_number_id, messages=[a_text("Alguém?", at=int(asked.timestamp()))]))
    late = an_echo(new_wamid(), asked - timedelta(minutes=1))
    await deliver(change_of(number, "smb_message_echoes", message_echoes=[late]))
    conversation, messages = await the_thread(db, account)
    assert [m.direction for m in messages] == ["out", "in"]
    assert (conversation.waiting_since, conversation.unread_count) == (asked, 1)


async def test_an_echo_without_a_conversation_opens_one_without_a_window_and_its_ticks_move(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    wamid = new_wamid()
    await deliver(body_of(number.phone_number_id, statuses=[a_status(wamid, "delivered")]))
    echo = {**an_echo(wamid, now()), "to_user_id": "BR.13491208655302741918"}
    contact = {"profile": {"name": "Ana"}, "wa_id": ANA, "user_id": "BR.13491208655302741918"}
    await deliver(change_of(number, "smb_message_echoes", contacts=[contact], message_echoes=[echo]))
    await deliver(body_of(number.phone_number_id, statuses=[a_status(wamid, "read")]))
    conversation, [message] = await the_thread(db, account)
    assert conversation.contact.name == "Ana"
    assert (conversation.status, conversation.service_window_ends_at) == ("open", None)
    assert message.status == "read"


async def test_the_owner_edits_and_deletes_on_the_phone(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    first, second = new_wamid(), new_wamid()
    at = now() - timedelta(minutes=5)
    await deliver(change_of(number, "smb_message_echoes", message_echoes=[an_echo(first, at), an_echo(second, at)]))
    edited = {"original_message_id": first, "message": {"type": "text", "text": {"body": "Separei o G"}}}
    changes = [
        an_echo(new_wamid(), at + timedelta(minutes=1), "edit", edit=edited),
        an_echo(new_wamid(), at + timedelta(minutes=1), "revoke", revoke={"original_message_id": second}),
    ]
    await deliver(change_of(number, "smb_message_echoes", message_echoes=changes))
    _, messages = await the_thread(db, account)
    by_wamid = {message.wamid: message for message in messages}
    assert len(messages) == 2
    assert by_wamid[first].text == "Separei o G"
    assert by_wamid[second].revoked_at is not None


async def test_a_customer_cannot_delete_what_we_wrote(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    wamid = new_wamid()
    await deliver(change_of(number, "smb_message_echoes", message_echoes=[an_echo(wamid, now())]))
    forged = {
        "from": ANA,
        "id": new_wamid(),
        "timestamp": str(int(now().timestamp()) + 1),
        "type": "revoke",
        "revoke": {"original_message_id": wamid},
    }
    await deliver(body_of(number.phone_number_id, messages=[forged]))
    _, messages = await the_thread(db, account)
    assert next(m for m in messages if m.wamid == wamid).revoked_at is None


async def test_another_apps_thread_is_shown_and_counts_for_nothing(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    at = now() - timedelta(minutes=5)
    asked = a_text("Cadê meu pedido?", at=int(at.timestamp()))
    answer = {
        "id": new_wamid(),
        "timestamp": str(int(at.timestamp()) + 20),
        "message": {"to": ANA, "type": "text", "text": {"body": "Saiu hoje"}},
    }
    standby = {"contacts": [{"wa_id": ANA}], "messages": [asked], "message_echoes": [answer]}
    await deliver(change_of(number, "standby", standby=standby))
    conversation, messages = await the_thread(db, account)
    assert [(m.direction, m.author.kind, m.text) for m in messages] == [
        ("in", "contact", "Cadê meu pedido?"),
        ("out", "api", "Saiu hoje"),
    ]
    assert (conversation.unread_count, conversation.waiting_since) == (0, None)
    assert conversation.service_window_ends_at is None
    assert conversation.owned is False
    await deliver(body_of(number.phone_number_id, messages=[a_text("Obrigada")]))
    conversation, _ = await the_thread(db, account)
    assert (conversation.owned, conversation.unread_count) == (True, 1)


async def test_a_handover_is_a_line_in_the_thread_and_says_whose_it_is(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("Oi")]))

    def moved(role: str, at: datetime) -> bytes:
        value = {
            "messaging_product": "whatsapp",
            "recipient": {"display_phone_number": DISPLAY, "phone_number_id": number.phone_number_id},
            "sender": {"phone_number": ANA},
            "timestamp": str(int(at.timestamp())),
            "type": "control_passed",
            "control_passed": {"previous_owner_role": "customer_service", "new_owner_role": role},
        }
        change = {"field": "messaging_handovers", "value": value}
        entry = [{"id": number.waba_id, "changes": [change]}]
        return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()

    at = now()
    for _ in range(2):
        await deliver(moved("ai_agent", at))
    conversation, messages = await the_thread(db, account)
    assert (conversation.owned, conversation.owner_role) == (False, "ai_agent")
    assert sorted(m.type for m in messages) == ["system", "text"]
    assert conversation.unread_count == 1
    await deliver(moved("customer_service", at + timedelta(seconds=2)))
    conversation, _ = await the_thread(db, account)
    assert conversation.owned is True


def a_call(number: NumberView, call_id: str, at: datetime, **more: Any) -> bytes:
    call = {
        "id": call_id,
        "from": ANA,
        "to": DISPLAY,
        "timestamp": str(int(at.timestamp())),
        "direction": "USER_INITIATED",
        **more,
    }
    return change_of(number, "calls", contacts=[{"profile": {"name": "Ana"}, "wa_id": ANA}], calls=[call])


async def test_a_missed_call_is_one_message_that_somebody_should_answer(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    at = now() - timedelta(minutes=1)
    await deliver(a_call(number, "wacid.1", at, event="connect"))
    conversation, [ringing] = await the_thread(db, account)
    assert ringing.type == "call"
    assert (conversation.unread_count, conversation.service_window_ends_at) == (0, at + timedelta(hours=24))
    for _ in range(2):
        await deliver(a_call(number, "wacid.1", at + timedelta(seconds=30), event="terminate", status="FAILED"))
    conversation, [missed] = await the_thread(db, account)
    assert missed.id == ringing.id
    assert getattr(missed.content, "outcome", None) == "missed"
    assert (conversation.unread_count, conversation.waiting_since) == (1, at + timedelta(seconds=30))


async def unheard(db: Database, account: UUID, message: Message) -> None:
    """What the timer does."""
    async with db.begin(account) as tx:
        await end_unheard_call(tx, EndCall(message_id=message.id))


async def test_a_call_of_whose_end_nothing_is_heard_was_missed_and_counts_once(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    at = now()
    await deliver(a_call(number, "wacid.3", at, event="connect"))
    _, [ringing] = await the_thread(db, account)
    async with db.begin(account) as tx:
        assert await tx.due_at("call_rings", ringing.id) == at + LONGEST_RING
    for _ in range(2):
        await unheard(db, account, ringing)
    conversation, [missed] = await the_thread(db, account)
    assert getattr(missed.content, "outcome", None) == "missed"
    assert conversation.unread_count == 1
    await deliver(a_call(number, "wacid.3", at + timedelta(seconds=40), event="terminate", status="FAILED"))
    conversation, [missed] = await the_thread(db, account)
    assert getattr(missed.content, "outcome", None) == "missed"
    assert conversation.unread_count == 1
    told = [fact["type"] for fact in await facts(db, account)]
    assert told.count("message.changed") == 2


async def test_a_long_call_that_was_taken_is_no_missed_one_in_the_end(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    """Nothing tells that it was taken until it ends, and it may last for longer than it could ring."""
    at = now() - timedelta(minutes=20)
    await deliver(a_call(number, "wacid.4", at, event="connect"))
    _, [ringing] = await the_thread(db, account)
    await unheard(db, account, ringing)
    ended = at + timedelta(minutes=15)
    await deliver(a_call(number, "wacid.4", ended, event="terminate", status="COMPLETED", duration=880))
    conversation, [call] = await the_thread(db, account)
    assert (getattr(call.content, "outcome", None), getattr(call.content, "duration_s", None)) == ("answered", 880)
    assert (conversation.unread_count, conversation.waiting_since) == (0, None)
    await unheard(db, account, ringing)
    _, [call] = await the_thread(db, account)
    assert getattr(call.content, "outcome", None) == "answered"


async def test_a_call_that_ended_leaves_no_timer(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    at = now() - timedelta(minutes=1)
    await deliver(a_call(number, "wacid.5", at, event="connect"))
    await deliver(a_call(number, "wacid.5", at + timedelta(seconds=30), event="terminate", status="FAILED"))
    _, [call] = await the_thread(db, account)
    async with db.begin(account) as tx:
        assert await tx.due_at("call_rings", call.id) is None


async def test_a_call_that_was_taken_waits_for_nobody_in_whatever_order_it_is_told(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    at = now() - timedelta(minutes=5)
    ended = at + timedelta(minutes=2)
    await deliver(a_call(number, "wacid.2", ended, event="terminate", status="COMPLETED", duration=95))
    await deliver(a_call(number, "wacid.2", at, event="connect"))
    conversation, [call] = await the_thread(db, account)
    assert getattr(call.content, "outcome", None) == "answered"
    assert getattr(call.content, "duration_s", None) == 95
    assert (conversation.unread_count, conversation.waiting_since) == (0, None)


async def test_an_answer_of_ours_is_not_doubled_by_its_echo(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("Oi")]))
    conversation, _ = await the_thread(db, account)
    wamid = new_wamid()
    async with db.begin(account) as tx:
        sent = await reply(tx, AUTHOR, conversation.id, NewText(text="Olá!"))
        await tx.execute("insert into message_wamid values ($1, $2, $3)", account, wamid, sent.id)
    await deliver(change_of(number, "smb_message_echoes", message_echoes=[an_echo(wamid, now())]))
    _, messages = await the_thread(db, account)
    assert [m.author.kind for m in messages] == ["contact", "api"]
