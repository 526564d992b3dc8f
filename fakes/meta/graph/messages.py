"""The edges a number sends by: messages, read receipts, marketing messages, thread control."""

from __future__ import annotations

from typing import Any

from litestar import Response

from fakes.meta import ids, links, threads, validate
from fakes.meta.errors import GraphError, messaging_error
from fakes.meta.graph.call import Answer, Call, CutConnection
from fakes.meta.state import Number

_MARKETING_KEYS = ("product_policy", "message_activity_sharing")
_ACTIONS = ("pass", "release", "take")
_ROLES = ("ai_agent", "ctwa", "customer_service", "escalation", "marketing", "utility")


async def send(call: Call, number: Number) -> Answer:
    if validate.is_read_receipt(call.body):
        return mark_read(call, number)
    return await _send(call, number, call.body)


async def _send(call: Call, number: Number, body: dict[str, Any]) -> Answer:
    engine, faults = call.engine, call.world.faults
    if (empty_status := faults.take_empty_answer(number.id)) is not None:
        return Response(b"", status_code=empty_status)
    kind = validate.check_message(body)
    await links.learn(engine.world, engine.clock, kind, body)
    if faults.use_up(number.id, "lost_requests"):
        return CutConnection()
    message = engine.sending.accept(number, body)
    answer = engine.sending.answer(message, body)
    if faults.flag(number.id, "status_before_answer"):
        engine.sending.play(message.wamid)
        await engine.sending.first_status_posted(message.wamid)
    if (slow := faults.number(number.id, "slow_answer_s", 0.0)) > 0:
        await engine.clock.sleep(slow)
    engine.sending.play(message.wamid)
    if faults.use_up(number.id, "lost_answers"):
        return CutConnection()
    if faults.use_up(number.id, "hang_answers"):
        await engine.closing.wait()
        return CutConnection()
    return answer


async def send_marketing(call: Call, number: Number) -> Answer:
    """Marketing templates only; the same road otherwise (reference section 3.3)."""
    body = {key: value for key, value in call.body.items() if key not in _MARKETING_KEYS}
    policy = call.body.get("product_policy", "CLOUD_API_FALLBACK")
    if policy not in ("CLOUD_API_FALLBACK", "STRICT"):
        raise GraphError(100, "(#100) Param product_policy must be one of {CLOUD_API_FALLBACK, STRICT}")
    if validate.check_message(body) != "template":
        raise messaging_error(131055)
    sent = body["template"]
    template = call.world.template(number.waba_id, sent["name"], sent["language"]["code"])
    if template is not None and template.category != "MARKETING":
        raise messaging_error(134100)
    return await _send(call, number, body)


def mark_read(call: Call, number: Number) -> Answer:
    wamid, typing = validate.check_read_receipt(call.body)
    message = call.world.inbound.get(wamid)
    if message is None or message.phone_number_id != number.id:
        raise messaging_error(131009, "Message id is invalid, or not of a message this number received.")
    if typing:
        message.typing_at = call.now
    for earlier in call.world.inbound.values():
        same_thread = (earlier.customer_id, earlier.phone_number_id) == (message.customer_id, number.id)
        if same_thread and earlier.read_at is None and earlier.sent_at <= message.sent_at:
            earlier.read_at = call.now
    return {"success": True}


async def thread_control(call: Call, number: Number) -> Answer:
    """Pass, release or take a thread; the change of owner is told by `messaging_handovers`."""
    validate.check_product(call.body)
    action = call.body.get("action")
    if action not in _ACTIONS:
        raise GraphError(100, f"(#100) Param action must be one of {{{', '.join(_ACTIONS)}}}")
    metadata = call.body.get("metadata")
    if metadata is not None and (not isinstance(metadata, str) or len(metadata) > 2000):
        raise GraphError(100, "(#100) Param metadata must be at most 2000 characters long.")
    if action == "take":
        # Only the escalation partner may take, and no app here is one (reference section 2.5).
        raise GraphError(2494191, "(#2494191) Only the escalation partner may take a thread.", status=400)
    role = (call.body.get("control_pass") or {}).get("target_role", "customer_service")
    if role not in _ROLES:
        raise GraphError(100, "(#100) Param control_pass['target_role'] is not valid.")
    to = call.engine.sending.gate.addressee(number, {key: call.body.get(key) for key in ("to", "recipient")})
    if to.customer is not None:
        engine = call.engine
        if threads.owner_of(engine.world, engine.clock, number, to.customer) is not None:
            raise messaging_error(131070)  # only its owner may give a thread away
        threads.hand_over(engine.world, number, to.customer, role if action == "pass" else None)
        engine.announce.handover(number, to.customer, "control_passed", role, metadata or "")
    return {"messaging_product": "whatsapp", "request_id": ids.new_node_id()}
