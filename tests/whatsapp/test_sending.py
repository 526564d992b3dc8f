"""A reply on its way to Meta: ticks, refusals, retries, and the outcomes nobody can be sure of."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from clientela.conversations import NewText, reply, retry
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.roles.routes import WEB_ROUTES
from clientela.roles.web import create_web_app
from tests.accounts import Tenant, log_in_as, make_tenant, open_client, started
from tests.whatsapp.looking import until
from tests.whatsapp.shop import AUTHOR, Line, Shop, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


# All is well.


async def test_a_reply_is_accepted_sent_delivered_and_read(line: Line) -> None:
    await line.faults(sent_s=0.3, delivered_s=0.6, read_s=0.9)
    conversation = await line.hears("Vocês abrem sábado?")
    queued = await line.reply(conversation, "Abrimos sim!")
    assert queued.status == "queued"
    seen = [(await line.becomes(queued, status)).status for status in ("accepted", "sent", "delivered", "read")]
    assert seen == ["accepted", "sent", "delivered", "read"]
    (sent,) = await line.sent()
    last = await line.message(queued)
    assert (last.wamid, last.error) == (sent["wamid"], None)
    assert sent["body"]["text"]["body"] == "Abrimos sim!"
    assert sent["body"]["recipient_type"] == "individual"
    assert str(queued.id) in sent["opaque"]


async def test_statuses_in_any_order_end_in_the_highest(line: Line) -> None:
    await line.faults(status_order="reversed", duplicates=2)
    message = await line.reply(await line.hears())
    await line.becomes(message, "read")
    await line.shop.meta.settled()
    await line.at_rest()
    assert (await line.message(message)).status == "read"


async def test_a_status_that_precedes_the_answer_waits_for_it(line: Line) -> None:
    await line.faults(status_before_answer=True, slow_answer_s=0.3, skip_statuses=["delivered", "read"])
    message = await line.reply(await line.hears())
    assert (await line.becomes(message, "sent")).wamid == (await line.sent())[0]["wamid"]


async def test_quick_replies_arrive_in_the_order_they_were_written(line: Line) -> None:
    await line.faults(slow_answer_s=0.05)
    conversation = await line.hears()
    texts = [f"{number} de 6" for number in range(1, 7)]
    messages = [await line.reply(conversation, text) for text in texts]
    for message in messages:
        await line.becomes(message, "read")
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == texts


async def test_an_answer_to_a_message_quotes_it_at_meta(line: Line) -> None:
    conversation = await line.hears("Qual o preço?")
    (asked,) = await line.thread(conversation)
    message = await line.reply(conversation, "59,90", reply_to=asked.id)
    await line.becomes(message, "read")
    assert (await line.sent())[0]["body"]["context"] == {"message_id": asked.wamid}


async def test_a_customer_without_a_phone_is_answered_by_user_id(shop: Shop) -> None:
    line = await shop.open_line(phone=None, bsuid=f"BR.{uuid4().int % 10**16}")
    message = await line.reply(await line.hears())
    await line.becomes(message, "read")
    (sent,) = await line.sent()
    assert sent["body"]["recipient"] == line.customer.bsuid
    assert "to" not in sent["body"]
    assert sent["addressed_by_bsuid"] is True


async def test_what_meta_tells_of_a_customer_joins_their_contact(shop: Shop) -> None:
    """The phone of a BSUID, or the number that Meta spells in another way: the next message finds them."""
    line = await shop.open_line(phone=f"+55319{uuid4().int % 10**8:08d}")
    conversation = await line.hears()
    await line.becomes(await line.reply(conversation), "read")
    await line.hears("de novo")
    assert [one.id for one in await line.conversations()] == [conversation]


# Meta says no.


@pytest.mark.parametrize(
    ("code", "reason", "retryable"),
    [
        (131047, "window_closed", True),
        (131026, "not_on_whatsapp", True),
        (131021, "own_number", False),
        (131049, "engagement_limit", True),
        (131050, "opted_out", False),
        (130472, "experiment", False),
        (100, "invalid_request", True),
        (131009, "invalid_request", True),
        (131071, "unknown", True),
    ],
)
async def test_a_refusal_is_told_with_its_reason(line: Line, code: int, reason: str, retryable: bool) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "details": "Meta's own words"}])
    failed = await line.becomes(await line.reply(conversation), "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.reason, failed.error.retryable) == (code, reason, retryable)
    assert failed.error.title
    if reason in ("unknown", "invalid_request"):
        assert failed.error.title == "Meta's own words"
    assert await line.number_status() == "connected"
    await line.at_rest()
    assert await line.sent() == []
    (view,) = await line.conversations()
    assert view.waiting_since is not None  # the customer still waits


async def test_a_failure_that_comes_by_status_is_told_likewise(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131026, "mode": "async"}])
    failed = await line.becomes(await line.reply(conversation), "failed")
    assert failed.error is not None
    assert (failed.error.code, failed.error.reason) == (131026, "not_on_whatsapp")
    assert failed.wamid is not None


async def test_a_failed_message_is_sent_again_when_a_person_asks(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131026}])
    failed = await line.becomes(await line.reply(conversation, "de novo"), "failed")
    async with line.shop.db.begin(line.account) as tx:
        await retry(tx, conversation, failed.id)
    again = await line.becomes(failed, "read")
    assert again.error is None
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == ["de novo"]


async def test_one_failed_message_does_not_hold_up_the_next(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131026}])
    first, second = await line.reply(conversation, "um"), await line.reply(conversation, "dois")
    await line.becomes(second, "read")
    assert (await line.message(first)).status == "failed"
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == ["dois"]


# Meta says later, or nothing.


@pytest.mark.parametrize("code", [130429, 131056, 131016, 131000, 2])
async def test_what_meta_puts_off_is_tried_again_and_arrives_once(line: Line, code: int) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "count": 1}])
    message = await line.reply(conversation)

    async def put_off() -> bool:
        async with line.shop.db.begin(line.account) as tx:
            return bool(
                await tx.value("select attempts = 1 and status = 'queued' from message where id = $1", message.id)
            )

    await until(put_off)
    arrived = await line.becomes(message, "read")
    assert arrived.error is None
    assert len(await line.sent()) == 1


async def test_an_empty_429_is_tried_again(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(empty_next={"status": 429, "count": 1})
    await line.becomes(await line.reply(conversation), "read")
    assert len(await line.sent()) == 1


async def test_while_meta_cannot_be_reached_a_reply_waits_and_then_goes(line: Line) -> None:
    conversation = await line.hears()
    await line.shop.road.close()
    try:
        message = await line.reply(conversation)

        async def tried() -> bool:
            async with line.shop.db.begin(line.account) as tx:
                return bool(await tx.value("select attempts > 0 from message where id = $1", message.id))

        await until(tried)
        assert (await line.message(message)).status in ("queued", "sending")
    finally:
        await line.shop.road.open()
    await line.becomes(message, "read", within_s=15)
    assert len(await line.sent()) == 1


async def test_a_lost_answer_is_uncertain_until_the_status_tells(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(lost_answers=1, sent_s=1.0, delivered_s=1.2, read_s=1.4)
    message = await line.reply(conversation)
    uncertain = await line.becomes(message, "uncertain")
    assert uncertain.error is not None
    assert (uncertain.error.reason, uncertain.error.retryable, uncertain.wamid) == ("uncertain", True, None)
    resolved = await line.becomes(message, "read")
    (sent,) = await line.sent()
    assert (resolved.wamid, resolved.error) == (sent["wamid"], None)


@pytest.mark.parametrize(
    "fault",
    [{"lost_requests": 1}, {"empty_next": {"status": 500}}, {"empty_next": {"status": 502}}],
    ids=["connection cut", "empty 500", "empty 502"],
)
async def test_an_unknown_outcome_is_never_sent_again_by_itself(line: Line, fault: dict[str, object]) -> None:
    conversation = await line.hears()
    await line.faults(**fault)
    message = await line.becomes(await line.reply(conversation), "uncertain")
    # Neither a later message nor the emptied queue takes it up again.
    await line.becomes(await line.reply(conversation, "outra"), "read")
    await line.at_rest()
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == ["outra"]
    assert (await line.message(message)).status == "uncertain"
    async with line.shop.db.begin(line.account) as tx:
        await retry(tx, conversation, message.id)
    await line.becomes(message, "read")
    assert len(await line.sent()) == 2


async def test_the_reference_of_another_account_moves_nothing(line: Line, shop: Shop) -> None:
    """Whoever can sign for a number could put anybody's message id into a status."""
    conversation = await line.hears()
    await line.faults(lost_requests=1)
    message = await line.becomes(await line.reply(conversation), "uncertain")
    other = await shop.open_line()
    await shop.meta.webhook(
        field="messages",
        waba_id=shop.meta.waba_id,
        value={
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "1", "phone_number_id": other.number.phone_number_id},
            "statuses": [
                {
                    "id": f"wamid.{uuid4().hex}",
                    "status": "read",
                    "timestamp": "1764137946",
                    "recipient_id": "1",
                    "biz_opaque_callback_data": f"{message.id}.1",
                }
            ],
        },
    )

    async def parked() -> bool:
        async with shop.db.begin(other.account) as tx:
            return bool(await tx.value("select count(*) from parked_status"))

    await until(parked)
    assert (await line.message(message)).status == "uncertain"


# Not sent at all.


async def test_a_window_that_closes_before_the_message_leaves_stops_it(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        message = await reply(tx, AUTHOR, conversation, NewText(text="tarde demais"))
        await tx.execute("update conversation set service_window_ends_at = now() where id = $1", conversation)
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert failed.error.reason == "window_closed"
    await line.at_rest()
    assert await line.sent() == []


@pytest.fixture
async def team(shop: Shop) -> Tenant:
    return await make_tenant(shop.db)


@pytest.fixture
async def web(shop: Shop) -> AsyncIterator[object]:
    async with started(create_web_app(shop.parts, WEB_ROUTES)) as app:
        yield app


@pytest.mark.parametrize(
    ("case", "status", "code"),
    [
        ("viewer", 403, "permission_denied"),
        ("stranger", 404, "not_found"),
        ("closed window", 409, "service_window_closed"),
        ("closed conversation", 409, "conversation_closed"),
        ("disconnected number", 409, "number_disconnected"),
        ("too long", 422, "text_too_long"),
        ("empty", 422, "text_empty"),
        ("blank", 422, "text_empty"),
        ("not a type", 400, "invalid_request"),
        ("quote of another conversation", 400, "invalid_request"),
    ],
)
async def test_nothing_is_sent_that_a_rule_refuses(
    shop: Shop, web: object, team: Tenant, case: str, status: int, code: str
) -> None:
    line = await shop.open_line_for(team.id)
    conversation = await line.hears()
    other = await shop.open_line_for(team.id) if case.startswith("quote") else None
    body: dict[str, object] = {"type": "text", "text": "não deve sair"}
    body |= {
        "too long": {"text": "a" * 4097},
        "empty": {"text": ""},
        "blank": {"text": " \n\t"},
        "not a type": {"type": "template"},
    }.get(case, {})
    if other is not None:
        (foreign,) = await other.thread(await other.hears())
        body["reply_to"] = str(foreign.id)
    async with shop.db.begin(team.id) as tx:
        if case == "closed window":
            await tx.execute("update conversation set service_window_ends_at = now() where id = $1", conversation)
        if case == "closed conversation":
            await tx.execute("update conversation set status = 'closed' where id = $1", conversation)
        if case == "disconnected number":
            await tx.execute("update channel set connected = false where id = $1", line.number.id)
    who = await make_tenant(shop.db) if case == "stranger" else team
    async with open_client(web) as client:  # type: ignore[arg-type]
        await log_in_as(client, who.people["analyst" if case == "viewer" else "agent"])
        answer = await client.post(f"/v1/conversations/{conversation}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    # One conversation more, answered: whatever had been let through would have left before it.
    probe = await shop.open_line_for(team.id)
    await probe.becomes(await probe.reply(await probe.hears()), "read")
    assert await line.sent() == []
    await probe.at_rest()  # of the same account: no job of its own is left either
    assert [one.direction for one in await line.thread(conversation)] == ["in"]


async def test_the_longest_text_leaves_whole(line: Line) -> None:
    text = "á" * 4095 + "🌻"
    message = await line.reply(await line.hears(), text)
    await line.becomes(message, "read")
    assert (await line.sent())[0]["body"]["text"]["body"] == text


async def test_a_reply_rolled_back_leaves_nothing(line: Line) -> None:
    conversation = await line.hears()

    async def change_of_mind() -> None:
        async with line.shop.db.begin(line.account) as tx:
            await reply(tx, AUTHOR, conversation, NewText(text="nunca"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_of_mind()
    await line.becomes(await line.reply(conversation, "depois"), "read")
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == ["depois"]
