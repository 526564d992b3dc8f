"""pywa, unmodified, against the simulator: every send method, media, templates, profile, numbers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pywa import WhatsApp, errors, types
from pywa.types import templates as t

from fakes.meta.media import sample
from fakes.meta.testing import CustomerHandle, Simulator
from tests.fakes.client import Client
from tests.fakes.receiver import Receiver

ANA = "5511985550111"
PHOTO = "https://loja.example/vestido.jpg"
CLIP = "https://loja.example/vestido.mp4"

BUTTONS = [types.Button("Sim", "yes"), types.Button("Não", "no")]
SECTIONS = types.SectionList("Ver", [types.Section("Vestidos", [types.SectionRow("Azul", "blue", "curto")])])
CARDS = [
    types.ImageCarouselCard(image=PHOTO, body="Azul", buttons=types.URLButton("Ver", "https://loja.example/1")),
    types.ImageCarouselCard(image=PHOTO, body="Verde", buttons=types.URLButton("Ver", "https://loja.example/2")),
]
CONTACT = types.Contact(
    name=types.Contact.Name(formatted_name="Bia Campos", first_name="Bia"),
    phones=[types.Contact.Phone(phone="+5511985550113", type="CELL", wa_id="5511985550113")],
)

Send = Callable[[Any], Any]

SENDS: dict[str, Send] = {
    "send_message": lambda wa: wa.send_message(ANA, "Olá!", preview_url=True, tracker="msg:1"),
    "text with buttons": lambda wa: wa.send_message(ANA, "Serve?", header="Oi", footer="Loja", buttons=BUTTONS),
    "text with a list": lambda wa: wa.send_message(ANA, "Qual?", buttons=SECTIONS),
    "text with a link": lambda wa: wa.send_message(
        ANA, "Veja", buttons=types.URLButton("Ver", "https://l.example")
    ),
    "text with a flow": lambda wa: wa.send_message(
        ANA, "Cadastro", buttons=types.FlowButton("Abrir", flow_id="1", flow_token="t", flow_action_screen="START")
    ),
    "send_image": lambda wa: wa.send_image(ANA, PHOTO, caption="Azul"),
    "image from bytes": lambda wa: wa.send_image(ANA, sample.of("image")[0], mime_type="image/jpeg"),
    "image with buttons": lambda wa: wa.send_image(ANA, PHOTO, caption="Serve?", buttons=BUTTONS),
    "send_video": lambda wa: wa.send_video(ANA, CLIP, caption="Olha"),
    "video from bytes": lambda wa: wa.send_video(ANA, sample.of("video")[0], mime_type="video/mp4"),
    "send_document": lambda wa: wa.send_document(
        ANA, sample.of("document")[0], filename="nota.pdf", mime_type="application/pdf", caption="Sua nota"
    ),
    "send_audio": lambda wa: wa.send_audio(ANA, sample.ogg(1), mime_type="audio/ogg"),
    "send_voice": lambda wa: wa.send_voice(ANA, sample.ogg(2), mime_type="audio/ogg"),
    "send_sticker": lambda wa: wa.send_sticker(ANA, sample.of("sticker")[0], mime_type="image/webp"),
    "send_location": lambda wa: wa.send_location(ANA, -23.55, -46.63, name="Loja", address="Rua A, 1"),
    "request_location": lambda wa: wa.request_location(ANA, "Onde você está?"),
    "request_contact_info": lambda wa: wa.request_contact_info(ANA, "Qual seu número?"),
    "send_contact": lambda wa: wa.send_contact(ANA, CONTACT),
    "send_catalog": lambda wa: wa.send_catalog(ANA, "Catálogo", footer="Loja", thumbnail_product_sku="s1"),
    "send_product": lambda wa: wa.send_product(ANA, "1", "s1", body="Esse"),
    "send_products": lambda wa: wa.send_products(
        ANA, "1", [types.ProductsSection("Vestidos", ["s1", "s2"])], "Novidades", "Veja"
    ),
    "send_carousel": lambda wa: wa.send_carousel(ANA, body="Novidades", cards=CARDS),
}


@pytest.fixture
def client(town: Simulator) -> Iterator[Client]:
    found = Client(town)
    yield found
    found.close()


@pytest.fixture
async def ana(town: Simulator, inbox: Receiver) -> CustomerHandle:
    person = await town.customer("Ana", phone=f"+{ANA}")
    await person.says("oi")
    await town.settled()
    inbox.got.clear()
    return person


def test_no_send_method_is_forgotten() -> None:
    elsewhere = {"send_template", "send_reaction", "send_text", "request_verification_code"}
    methods = {name for name in dir(WhatsApp) if name.startswith(("send_", "request_"))}
    assert methods - elsewhere <= set(SENDS)
    assert len(methods) > 15


@pytest.mark.parametrize("name", SENDS)
async def test_every_send_method_is_accepted_and_delivered(
    client: Client, ana: CustomerHandle, town: Simulator, name: str
) -> None:
    sent = await client(SENDS[name], client.wa)
    await town.settled()
    (message,) = await ana.received()
    assert (sent.id, sent.to) == (message["wamid"], ANA)
    assert [status["status"] for status in message["statuses"]] == ["sent", "delivered", "read"]


async def test_reactions_receipts_and_typing(client: Client, ana: CustomerHandle, town: Simulator) -> None:
    wamid = await ana.says("adorei")
    await client(client.wa.send_reaction, ANA, "❤️", wamid)
    await client(client.wa.remove_reaction, ANA, wamid)
    assert (await client(client.wa.mark_message_as_read, wamid)).success
    assert (await client(client.wa.indicate_typing, wamid)).success
    await town.settled()
    first, second = await ana.received()
    assert (first["body"]["reaction"]["emoji"], second["body"]["reaction"]["emoji"]) == ("❤️", "")
    assert [status["status"] for status in first["statuses"]] == ["sent"]
    written = {one["wamid"]: one for one in await town.inbound()}
    assert written[wamid]["read_at"]
    assert written[wamid]["typing_at"]


async def test_quotes_trackers_and_bsuids(client: Client, town: Simulator, inbox: Receiver) -> None:
    lia = await town.customer("Lia", bsuid="BR.13491208655302741918", username="lia")
    wamid = await lia.says("oi")
    await client(client.wa.send_message, "BR.13491208655302741918", "Oi!", reply_to_message_id=wamid, tracker="t:1")
    (message,) = await lia.received()
    assert message["body"]["recipient"] == "BR.13491208655302741918"
    assert message["body"]["context"] == {"message_id": wamid}
    await town.settled()
    assert {status["biz_opaque_callback_data"] for status in inbox.statuses} == {"t:1"}


async def test_errors_are_the_ones_pywa_knows(client: Client, town: Simulator) -> None:
    with pytest.raises(errors.WhatsAppError) as refused:
        await client(client.wa.send_message, "+55 11 98555-0100", "oi")
    assert refused.value.code == 131021
    await town.faults(fail_next=[{"code": 130429}])
    with pytest.raises(errors.RateLimitHit):
        await client(client.wa.send_message, ANA, "oi")
    with pytest.raises(errors.TemplateNotExists):
        await client(client.wa.send_template, ANA, "nada", t.TemplateLanguage.PORTUGUESE_BR, [])
    client.wa.token = "EAAnonsense"
    with pytest.raises(errors.ExpiredAccessToken):
        await client(client.wa.send_message, ANA, "oi")


async def test_media_up_and_down(
    client: Client, ana: CustomerHandle, town: Simulator, inbox: Receiver, tmp_path: Path
) -> None:
    photo, mime = sample.of("image")
    media = await client(client.wa.upload_media, photo, mime_type=mime, filename="vestido.jpg")
    url = await client(client.wa.get_media_url, media.id)
    assert (url.mime_type, int(url.file_size)) == ("image/jpeg", len(photo))
    assert await client(client.wa.get_media_bytes, url.url) == photo
    path = await client(client.wa.download_media, url=url.url, path=tmp_path, filename="a.jpg")
    assert Path(path).read_bytes() == photo
    assert (await client(client.wa.delete_media, media.id)).success
    with pytest.raises(errors.WhatsAppError):
        await client(client.wa.get_media_url, media.id)
    with pytest.raises(errors.WhatsAppError):
        await client(client.wa.upload_media, b"MZ\x90", mime_type="image/jpeg", filename="virus.jpg")
    await ana.sends("image")
    await town.settled()
    received = inbox.messages[-1]["image"]
    assert await client(client.wa.get_media_bytes, received["url"]) == photo


# Templates.

ORDER = t.Template(
    name="pedido",
    language=t.TemplateLanguage.PORTUGUESE_BR,
    category=t.TemplateCategory.UTILITY,
    components=[
        t.HeaderText("Pedido {{1}}", "42"),
        t.BodyText("Olá {{1}}, seu pedido {{2}} saiu para entrega.", "Ana", "42"),
        t.FooterText(text="Loja Aurora"),
        t.Buttons(
            buttons=[
                t.QuickReplyButton(text="Obrigada"),
                t.URLButton(text="Ver", url="https://loja.example/{{1}}", example="42"),
            ]
        ),
    ],
    parameter_format=t.ParamFormat.POSITIONAL,
)
NAMED = t.Template(
    name="saudacao",
    language=t.TemplateLanguage.SPANISH,
    category=t.TemplateCategory.MARKETING,
    components=[
        t.BodyText("Hola {{nombre}}, llegó la colección de {{mes}} a la tienda.", nombre="Ana", mes="mayo")
    ],
    parameter_format=t.ParamFormat.NAMED,
)


async def test_templates_are_created_listed_sent_edited_and_deleted(
    client: Client, ana: CustomerHandle, town: Simulator
) -> None:
    made = await client(client.wa.create_template, ORDER)
    assert (made.status, made.category) == (t.TemplateStatus.PENDING, t.TemplateCategory.UTILITY)
    await client(client.wa.create_template, NAMED)
    await town.settled()
    details = await client(client.wa.get_template, made.id)
    assert details.status == t.TemplateStatus.APPROVED
    assert [type(one) for one in details.components] == [t.HeaderText, t.BodyText, t.FooterText, t.Buttons]
    listed = await client(client.wa.get_templates, statuses=[t.TemplateStatus.APPROVED])
    assert {one.name for one in listed} == {"pedido", "saudacao"}
    assert (listed.total_count, listed.message_template_limit) == (2, 6000)
    params = [
        t.HeaderText.params("42"),
        t.BodyText.params("Ana", "42"),
        t.URLButton.params(url_variable="42", index=1),
    ]
    sent = await client(client.wa.send_template, ANA, "pedido", t.TemplateLanguage.PORTUGUESE_BR, params)
    assert sent.id.startswith("wamid.")
    named = [t.BodyText.params(nombre="Ana", mes="mayo")]
    await client(client.wa.send_template, ANA, "saudacao", t.TemplateLanguage.SPANISH, named, use_mm_lite_api=True)
    with pytest.raises(errors.TemplateParamCountMismatch):
        await client(client.wa.send_template, ANA, "pedido", t.TemplateLanguage.PORTUGUESE_BR, params[:1])
    await town.settled()
    assert [message["statuses"][-1]["status"] for message in await ana.received()] == ["read", "read"]
    changed = await client(
        client.wa.update_template, made.id, new_components=[t.BodyText("Novo texto para {{1}} hoje", "Ana")]
    )
    assert changed.success
    compared = await client(
        client.wa.compare_templates,
        made.id,
        made.id,
        start=datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
        end=datetime.datetime(2026, 11, 8, tzinfo=datetime.UTC),
    )
    assert compared is not None
    assert (await client(client.wa.delete_template, "pedido", template_id=made.id)).success
    with pytest.raises(errors.WhatsAppError):
        await client(client.wa.get_template, made.id)


async def test_media_and_authentication_templates(client: Client, ana: CustomerHandle, town: Simulator) -> None:
    photo = t.Template(
        name="foto",
        language=t.TemplateLanguage.PORTUGUESE_BR,
        category=t.TemplateCategory.MARKETING,
        components=[
            t.HeaderImage(example=sample.of("image")[0], mime_type="image/jpeg"),
            t.BodyText("Chegou coleção nova"),
        ],
    )
    await client(client.wa.create_template, photo)
    code = t.Template(
        name="codigo",
        language=t.TemplateLanguage.PORTUGUESE_BR,
        category=t.TemplateCategory.AUTHENTICATION,
        components=[
            t.AuthenticationBody(add_security_recommendation=True),
            t.AuthenticationFooter(code_expiration_minutes=5),
            t.Buttons(buttons=[t.CopyCodeOTPButton(text="Copiar")]),
        ],
    )
    await client(client.wa.create_template, code)
    await town.settled()
    header = t.HeaderImage.params(image=sample.of("image")[0], mime_type="image/jpeg")
    await client(client.wa.send_template, ANA, "foto", t.TemplateLanguage.PORTUGUESE_BR, [header])
    otp = [t.AuthenticationBody.params(otp="123456"), t.CopyCodeOTPButton.params(otp="123456")]
    await client(client.wa.send_template, ANA, "codigo", t.TemplateLanguage.PORTUGUESE_BR, otp)
    await town.settled()
    assert [message["category"] for message in await ana.received()] == ["marketing", "authentication"]
    upserted = await client(
        client.wa.upsert_authentication_template,
        name="codigo",
        languages=[t.TemplateLanguage.PORTUGUESE_BR, t.TemplateLanguage.SPANISH],
        otp_button=t.CopyCodeOTPButton(text="Copiar"),
        code_expiration_minutes=10,
    )
    assert len(list(upserted)) == 2


async def test_pauses_archives_and_moves(client: Client, town: Simulator) -> None:
    template_id = await town.template("um")
    await town.settled()
    await town.control("POST", f"templates/{template_id}/quality", {"score": "RED"})
    details = await client(client.wa.get_template, template_id)
    assert (details.status, details.quality_score.score) == (t.TemplateStatus.PAUSED, t.QualityScoreType.RED)
    assert (await client(client.wa.unpause_template, template_id)).success
    archived = await client(client.wa.archive_templates, [template_id])
    assert [str(one) for one in archived.archived] == [template_id]
    with pytest.raises(errors.WhatsAppError):
        await client(client.wa.send_template, ANA, "um", t.TemplateLanguage.PORTUGUESE_BR, [])
    await client(client.wa.unarchive_templates, [template_id])
    second = await town.waba("Segunda")
    moved = await client(client.wa.migrate_templates, town.waba_id, destination_waba_id=second)
    assert len(moved.migrated) == 1


# The business.


async def test_profile_and_settings(client: Client, town: Simulator) -> None:
    changed = await client(
        client.wa.update_business_profile,
        about="Moda e casa",
        industry=types.Industry.RETAIL,
        websites=["https://loja.example"],
        profile_picture=sample.of("image")[0],
    )
    assert changed.success
    profile = await client(client.wa.get_business_profile)
    assert (profile.about, profile.industry, profile.websites) == (
        "Moda e casa",
        types.Industry.RETAIL,
        ("https://loja.example",),
    )
    assert profile.profile_picture_url
    assert (await client(client.wa.update_commerce_settings, is_catalog_visible=True)).success
    assert (await client(client.wa.get_commerce_settings)).is_catalog_visible
    ice = ["Ver novidades"]
    assert (
        await client(client.wa.update_conversational_automation, ice, [types.Command("pedido", "Onde está")])
    ).success
    number = await client(client.wa.get_business_phone_number)
    assert (number.display_phone_number, number.status) == ("+55 11 98555-0100", "CONNECTED")
    assert number.conversational_automation.ice_breakers == ("Ver novidades",)
    account = await client(client.wa.get_business_account)
    assert account.name == "Loja Aurora"
    assert [one.id for one in await client(client.wa.get_business_phone_numbers)] == [town.phone_number_id]
    assert await client(client.wa.get_business_phone_number_settings) is not None
    assert (await client(client.wa.update_display_name, "Aurora Moda")).success


async def test_numbers_codes_usernames_and_blocks(client: Client, ana: CustomerHandle, town: Simulator) -> None:
    made = await client(
        client.wa.create_phone_number, country_calling_code="55", phone_number="11985550155", verified_name="Aurora"
    )
    number = made.id
    assert (
        await client(client.wa.request_verification_code, code_method="SMS", language_code="pt_BR", phone_id=number)
    ).success
    state = await town.control("GET", "state")
    code = next(one["verification_code"] for one in state["numbers"] if one["id"] == number)
    assert (await client(client.wa.verify_phone_number, code, phone_id=number)).success
    assert (await client(client.wa.register_phone_number, "123456", phone_id=number)).success
    assert (await client(client.wa.deregister_phone_number, phone_id=number)).success
    qr = await client(client.wa.create_qr_code, "Oi, quero ver as novidades")
    assert (await client(client.wa.get_qr_code, qr.code)).prefilled_message == "Oi, quero ver as novidades"
    assert (await client(client.wa.update_qr_code, qr.code, "Oi!")).prefilled_message == "Oi!"
    assert [one.code for one in await client(client.wa.get_qr_codes)] == [qr.code]
    assert (await client(client.wa.delete_qr_code, qr.code)).success
    await client(client.wa.set_username, "loja.aurora")
    assert (await client(client.wa.get_current_username)).username == "loja.aurora"
    await client(client.wa.delete_username)
    blocked = await client(client.wa.block_users, [f"+{ANA}"])
    assert [user.input for user in blocked.added_users] == [f"+{ANA}"]
    assert len(list(await client(client.wa.get_blocked_users))) == 1
    unblocked = await client(client.wa.unblock_users, [f"+{ANA}"])
    assert len(unblocked.removed_users) == 1


async def test_callbacks_of_app_account_and_number(client: Client, town: Simulator, inbox: Receiver) -> None:
    app_token = await client(client.wa.get_app_access_token, int(town.app_id), town.app_secret)
    asked = (int(town.app_id), app_token, inbox.url, town.verify_token, ["messages"])
    assert (await client(client.wa.set_app_callback_url, *asked)).success
    assert town.engine is not None
    town.engine.world.apps[town.app_id].fields = None
    assert (await client(client.wa.override_waba_callback_url, inbox.url, town.verify_token)).success
    assert (await client(client.wa.override_phone_callback_url, inbox.url, town.verify_token)).success
    number = await client(client.wa.get_business_phone_number)
    assert number.webhook_configuration == dict.fromkeys(
        ("phone_number", "whatsapp_business_account", "application"), inbox.url
    )
    assert (await client(client.wa.delete_phone_callback_url)).success
    assert (await client(client.wa.delete_waba_callback_url)).success
