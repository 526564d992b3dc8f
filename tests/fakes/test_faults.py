"""Each thing that can be made to go wrong, and only as often as asked."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from fakes.meta.testing import APP_SECRET, CustomerHandle, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


@pytest.fixture
async def ana(meta: Simulator, receiver: Receiver) -> CustomerHandle:
    """A customer with an open window, whose first webhook is out of the way."""
    person = await meta.customer("Ana", phone=ANA)
    await person.says("oi")
    await meta.settled()
    receiver.got.clear()
    return person


async def test_duplicates_repeat_the_same_bytes(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(duplicates=2)
    await ana.says("oi")
    await meta.settled()
    assert len(receiver.got) == 3
    assert len({got.raw for got in receiver.got}) == 1


async def test_reversed_statuses_say_read_before_sent(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(status_order="reversed")
    await meta.send_text(ANA)
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["read", "delivered", "sent"]


async def test_shuffled_statuses_are_all_there(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(status_order="shuffled")
    orders = set()
    for _ in range(12):
        receiver.got.clear()
        await meta.send_text(ANA)
        await meta.settled()
        orders.add(tuple(status["status"] for status in receiver.statuses))
    assert len(orders) > 1
    assert all(sorted(order) == ["delivered", "read", "sent"] for order in orders)


async def test_a_status_may_come_before_the_answer(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(status_before_answer=True, slow_answer_s=0.2)
    sending = asyncio.create_task(meta.send_text(ANA))
    await receiver.until(1)
    assert not sending.done()
    wamid = (await sending).json()["messages"][0]["id"]
    assert receiver.statuses[0]["id"] == wamid


async def test_a_status_can_be_skipped(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(skip_statuses=["delivered"])
    await meta.send_text(ANA)
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "read"]
    assert "pricing" in receiver.statuses[1]


@pytest.mark.parametrize(
    ("shape", "entries", "changes", "messages"),
    [("changes", 1, 3, 1), ("entries", 3, 1, 1), ("values", 1, 1, 3)],
)
async def test_a_batch_carries_several_updates_in_one_body(
    meta: Simulator,
    receiver: Receiver,
    ana: CustomerHandle,
    shape: str,
    entries: int,
    changes: int,
    messages: int,
) -> None:
    bia = await meta.customer("Bia", phone="+5511985550199")
    await meta.faults(batch_size=3, batch_wait_s=30, batch_shape=shape)
    await ana.says("um")
    await ana.says("dois")
    await asyncio.sleep(0.05)
    assert receiver.got == []
    await bia.says("três")
    await meta.settled()
    (got,) = receiver.got
    assert got.signed_with(APP_SECRET)
    assert len(got.body["entry"]) == entries
    assert len(got.body["entry"][0]["changes"]) == changes
    value = got.body["entry"][0]["changes"][0]["value"]
    assert len(value["messages"]) == messages
    assert [message["text"]["body"] for message in receiver.messages] == ["um", "dois", "três"]
    if shape == "values":
        assert [contact["profile"]["name"] for contact in value["contacts"]] == ["Bia", "Ana"]


async def test_an_unfilled_batch_goes_after_its_wait(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(batch_size=50, batch_wait_s=0.05)
    await ana.says("um")
    await ana.says("dois")
    await meta.settled()
    assert len(receiver.got) == 1
    assert len(receiver.messages) == 2


async def test_a_batch_mixes_accounts_in_one_body(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    waba = await meta.waba()
    other = await meta.number("+55 21 98555-0100", waba_id=waba)
    await meta.faults(batch_size=2, batch_wait_s=30)
    await ana.says("um")
    await ana.says("dois", to=other)
    await meta.settled()
    assert [entry["id"] for entry in receiver.got[0].body["entry"]] == [meta.waba_id, waba]


async def test_a_lost_answer_cuts_the_connection_but_the_message_goes_out(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(lost_answers=1)
    with pytest.raises(httpx.TransportError):
        await meta.send_text(ANA, biz_opaque_callback_data="msg:7")
    await meta.settled()
    assert [status["biz_opaque_callback_data"] for status in receiver.statuses] == ["msg:7"] * 3
    assert (await meta.send_text(ANA)).status_code == 200


async def test_a_lost_request_cuts_the_connection_and_nothing_goes_out(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(lost_requests=1)
    with pytest.raises(httpx.TransportError):
        await meta.send_text(ANA)
    await meta.settled()
    assert receiver.got == []
    assert await meta.messages() == []


async def test_an_answer_can_hang_until_the_client_gives_up(
    meta: Simulator, receiver: Receiver, ana: CustomerHandle
) -> None:
    await meta.faults(hang_answers=1)
    async with httpx.AsyncClient(timeout=0.3, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {meta.access_token}"}
        body = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}
        with pytest.raises(httpx.ReadTimeout):
            await http.post(meta.messages_url, json=body, headers=headers)
    await meta.settled()
    assert len(receiver.statuses) == 3


async def test_a_slow_answer_takes_its_time(meta: Simulator, ana: CustomerHandle) -> None:
    await meta.faults(slow_answer_s=0.3)
    began = time.monotonic()
    assert (await meta.send_text(ANA)).status_code == 200
    assert time.monotonic() - began >= 0.3


async def test_the_next_sends_fail_in_the_answer(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(fail_next=[{"code": 130429, "count": 2, "http_status": 429}, {"code": 131056}])
    answers = [await meta.send_text(ANA) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [429, 429, 400, 200]
    error = answers[0].json()["error"]
    assert error["code"] == 130429
    assert error["error_data"]["messaging_product"] == "whatsapp"
    assert answers[2].json()["error"]["code"] == 131056
    await meta.settled()
    assert len(receiver.statuses) == 3


async def test_the_next_send_fails_by_status(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(fail_next=[{"code": 131042, "mode": "async", "details": "no card"}])
    assert (await meta.send_text(ANA, biz_opaque_callback_data="msg:1")).status_code == 200
    await meta.settled()
    (status,) = receiver.statuses
    assert status["status"] == "failed"
    assert status["biz_opaque_callback_data"] == "msg:1"
    assert status["errors"][0]["code"] == 131042
    assert status["errors"][0]["error_data"] == {"details": "no card"}
    assert (await meta.messages())[0]["statuses"][0]["status"] == "failed"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_empty_answer_has_no_body_at_all(meta: Simulator, ana: CustomerHandle, status: int) -> None:
    await meta.faults(empty_next={"status": status, "count": 1})
    answer = await meta.send_text(ANA)
    assert (answer.status_code, answer.content) == (status, b"")
    assert (await meta.send_text(ANA)).status_code == 200


async def test_the_window_check_can_be_synchronous_or_off(meta: Simulator, receiver: Receiver) -> None:
    await meta.customer("Ana", phone=ANA)
    await meta.faults(window_check="sync")
    answer = await meta.send_text(ANA)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 131047)
    await meta.faults(window_check="off")
    assert (await meta.send_text(ANA)).status_code == 200
    await meta.settled()
    assert receiver.statuses[-1]["status"] == "read"


async def test_a_numbers_fault_leaves_other_numbers_alone_and_can_be_unset(
    meta: Simulator, ana: CustomerHandle
) -> None:
    second = await meta.number("+55 11 98555-0101")
    await meta.faults(phone_number_id=second, empty_next={"status": 500, "count": 5})
    assert (await meta.send_text(ANA)).status_code == 200
    url = f"{meta.base_url}/v25.0/{second}/messages"
    body = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {meta.access_token}"}
        assert (await http.post(url, json=body, headers=headers)).status_code == 500
        await meta.faults(phone_number_id=second, empty_next=None)
        assert (await http.post(url, json=body, headers=headers)).status_code == 200


async def test_webhooks_can_be_delayed(meta: Simulator, receiver: Receiver, ana: CustomerHandle) -> None:
    await meta.faults(webhook_delay_s=0.2)
    began = time.monotonic()
    await ana.says("oi")
    await meta.settled()
    assert time.monotonic() - began >= 0.2
    assert len(receiver.got) == 1


async def test_a_misspelt_fault_is_refused(meta: Simulator) -> None:
    with pytest.raises(RuntimeError, match="duplicate_everything"):
        await meta.faults(duplicate_everything=True)
