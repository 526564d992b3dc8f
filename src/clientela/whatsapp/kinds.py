"""What each type of inbound message becomes: one small function a type, raw JSON in, a reading out.

A shape that is not as expected is no error: its function answers None, and the message is kept as unsupported with
the JSON it came as. Source: whatsapp-cloud-api 2.3. `docs/reference/message-kinds.md` is held to `KINDS` by a test.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import msgspec

from clientela.contacts import Person, is_bsuid, is_wa_id
from clientela.conversations import (
    CardPhone,
    ChoiceContent,
    ContactCard,
    ContactsContent,
    Content,
    Edited,
    FlowContent,
    LocationContent,
    MediaKind,
    MessageChange,
    MessageType,
    NewMedia,
    OrderContent,
    OrderItem,
    Reacted,
    Referral,
    Revoked,
    SystemContent,
)
from clientela.whatsapp import shapes
from clientela.whatsapp.wire import words

S = TypeVar("S", bound=msgspec.Struct)

# whatsapp-cloud-api 4: a webhook's address of a file works for five minutes. A little less, for the way.
_URL_LIVES = timedelta(minutes=4, seconds=30)
_FILENAME_MAX = 255


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a message says. `type` is that of the row, also when a `change` finds nothing to alter."""

    type: MessageType
    text: str | None = None
    content: Content | None = None
    media: NewMedia | None = None
    change: MessageChange | None = None
    moves_to: Person | None = None
    opens_window: bool = True
    is_turn: bool = True


Reader = Callable[[bytes, datetime], Reading | None]


def read_kind(kind: str | None, raw: bytes, arrived_at: datetime) -> Reading | None:
    """The reading of a message of Meta's type `kind`; None when it is to be kept as unsupported. Never raises."""
    reader = KINDS.get(kind or "")
    return reader(raw, arrived_at) if reader is not None else None


def read_shape(raw: bytes, shape: type[S]) -> S | None:
    """`raw` as `shape`, leniently; None if it is something else."""
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def plain(text: str | None) -> str | None:
    """`text` without what PostgreSQL cannot hold; None for nothing."""
    return (text or "").replace("\x00", "") or None


def _text(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.TextMessage)
    if found is None or found.text.body is None:
        return None
    return Reading(type="text", text=found.text.body.replace("\x00", ""))


def _file(kind: MediaKind) -> Reader:
    def reader(raw: bytes, arrived_at: datetime) -> Reading | None:
        found = read_shape(raw, shapes.FileMessage)
        if found is None:
            return None
        file = _file_of(kind, found)
        if file is None or not (file.id or found.errors):
            return None
        media = NewMedia(
            kind=kind,
            mime_type=plain(file.mime_type) or "application/octet-stream",
            # With an error beside it, Meta herself could not get the file (131052): there is nothing to fetch.
            remote_id=None if found.errors else plain(words(file.id)),
            filename=(plain(file.filename) or "")[:_FILENAME_MAX] or None,
            voice=file.voice or found.type == "voice",
            animated=file.animated,
            remote_url=plain(file.url),
            remote_url_until=arrived_at + _URL_LIVES if file.url else None,
            sha256=plain(file.sha256),
        )
        return Reading(type=kind, text=plain(file.caption), media=media)

    return reader


def _file_of(kind: MediaKind, found: shapes.FileMessage) -> shapes.File | None:
    if kind == "audio":
        return found.audio or found.voice
    files: dict[str, shapes.File | None] = {
        "image": found.image,
        "video": found.video,
        "document": found.document,
        "sticker": found.sticker,
    }
    file = files[kind]
    return shapes.File() if file is None and found.errors else file


def _location(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.LocationMessage)
    if found is None or not (abs(found.location.latitude) <= 90 and abs(found.location.longitude) <= 180):
        return None
    place = found.location
    return Reading(
        type="location",
        content=LocationContent(
            latitude=place.latitude,
            longitude=place.longitude,
            name=plain(place.name),
            address=plain(place.address),
            url=plain(place.url),
        ),
    )


def _contacts(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.ContactsMessage)
    if found is None or not found.contacts:
        return None
    return Reading(type="contacts", content=ContactsContent(contacts=[_card(card) for card in found.contacts]))


def _card(card: shapes.Card) -> ContactCard:
    phones = [
        CardPhone(phone=plain(words(one.phone)) or f"+{words(one.wa_id)}", wa_id=plain(words(one.wa_id)))
        for one in card.phones or []
        if one.phone or one.wa_id
    ]
    emails = [email for one in card.emails or [] if (email := plain(one.email))]
    organization = plain(card.org.company) if card.org else None
    name = card.name or shapes.CardName()
    parts = " ".join(part for part in (name.first_name, name.last_name) if part)
    anything = plain(name.formatted_name) or plain(parts) or organization
    return ContactCard(
        name=anything or (phones[0].phone if phones else (emails or [""])[0]),
        phones=phones,
        emails=emails,
        organization=organization,
    )


def _interactive(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.InteractiveMessage)
    if found is None:
        return None
    inner = found.interactive
    if inner.type == "button_reply" and inner.button_reply:
        return _choice("button", inner.button_reply)
    if inner.type == "list_reply" and inner.list_reply:
        return _choice("list", inner.list_reply)
    if inner.type == "nfm_reply" and inner.nfm_reply:
        answers = _answers(inner.nfm_reply.response_json)
        return Reading(type="flow", content=FlowContent(name=plain(inner.nfm_reply.name), answers=answers))
    return None


def _choice(kind: Literal["button", "list"], reply: shapes.Reply) -> Reading | None:
    title = plain(reply.title)
    if title is None:
        return None
    return Reading(
        type="choice", content=ChoiceContent(kind=kind, title=title, description=plain(reply.description))
    )


def _answers(response: str | None) -> dict[str, Any] | None:
    """The fields of a form; None when it is no JSON object. `flow_token` is ours or empty, and no answer."""
    try:
        answers = msgspec.json.decode(response or "")
        if not isinstance(answers, dict):
            return None
        cleaned = _without_nul(answers)
        msgspec.json.encode(cleaned)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
    return {key: value for key, value in cleaned.items() if key != "flow_token"}


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    return [_without_nul(inner) for inner in value] if isinstance(value, list) else value


def _button(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.ButtonMessage)
    title = plain(found.button.text) or plain(found.button.payload) if found else None
    if title is None:
        return None
    return Reading(type="choice", content=ChoiceContent(kind="template_button", title=title))


def _order(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.OrderMessage)
    if found is None:
        return None
    items = [
        OrderItem(
            product_retailer_id=plain(words(item.product_retailer_id)) or "",
            quantity=item.quantity,
            item_price=item.item_price,
            currency=plain(item.currency) or "",
        )
        for item in found.order.product_items
    ]
    catalog = plain(words(found.order.catalog_id)) or ""
    return Reading(
        type="order", content=OrderContent(catalog_id=catalog, note=plain(found.order.text), items=items)
    )


def _system(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.SystemMessage)
    if found is None or not found.system.type:
        return None
    kind = plain(found.system.type) or ""
    return Reading(
        type="system",
        content=SystemContent(kind=kind, body=plain(found.system.body) or ""),
        moves_to=_moves_to(kind, found.system),
        opens_window=False,
        is_turn=False,
    )


def _moves_to(kind: str, system: shapes.System) -> Person | None:
    """Who the customer is from now on; older bodies call the new number otherwise."""
    number = None
    if kind == "user_changed_number":
        number = words(system.wa_id) or words(system.new_wa_id) or words(system.customer)
    elif kind != "user_changed_user_id":
        return None
    wa_id = number if number and is_wa_id(number) else None
    bsuid = system.user_id if system.user_id and is_bsuid(system.user_id) else None
    return Person(wa_id=wa_id, bsuid=bsuid) if wa_id or bsuid else None


def _reaction(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.ReactionMessage)
    target = plain(found.reaction.message_id) if found else None
    if found is None or target is None:
        return None
    emoji = plain(found.reaction.emoji)
    change = Reacted(target=target, emoji=emoji)
    return Reading(type="unsupported", change=change, is_turn=emoji is not None)


def _edit(raw: bytes, arrived_at: datetime) -> Reading | None:
    found = read_shape(raw, shapes.EditMessage)
    target = plain(found.edit.original_message_id) if found else None
    if found is None or target is None:
        return None
    inner = read_shape(bytes(found.edit.message), shapes.Head)
    kind = inner.type if inner else None
    if kind not in ("text", "image", "video", "document"):
        return None
    said = read_kind(kind, bytes(found.edit.message), arrived_at)
    if said is None:
        return None
    change = Edited(target=target, text=said.text)
    return Reading(type="unsupported", change=change, opens_window=False, is_turn=False)


def _revoke(raw: bytes, _: datetime) -> Reading | None:
    found = read_shape(raw, shapes.RevokeMessage)
    target = plain(found.revoke.original_message_id) if found else None
    if target is None:
        return None
    return Reading(type="unsupported", change=Revoked(target=target), opens_window=False, is_turn=False)


KINDS: Mapping[str, Reader] = {
    "text": _text,
    "image": _file("image"),
    "video": _file("video"),
    "audio": _file("audio"),
    "voice": _file("audio"),
    "document": _file("document"),
    "sticker": _file("sticker"),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "reaction": _reaction,
    "edit": _edit,
    "revoke": _revoke,
}


def read_referral(raw: bytes) -> Referral | None:
    """The ad or post that led to a message, if it names one."""
    found = read_shape(raw, shapes.ReferredMessage)
    referral = found.referral if found else None
    if referral is None:
        return None
    cleaned = Referral(**{name: plain(words(getattr(referral, name))) for name in Referral.__struct_fields__})
    return cleaned if cleaned != Referral() else None


def read_forwarded(raw: bytes) -> bool:
    """Whether a message was forwarded, once or often."""
    found = read_shape(raw, shapes.ForwardedMessage)
    return found is not None and (found.context.forwarded or found.context.frequently_forwarded)


def unsupported_type(kind: str | None, raw: bytes) -> str:
    """Meta's most telling name for what is kept as unsupported: that of the thing within, if given."""
    if kind in ("unsupported", "interactive"):
        found = read_shape(raw, shapes.UnsupportedMessage)
        inner = (found.unsupported or found.interactive) if found else None
        if inner is not None and inner.type:
            return plain(inner.type) or kind
    return plain(kind) or "unknown"
