"""Makes of what the API takes what is stored and sent: one function a kind, told apart by its shape.

Where a kind needs more than its own words, it has a place of its own: files are attached in `attachments`,
templates filled in `compose_template`.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec

from clientela.conversations import limits, rules
from clientela.conversations.compose_template import compose_template
from clientela.conversations.new_message import (
    NewAudio,
    NewButtons,
    NewContacts,
    NewDocument,
    NewImage,
    NewLink,
    NewList,
    NewLocation,
    NewMessage,
    NewProducts,
    NewRequest,
    NewSticker,
    NewTemplate,
    NewText,
    NewVideo,
)
from clientela.conversations.outgoing import Composed, Destination, SendOptions
from clientela.conversations.problems import MessageInvalid, TextEmpty, TextTooLong
from clientela.conversations.schemas import (
    Button,
    ButtonsContent,
    ContactsContent,
    LinkContent,
    ListContent,
    ListRow,
    ListSection,
    LocationContent,
    MediaKind,
    ProductsContent,
    RequestContent,
)
from clientela.platform.ids import new_id
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx

# whatsapp-cloud-api 3.1: what may stand above the words of a question or a link.
_HEADER_FILES: tuple[MediaKind, ...] = ("image", "video", "document")


async def compose(tx: Tx, to: Destination, message: NewMessage) -> Composed:
    """What is stored and sent of `message` to `to`.

    Raises TextEmpty, TextTooLong, MessageInvalid (with every limit that is overstepped), InvalidRequest, and for
    templates what `compose_template` raises.
    """
    _check(message)
    return await _COMPOSERS[type(message)](tx, to, message)


def _check(message: NewMessage) -> None:
    if _has_nul(msgspec.to_builtins(message)):
        raise InvalidRequest(errors=[{"field": "text", "message": "a text cannot hold a NUL character"}])
    if isinstance(message, NewText):
        if not message.text.strip():
            raise TextEmpty
        if len(message.text) > rules.MAX_TEXT:
            raise TextTooLong(max_length=rules.MAX_TEXT)
    if breaches := limits.find_breaches(message):
        raise MessageInvalid(errors=msgspec.to_builtins(breaches))


def _has_nul(value: object) -> bool:
    """Whether PostgreSQL could not store it."""
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_has_nul(inner) for pair in value.items() for inner in pair)
    return isinstance(value, list) and any(_has_nul(inner) for inner in value)


async def _text(_: Tx, __: Destination, message: NewText) -> Composed:
    return Composed(type="text", text=message.text, options=SendOptions(preview_url=message.preview_url))


async def _captioned(_: Tx, __: Destination, message: NewImage | NewVideo | NewDocument) -> Composed:
    return _file(message.TYPE, message.upload_id, message.text)


async def _audio(_: Tx, __: Destination, message: NewAudio) -> Composed:
    return _file("audio", message.upload_id, options=SendOptions(voice=message.voice))


async def _sticker(_: Tx, __: Destination, message: NewSticker) -> Composed:
    return _file("sticker", message.upload_id)


def _file(kind: Any, upload_id: UUID, caption: str | None = None, options: SendOptions | None = None) -> Composed:
    return Composed(
        type=kind, text=caption, upload_id=upload_id, upload_kinds=(kind,), options=options or SendOptions()
    )


async def _location(_: Tx, __: Destination, message: NewLocation) -> Composed:
    content = LocationContent(
        latitude=message.latitude, longitude=message.longitude, name=message.name, address=message.address
    )
    return Composed(type="location", content=content)


async def _contacts(_: Tx, __: Destination, message: NewContacts) -> Composed:
    return Composed(type="contacts", content=ContactsContent(contacts=message.contacts))


async def _buttons(_: Tx, __: Destination, message: NewButtons) -> Composed:
    content = ButtonsContent(
        buttons=[Button(id=button.id or _made_up(), title=button.title) for button in message.buttons],
        header=message.header,
        footer=message.footer,
    )
    return _under_a_file("buttons", message, content)


async def _list(_: Tx, __: Destination, message: NewList) -> Composed:
    sections = [
        ListSection(
            title=section.title,
            rows=[
                ListRow(id=row.id or _made_up(), title=row.title, description=row.description)
                for row in section.rows
            ],
        )
        for section in message.sections
    ]
    content = ListContent(button=message.button, sections=sections, header=message.header, footer=message.footer)
    return Composed(type="list", text=message.text, content=content)


async def _link(_: Tx, __: Destination, message: NewLink) -> Composed:
    content = LinkContent(button=message.button, url=message.url, header=message.header, footer=message.footer)
    return _under_a_file("link", message, content)


def _under_a_file(kind: Any, message: NewButtons | NewLink, content: ButtonsContent | LinkContent) -> Composed:
    return Composed(
        type=kind, text=message.text, content=content, upload_id=message.upload_id, upload_kinds=_HEADER_FILES
    )


async def _request(_: Tx, __: Destination, message: NewRequest) -> Composed:
    return Composed(type="request", text=message.text, content=RequestContent(asks=message.asks))


async def _products(_: Tx, __: Destination, message: NewProducts) -> Composed:
    content = ProductsContent(
        catalog_id=message.catalog_id,
        product_ids=message.product_ids,
        header=message.header,
        footer=message.footer,
    )
    return Composed(type="products", text=message.text, content=content)


def _made_up() -> str:
    """An id that comes back with the tap, for whoever gave none."""
    return new_id().hex


Composer = Callable[[Tx, Destination, Any], Awaitable[Composed]]
_COMPOSERS: dict[type, Composer] = {
    NewText: _text,
    NewImage: _captioned,
    NewVideo: _captioned,
    NewDocument: _captioned,
    NewAudio: _audio,
    NewSticker: _sticker,
    NewLocation: _location,
    NewContacts: _contacts,
    NewButtons: _buttons,
    NewList: _list,
    NewLink: _link,
    NewRequest: _request,
    NewProducts: _products,
    NewTemplate: compose_template,
}
