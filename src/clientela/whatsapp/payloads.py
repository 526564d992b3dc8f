"""A message on its way out as Meta's Graph API takes it (whatsapp-cloud-api 3 to 3.2). Values in, JSON out."""

from collections.abc import Callable
from typing import Any

from clientela.conversations import (
    ButtonsContent,
    ContactCard,
    ContactsContent,
    LinkContent,
    ListContent,
    LocationContent,
    Outgoing,
    OutgoingReaction,
    ProductsContent,
    RequestContent,
    TemplateContent,
)
from clientela.templates import ButtonValue, TemplateValues, TextValue

Payload = dict[str, Any]


def message_payload(outgoing: Outgoing, file_id: str | None = None) -> Payload:
    """The body of a send. `file_id` is Meta's id of the message's file, if it has one.

    Somebody whose phone is hidden is addressed as `recipient`; a number as it was received, as `to`.
    """
    kind, holder = _content(outgoing, file_id)
    payload = _envelope(outgoing.wa_id, outgoing.bsuid, outgoing.reference) | {"type": kind, kind: holder}
    if outgoing.reply_to_wamid:
        payload["context"] = {"message_id": outgoing.reply_to_wamid}
    return payload


def reaction_payload(outgoing: OutgoingReaction) -> Payload:
    """The body that puts an emoji on a message; an empty one takes it back."""
    to = outgoing.recipient
    return _envelope(to.wa_id, to.bsuid, outgoing.reference) | {
        "type": "reaction",
        "reaction": {"message_id": outgoing.wamid, "emoji": outgoing.emoji},
    }


def read_payload(wamid: str, *, typing: bool = False) -> Payload:
    """The body that tells of reading, and when asked to of typing (whatsapp-cloud-api 3.3)."""
    payload: Payload = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
    return payload | {"typing_indicator": {"type": "text"}} if typing else payload


def _envelope(wa_id: str | None, bsuid: str | None, reference: str) -> Payload:
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **({"to": wa_id} if wa_id else {"recipient": bsuid}),
        "biz_opaque_callback_data": reference,
    }


def _content(outgoing: Outgoing, file_id: str | None) -> tuple[str, Any]:
    """Meta's type of the message, and the object of that name."""
    content = outgoing.content
    match content:
        case LocationContent():
            return "location", _without_none(
                latitude=content.latitude, longitude=content.longitude, name=content.name, address=content.address
            )
        case ContactsContent():
            return "contacts", [_card(card) for card in content.contacts]
        case TemplateContent():
            return "template", _template(outgoing, content, file_id)
        case ButtonsContent() | ListContent() | LinkContent() | RequestContent() | ProductsContent():
            return "interactive", _INTERACTIVE[type(content)](outgoing, content, file_id)
    if outgoing.type == "text":
        return "text", {"body": outgoing.text, "preview_url": outgoing.options.preview_url}
    return outgoing.type, _file(outgoing, file_id)


def _file(outgoing: Outgoing, file_id: str | None) -> Payload:
    if outgoing.file is None:
        raise ValueError(f"a message of type {outgoing.type} without its file")
    named = outgoing.file.filename if outgoing.file.kind == "document" else None
    voice = True if outgoing.file.voice else None
    return _without_none(id=file_id, caption=outgoing.text or None, filename=named, voice=voice)


def _card(card: ContactCard) -> Payload:
    """Besides the whole name Meta wants at least one part of it, so its first word stands for the first name."""
    first, _, last = card.name.strip().partition(" ")
    entry: Payload = {
        "name": {
            "formatted_name": card.name,
            "first_name": first,
            **({"last_name": last.strip()} if last.strip() else {}),
        },
        "phones": [_without_none(phone=phone.phone, type="CELL", wa_id=phone.wa_id) for phone in card.phones],
    }
    if card.emails:
        entry["emails"] = [{"email": email, "type": "WORK"} for email in card.emails]
    if card.organization:
        entry["org"] = {"company": card.organization}
    return entry


def _template(outgoing: Outgoing, content: TemplateContent, file_id: str | None) -> Payload:
    values = outgoing.options.template.values if outgoing.options.template else TemplateValues()
    components: list[Payload] = []
    if outgoing.file is not None:
        components.append({"type": "header", "parameters": [_header_file(outgoing, file_id)]})
    components += [
        {"type": place, "parameters": [_blank(value) for value in filled]}
        for place, filled in (("header", values.header), ("body", values.body))
        if filled
    ]
    components += [_button(value, outgoing.reference) for value in values.buttons]
    return {"name": content.name, "language": {"code": content.language}, "components": components}


def _blank(value: TextValue) -> Payload:
    return _without_none(type="text", parameter_name=value.name, text=value.text)


def _button(value: ButtonValue, reference: str) -> Payload:
    """A flow's answer names no flow, so the token it comes back with is our reference (2.3)."""
    parameter: Payload
    match value.use:
        case "url":
            parameter = {"type": "text", "text": value.text}
        case "copy_code":
            parameter = {"type": "coupon_code", "coupon_code": value.text}
        case "flow":
            parameter = {"type": "action", "action": {"flow_token": reference}}
    return {"type": "button", "sub_type": value.use, "index": str(value.index), "parameters": [parameter]}


def _header_file(outgoing: Outgoing, file_id: str | None) -> Payload:
    """A picture, film or document above the words."""
    if outgoing.file is None:
        raise ValueError("no file")
    named = outgoing.file.filename if outgoing.file.kind == "document" else None
    return {"type": outgoing.file.kind, outgoing.file.kind: _without_none(id=file_id, filename=named)}


# --- Interactive ------------------------------------------------------------------------------------------------


def _frame(outgoing: Outgoing, kind: str, action: Payload, file_id: str | None = None) -> Payload:
    """What every interactive message has around its `action`."""
    content = outgoing.content
    header = getattr(content, "header", None)
    footer = getattr(content, "footer", None)
    framed: Payload = {"type": kind, "action": action}
    if outgoing.text:
        framed["body"] = {"text": outgoing.text}
    if outgoing.file is not None:
        framed["header"] = _header_file(outgoing, file_id)
    elif header:
        framed["header"] = {"type": "text", "text": header}
    if footer:
        framed["footer"] = {"text": footer}
    return framed


def _buttons(outgoing: Outgoing, content: ButtonsContent, file_id: str | None) -> Payload:
    buttons = [{"type": "reply", "reply": {"id": one.id, "title": one.title}} for one in content.buttons]
    return _frame(outgoing, "button", {"buttons": buttons}, file_id)


def _list(outgoing: Outgoing, content: ListContent, _: str | None) -> Payload:
    sections = [
        _without_none(
            title=section.title,
            rows=[_without_none(id=row.id, title=row.title, description=row.description) for row in section.rows],
        )
        for section in content.sections
    ]
    return _frame(outgoing, "list", {"button": content.button, "sections": sections})


def _link(outgoing: Outgoing, content: LinkContent, file_id: str | None) -> Payload:
    parameters = {"display_text": content.button, "url": content.url}
    return _frame(outgoing, "cta_url", {"name": "cta_url", "parameters": parameters}, file_id)


def _request(outgoing: Outgoing, content: RequestContent, _: str | None) -> Payload:
    if content.asks == "location":
        return _frame(outgoing, "location_request_message", {"name": "send_location"})
    return _frame(outgoing, "request_contact_info", {"name": "request_contact_info"})


def _products(outgoing: Outgoing, content: ProductsContent, _: str | None) -> Payload:
    """None named: the whole catalogue. One: that product. Several: a list of them."""
    if not content.product_ids:
        return _frame(outgoing, "catalog_message", {"name": "catalog_message"})
    if len(content.product_ids) == 1:
        action = {"catalog_id": content.catalog_id, "product_retailer_id": content.product_ids[0]}
        return _frame(outgoing, "product", action)
    items = [{"product_retailer_id": product_id} for product_id in content.product_ids]
    return _frame(
        outgoing, "product_list", {"catalog_id": content.catalog_id, "sections": [{"product_items": items}]}
    )


_INTERACTIVE: dict[type, Callable[[Outgoing, Any, str | None], Payload]] = {
    ButtonsContent: _buttons,
    ListContent: _list,
    LinkContent: _link,
    RequestContent: _request,
    ProductsContent: _products,
}


def _without_none(**values: Any) -> Payload:
    return {key: value for key, value in values.items() if value is not None}
