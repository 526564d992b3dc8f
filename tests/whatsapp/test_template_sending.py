"""A template on its way to Meta: what leaves is what was shown, and what came between stops it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from clientela.consent import record_preference
from clientela.conversations import (
    Message,
    NewConversation,
    NewTemplate,
    change_conversation,
    reply,
    retry,
    start_conversation,
)
from clientela.conversations.problems import ConversationAlreadyOpen, MarketingOptedOut
from clientela.conversations.schemas import ConversationChange
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.problems import InvalidRequest
from clientela.templates import (
    Template,
    TemplateNotSendable,
    TemplateOutdated,
    TemplateParameters,
    pause_template,
)
from tests import media_files as made
from tests.whatsapp.shop import AUTHOR, Line, Shop, open_shop
from tests.whatsapp.template_desk import Desk, open_desk
from tests.whatsapp.test_sending_files import uploaded

ORDER: list[dict[str, Any]] = [
    {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["42"]}},
    {
        "type": "BODY",
        "text": "Oi {{1}}, seu pedido saiu e chega em {{2}} dias na sua casa.",
        "example": {"body_text": [["Ana", "3"]]},
    },
    {"type": "FOOTER", "text": "Loja Aurora"},
    {
        "type": "BUTTONS",
        "buttons": [
            {"type": "QUICK_REPLY", "text": "Obrigada"},
            {
                "type": "URL",
                "text": "Ver",
                "url": "https://loja.example/p/{{1}}",
                "example": ["https://loja.example/p/1"],
            },
        ],
    },
]
FILLED = {"header_1": "77", "body_1": "Bia", "body_2": "2", "button_1": "abc"}


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    return await open_desk(shop)


async def closed_window(line: Line) -> UUID:
    """A conversation in which nothing free-form may leave."""
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update conversation set service_window_ends_at = now() where id = $1", conversation)
    return conversation


async def ready(desk: Desk, name: str = "pedido", **more: Any) -> tuple[Line, Template]:
    await desk.makes(name, **more)
    line = await desk.line()
    return line, await desk.is_so(name, status="approved")


async def test_what_leaves_is_what_was_shown_outside_the_window_too(desk: Desk) -> None:
    line, template = await ready(desk, components=ORDER)
    conversation = await closed_window(line)
    message = await desk.sends(line, conversation, template, **FILLED)
    assert message.text == "Oi Bia, seu pedido saiu e chega em 2 dias na sua casa."
    content: Any = message.content
    assert (content.header, content.footer, content.category) == ("Pedido 77", "Loja Aurora", "utility")
    assert content.buttons[1].url == "https://loja.example/p/abc"
    await line.becomes(message, "read")
    (sent,) = await line.sent()
    assert sent["body"]["template"] == {
        "name": "pedido",
        "language": {"code": "pt_BR"},
        "components": [
            {"type": "header", "parameters": [{"type": "text", "text": "77"}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Bia"}, {"type": "text", "text": "2"}]},
            {
                "type": "button",
                "sub_type": "url",
                "index": "1",
                "parameters": [{"type": "text", "text": "abc"}],
            },
        ],
    }


async def test_named_blanks_and_a_code_are_taken_by_meta(desk: Desk) -> None:
    named = [
        {
            "type": "BODY",
            "text": "Oi {{cliente}}, tudo pronto para você retirar.",
            "example": {"body_text_named_params": [{"param_name": "cliente", "example": "Ana"}]},
        }
    ]
    code = [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]
    await desk.makes("codigo", category="AUTHENTICATION", components=code)
    line, template = await ready(desk, "retirada", components=named, parameter_format="NAMED")
    conversation = await closed_window(line)
    await line.becomes(await desk.sends(line, conversation, template, body_cliente="Bia"), "read")
    otp = await desk.is_so("codigo", status="approved")
    message = await desk.sends(line, conversation, otp, body_1="482913")
    assert message.text == "*482913* é seu código de verificação."
    await line.becomes(message, "read")
    assert len(await line.sent()) == 2


async def test_a_picture_above_the_words_is_needed_and_leaves_with_them(desk: Desk) -> None:
    meta = desk.shop.meta
    photo = made.photo()
    asked = {"file_name": "a.jpg", "file_length": str(len(photo)), "file_type": "image/jpeg"}
    opened = (await meta.graph("POST", f"{meta.app_id}/uploads", **asked)).json()["id"]
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"OAuth {meta.access_token}", "file_offset": "0"}
        answer = await http.post(f"{meta.base_url}/v25.0/{opened}", content=photo, headers=headers)
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [answer.json()["h"]]}}
    line, template = await ready(desk, components=[header, {"type": "BODY", "text": "Chegou a coleção nova."}])
    conversation = await closed_window(line)
    assert template.needs_file == "image"
    with pytest.raises(TemplateParameters):
        await desk.sends(line, conversation, template)
    async with desk.shop.db.begin(desk.account) as tx:
        upload = await uploaded(line, photo, "colecao.jpg")
        new = NewTemplate(template_id=template.id, version=template.version, upload_id=upload)
        message = await reply(tx, AUTHOR, conversation, new)
    assert message.media is not None
    await line.becomes(message, "read")
    (sent,) = await line.sent()
    (component,) = sent["body"]["template"]["components"]
    assert component["type"] == "header"
    assert set(component["parameters"][0]["image"]) == {"id"}


async def test_a_template_that_changed_since_it_was_shown_is_not_sent(desk: Desk) -> None:
    line, template = await ready(desk)
    conversation = await closed_window(line)
    edited = {"components": [{"type": "BODY", "text": "Seu pedido atrasou um pouco, desculpe."}]}
    answer = await desk.shop.meta.graph("POST", str(template.meta_id), edited)
    assert answer.status_code == 200, answer.text
    await desk.asks()
    changed = await desk.is_so("pedido", body=edited["components"][0]["text"], status="approved")
    with pytest.raises(TemplateOutdated):
        await desk.sends(line, conversation, template)
    await line.becomes(await desk.sends(line, conversation, changed), "read")


async def test_a_change_between_queue_and_departure_fails_the_message_with_its_reason(desk: Desk) -> None:
    line, template = await ready(desk)
    conversation = await closed_window(line)
    async with desk.shop.db.begin(desk.account) as tx:
        new = NewTemplate(template_id=template.id, version=template.version)
        changed = await reply(tx, AUTHOR, conversation, new)
        paused = await reply(tx, AUTHOR, conversation, new)
        # Both are queued in the same moment as the template becomes another.
        await tx.execute(
            "update template set version = version + 1, content_version = version + 1 where id = $1", template.id
        )
    failed = await line.becomes(changed, "failed")
    assert failed.error is not None
    assert (failed.error.reason, failed.error.retryable) == ("template_changed", False)
    await line.becomes(paused, "failed")
    assert await line.sent() == []


async def test_a_pause_between_queue_and_departure_fails_it_and_trying_again_helps_later(desk: Desk) -> None:
    line, template = await ready(desk)
    conversation = await closed_window(line)
    async with desk.shop.db.begin(desk.account) as tx:
        new = NewTemplate(template_id=template.id, version=template.version)
        message = await reply(tx, AUTHOR, conversation, new)
        await pause_template(tx, desk.waba_id, "pedido", "pt_BR", "paused", None)
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert (failed.error.reason, failed.error.retryable) == ("template_paused", True)
    assert await line.sent() == []
    await desk.is_so("pedido", status="approved")  # Graph was read: it is not paused there
    async with desk.shop.db.begin(desk.account) as tx:
        await retry(tx, conversation, message.id)
    await line.becomes(message, "read")


async def test_what_cannot_be_sent_is_refused_with_the_reason(desk: Desk) -> None:
    line, template = await ready(desk)
    conversation = await closed_window(line)
    async with desk.shop.db.begin(desk.account) as tx:
        await tx.execute("update template set status = 'rejected' where id = $1", template.id)
    with pytest.raises(TemplateNotSendable) as refused:
        await desk.sends(line, conversation, template)
    assert refused.value.fields["reason"] == "rejected"


async def test_the_template_of_another_number_is_refused(desk: Desk, shop: Shop) -> None:
    line, template = await ready(desk)
    other = await shop.open_line_for(desk.account)
    with pytest.raises(TemplateNotSendable) as refused:
        await desk.sends(other, await other.hears(), template)
    assert refused.value.fields["reason"] == "other_number"
    assert await line.sent() == []


async def test_blanks_that_are_wrong_are_named_by_their_keys(desk: Desk) -> None:
    line, template = await ready(desk, components=ORDER)
    with pytest.raises(TemplateParameters) as refused:
        await desk.sends(line, await line.hears(), template, body_1="a\nb", header_1="1", body_2="2")
    errors: Any = refused.value.fields["errors"]
    assert {error["field"] for error in errors} == {"body.1", "button.1"}


async def test_another_accounts_template_is_unknown(desk: Desk, shop: Shop) -> None:
    _, template = await ready(desk)
    stranger = await open_desk(shop)
    line = await stranger.line()
    with pytest.raises(InvalidRequest):
        await stranger.sends(line, await line.hears(), template)


async def test_marketing_is_refused_to_whoever_stopped_it_and_nothing_else_is(desk: Desk) -> None:
    await desk.makes("oferta", category="MARKETING")
    line, utility = await ready(desk)
    conversation = await closed_window(line)
    marketing = await desk.is_so("oferta", status="approved")
    async with desk.shop.db.begin(desk.account) as tx:
        contact: UUID = await tx.value("select contact_id from conversation where id = $1", conversation)
        await record_preference(tx, contact, "stop", source="whatsapp", at=datetime.now(UTC), evidence={})
    with pytest.raises(MarketingOptedOut):
        await desk.sends(line, conversation, marketing)
    await line.becomes(await desk.sends(line, conversation, utility), "read")


async def test_marketing_stopped_between_queue_and_departure_does_not_leave(desk: Desk) -> None:
    line, _ = await ready(desk)
    await desk.makes("oferta", category="MARKETING")
    await desk.asks()
    marketing = await desk.is_so("oferta", status="approved")
    conversation = await closed_window(line)
    async with desk.shop.db.begin(desk.account) as tx:
        new = NewTemplate(template_id=marketing.id, version=marketing.version)
        message = await reply(tx, AUTHOR, conversation, new)
        contact: UUID = await tx.value("select contact_id from conversation where id = $1", conversation)
        await record_preference(tx, contact, "stop", source="whatsapp", at=datetime.now(UTC), evidence={})
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert (failed.error.reason, failed.error.retryable) == ("opted_out", False)
    assert await line.sent() == []


async def test_a_code_is_refused_to_somebody_whose_number_is_hidden(desk: Desk) -> None:
    code = [{"type": "BODY"}, {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]
    await desk.makes("codigo", category="AUTHENTICATION", components=code)
    await desk.makes("pedido")
    line = await desk.line(phone=None, bsuid=f"BR.{uuid4().int % 10**16}")
    otp = await desk.is_so("codigo", status="approved")
    conversation = await closed_window(line)
    with pytest.raises(TemplateNotSendable) as refused:
        await desk.sends(line, conversation, otp, body_1="482913")
    assert refused.value.fields["reason"] == "phone_hidden"
    utility = await desk.is_so("pedido", status="approved")
    await line.becomes(await desk.sends(line, conversation, utility), "read")


async def test_a_template_opens_a_closed_conversation_again_unless_another_is_open(desk: Desk) -> None:
    line, template = await ready(desk)
    first = await line.hears()
    async with desk.shop.db.begin(desk.account) as tx:
        await change_conversation(tx, first, ConversationChange(status="closed"))
    message = await desk.sends(line, first, template)
    await line.becomes(message, "read")
    (conversation,) = await line.conversations()
    assert (conversation.id, conversation.status, conversation.closed_at) == (first, "open", None)
    async with desk.shop.db.begin(desk.account) as tx:
        await change_conversation(tx, first, ConversationChange(status="closed"))
    second = await line.hears("outra vez")
    assert second != first
    with pytest.raises(ConversationAlreadyOpen):
        await desk.sends(line, first, template)


# First contact.


async def starts(desk: Desk, line: Line, template: Template, **who: Any) -> Message:
    async with desk.shop.db.begin(desk.account) as tx:
        new = NewConversation(
            number_id=line.number.id,
            message=NewTemplate(template_id=template.id, version=template.version),
            **who,
        )
        return await start_conversation(tx, AUTHOR, new)


async def test_somebody_who_never_wrote_is_written_to_and_found_when_they_answer(desk: Desk) -> None:
    """From area code 31 on Meta spells the number without its ninth digit."""
    line, template = await ready(desk)
    phone = f"+55319{uuid4().int % 10**8:08d}"
    customer = await desk.shop.meta.customer("Caio", phone=phone)
    message = await starts(desk, line, template, phone=phone, name="  Caio da   Vila ")
    await line.becomes(message, "read")
    (sent,) = await line.sent()
    assert sent["body"]["to"] == phone
    (conversation,) = await line.conversations()
    assert (conversation.contact.name, conversation.status) == ("Caio da Vila", "open")
    answered = await Line(desk.shop, desk.account, line.number, customer, "").hears("oi")
    assert answered == message.conversation_id


async def test_writing_first_to_somebody_known_uses_their_open_conversation(desk: Desk) -> None:
    line, template = await ready(desk)
    conversation = await line.hears()
    (view,) = await line.conversations()
    again = await starts(desk, line, template, contact_id=view.contact.id)
    typed = await starts(desk, line, template, phone=view.contact.phone, name="Outro nome")
    assert again.conversation_id == typed.conversation_id == conversation
    (now,) = await line.conversations()
    assert now.contact.name == view.contact.name


async def test_a_closed_conversation_stays_closed_and_another_is_opened(desk: Desk) -> None:
    line, template = await ready(desk)
    first = await line.hears()
    async with desk.shop.db.begin(desk.account) as tx:
        closed = await change_conversation(tx, first, ConversationChange(status="closed"))
    message = await starts(desk, line, template, contact_id=closed.contact.id)
    assert message.conversation_id != first
    assert {one.id: one.status for one in await line.conversations()} == {
        first: "closed",
        message.conversation_id: "open",
    }


@pytest.mark.parametrize("phone", ["11985550100", "+55", "abc", "+5511", "0055 11 98555-0100", ""])
async def test_a_number_whose_country_would_be_guessed_is_refused(desk: Desk, phone: str) -> None:
    line, template = await ready(desk)
    with pytest.raises(InvalidRequest):
        await starts(desk, line, template, phone=phone)
    assert await line.conversations() == []


async def test_a_landline_is_another_line_than_a_mobile_with_its_digits(desk: Desk) -> None:
    line, template = await ready(desk)
    mobile = await starts(desk, line, template, phone="+55 11 8555-0101")
    same = await starts(desk, line, template, phone="+55 11 98555-0101")
    landline = await starts(desk, line, template, phone="+55 11 3555-0101")
    assert mobile.conversation_id == same.conversation_id
    assert landline.conversation_id != mobile.conversation_id
