"""One trace from Meta's webhook to the browser's repaint, and nothing that anybody wrote in any of our reports."""

from datetime import UTC, datetime
from typing import Any

import httpx

from tests.flows.collector import Collector, Seen
from tests.flows.product import Account, Product, until
from tests.flows.socket import listening, received
from tests.whatsapp.bodies import a_text, body_of, new_wamid

# Of a form that nothing else in a report can have by chance.
TEXT = "Xilindrópolis é onde moro"
NAME = "Quirinalda Zwétkova"
PHONE = "5511985557001"
REPLY = "Bertoldinho responde já"
HEARD_BACK = "Meta repete Bertoldinho ao falhar"


async def trace_of_a_webhook(product: Product, account: Account, collector: Collector) -> dict[str, Seen]:
    wamid = new_wamid()
    body = body_of(account.phone_number_id, messages=[a_text(TEXT, wa_id=PHONE, wamid=wamid)], names={PHONE: NAME})
    async with listening(product, account) as listener, httpx.AsyncClient(trust_env=False) as meta:
        assert (await product.post(meta, body)).status_code == 200
        fact = await listener.next(received(wamid))
        assert fact["data"]["message"]["text"] == TEXT
        assert fact["data"]["conversation"]["contact"]["name"] == NAME
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        await listener.says({"type": "painted", "id": fact["id"], "trace": fact["trace"], "painted_at": now})
        trace_id = fact["trace"].split("-")[1]

        async def whole() -> dict[str, Seen] | None:
            found = collector.of_trace(trace_id)
            return found if {"webhook", "receive", "repaint"} <= found.keys() else None

        return await until(whole, 15, lambda: [seen.name for seen in collector.spans])


async def test_one_trace_leads_from_the_webhook_to_the_repaint(
    product: Product, account: Account, collector: Collector
) -> None:
    spans = await trace_of_a_webhook(product, account, collector)
    assert spans["webhook"].service == "clientela-ingest"
    assert spans["receive"].service == "clientela-worker"
    assert spans["repaint"].service == "clientela-web"
    webhook, receive, repaint = (spans[name].span for name in ("webhook", "receive", "repaint"))
    assert receive.parent_span_id == webhook.span_id
    assert repaint.parent_span_id == receive.span_id
    assert webhook.start_time_unix_nano <= receive.start_time_unix_nano <= repaint.end_time_unix_nano
    assert repaint.end_time_unix_nano - webhook.start_time_unix_nano < 10e9
    ids = {item.key: item.value.string_value for item in repaint.attributes}
    assert ids["tenant_id"] == account.id


async def test_a_reply_is_one_trace_from_the_request_to_meta(
    product: Product, account: Account, collector: Collector
) -> None:
    ana = await product.meta.customer(NAME, phone=f"+{PHONE}")
    wamid = await ana.says("oi", to=account.phone_number_id)
    async with listening(product, account) as listener, product.program(account) as program:
        conversation = await _conversation_of(program, wamid)
        answer = await program.post(
            f"/v1/conversations/{conversation}/messages", json={"type": "text", "text": REPLY}
        )
        trace_id = answer.headers["x-request-id"]
        await listener.next(lambda frame: frame["data"].get("message", {}).get("status") == "read")

        async def whole() -> dict[str, Seen] | None:
            found = collector.of_trace(trace_id)
            services = {seen.service for seen in found.values()}
            both = services == {"clientela-web", "clientela-worker"}
            return found if both and {"job send_messages", "graph"} <= found.keys() else None

        spans = await until(whole, 15, lambda: [seen.name for seen in collector.spans])
    assert spans["job send_messages"].service == spans["graph"].service == "clientela-worker"


async def _conversation_of(program: httpx.AsyncClient, wamid: str) -> str:
    async def found() -> str | None:
        page: dict[str, Any] = (await program.get("/v1/conversations", params={"q": PHONE})).json()
        for conversation in page["items"]:
            messages = (await program.get(f"/v1/conversations/{conversation['id']}/messages")).json()["items"]
            if any(message["wamid"] == wamid for message in messages):
                return str(conversation["id"])
        return None

    return await until(found)


async def test_no_report_holds_what_anybody_wrote_or_who_they_are(
    product: Product, account: Account, collector: Collector
) -> None:
    """Also not on the roads where things go wrong: a refusal that quotes, a body that cannot be read."""
    async with httpx.AsyncClient(trust_env=False) as client, product.program(account) as program:
        stranger = body_of("999000111444", messages=[a_text(TEXT, wa_id=PHONE)], names={PHONE: NAME})
        for body in (stranger, stranger[:-3], b'"' + TEXT.encode() + b'"'):
            assert (await product.post(client, body)).status_code == 200
        await _fail_with_quotes(product, account, program)
        # What is asked for shows in no report either.
        for path in (f"/v1/conversations?q={PHONE}", f"/v1/contacts?q={NAME}", f"/v1/contacts/{PHONE}"):
            await program.get(path)
        metrics = [
            (await client.get(f"http://127.0.0.1:{product.ports[role]}/metrics")) for role in ("web", "ingest")
        ]
    assert all(answer.status_code == 200 for answer in metrics)
    # Each process tells its spans in their order: once these are here, so are all the earlier ones.
    await trace_of_a_webhook(product, account, collector)
    reports = [product.output.encode(), *collector.raw, *(answer.content for answer in metrics)]
    assert b"inbound.buried" in reports[0]
    for secret in _secrets(account, product):
        for report in reports:
            assert secret.encode() not in report, f"{secret!r} is in a report"


async def _fail_with_quotes(product: Product, account: Account, program: httpx.AsyncClient) -> None:
    """A reply that Meta refuses in words that quote it."""
    ana = await product.meta.customer(NAME, phone=f"+{PHONE}")
    conversation = await _conversation_of(program, await ana.says("e aí?", to=account.phone_number_id))
    await product.meta.faults(fail_next=[{"code": 999, "details": f"{HEARD_BACK} to +{PHONE}"}])
    path = f"/v1/conversations/{conversation}/messages"
    sent = (await program.post(path, json={"type": "text", "text": REPLY})).json()

    async def failed() -> bool:
        newest = (await program.get(path)).json()["items"][0]
        return bool(newest["id"] == sent["id"] and newest["status"] == "failed")

    await until(failed)


def _secrets(account: Account, product: Product) -> list[str]:
    words = [*TEXT.split(), *NAME.split(), REPLY.split()[0], HEARD_BACK]
    ascii_only = [word.encode("unicode_escape").decode() for word in words if not word.isascii()]
    environment = product.environment
    return [
        *(word for word in [*words, *ascii_only] if len(word) > 5),
        PHONE,
        PHONE[2:],
        account.email,
        account.api_key,
        product.meta.access_token,
        environment["CLIENTELA_META_APP_SECRET"],
    ]
