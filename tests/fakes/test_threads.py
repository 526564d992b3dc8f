"""Threads that another partner owns: standby, 131070, handing over; and updates that are told to all again."""

from __future__ import annotations

from fakes.meta.testing import CustomerHandle, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


async def own(meta: Simulator, ana: CustomerHandle, role: str | None) -> None:
    body = {"phone_number_id": meta.phone_number_id, **({"role": role} if role else {})}
    await meta.control("POST", f"customers/{ana.id}/owner", body)


def fields(receiver: Receiver) -> list[str]:
    return [change["field"] for got in receiver.got for entry in got.body["entry"] for change in entry["changes"]]


async def test_while_another_partner_owns_the_thread_we_stand_by_and_may_not_answer(
    meta: Simulator, receiver: Receiver
) -> None:
    ana = await meta.customer("Ana", ANA)
    await ana.says("oi")
    await own(meta, ana, "ai_agent")
    await ana.says("alguém aí?")
    await meta.settled()
    assert fields(receiver) == ["messages", "messaging_handovers", "standby"]
    taken, standby = receiver.values[1], receiver.values[2]
    assert taken["control_taken"]["previous_owner_role"] == "customer_service"
    assert taken["control_taken"]["new_owner_role"] == "ai_agent"
    assert standby["standby"]["messages"][0]["text"] == {"body": "alguém aí?"}
    assert standby["standby"]["contacts"][0]["profile"]["name"] == "Ana"
    assert "messages" not in standby

    refused = await meta.send_text(ANA, "Estou aqui")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, 131070)
    await own(meta, ana, None)
    assert (await meta.send_text(ANA, "Estou aqui")).status_code == 200
    await ana.says("que bom")
    await meta.settled()
    assert receiver.values[-1].get("messages") or "messages" in fields(receiver)[-3:]


async def test_a_template_needs_no_thread(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", ANA)
    await ana.says("oi")
    await meta.template("aviso", "Seu pedido saiu.")
    await own(meta, ana, "marketing")
    named = {"name": "aviso", "language": {"code": "pt_BR"}}
    body = {"messaging_product": "whatsapp", "to": ANA, "type": "template", "template": named}
    assert (await meta.send(body)).status_code == 200


async def test_what_we_pass_on_is_no_longer_ours(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", ANA)
    await ana.says("oi")
    path = f"{meta.phone_number_id}/thread_control"
    control = {"messaging_product": "whatsapp", "action": "pass", "to": ANA}
    passed = await meta.graph("POST", path, {**control, "control_pass": {"target_role": "escalation"}})
    assert passed.status_code == 200
    assert (await meta.send_text(ANA, "oi")).json()["error"]["code"] == 131070
    again = await meta.graph("POST", path, {**control, "control_pass": {"target_role": "marketing"}})
    assert again.json()["error"]["code"] == 131070


async def test_ownership_goes_idle_after_a_day_of_silence(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", ANA)
    await ana.says("oi")
    await own(town, ana, "ai_agent")
    await town.advance(24 * 3600)
    await ana.says("voltei")
    await town.settled()
    assert fields(inbox)[-1] == "messages"
    assert (await town.send_text(ANA, "Oi de novo")).status_code == 200


async def test_what_is_tried_again_reaches_an_app_that_had_acknowledged_it(
    meta: Simulator, receiver: Receiver
) -> None:
    other = Receiver("outra")
    await other.start()
    try:
        made = await meta.control(
            "POST", "apps", {"name": "Outra", "callback_url": other.url, "verify_token": "outra", "verify": False}
        )
        assert meta.engine is not None
        world = meta.engine.world
        subscription = type(next(iter(world.wabas[meta.waba_id].subscriptions.values())))
        world.wabas[meta.waba_id].subscriptions[made["id"]] = subscription(made["id"])
        receiver.answers = [500]
        ana = await meta.customer("Ana", ANA)
        await ana.says("oi")
        await meta.settled()
        assert len(receiver.got) == 2
        assert len(other.got) == 2
        await ana.says("tudo bem?")
        await meta.settled()
        assert (len(receiver.got), len(other.got)) == (3, 3)
    finally:
        await other.stop()
