"""What may be sent, as the API takes it: one shape a kind, told apart by `type`.

Only shapes live here. What WhatsApp allows of them is in `limits.py`; what a channel makes of them, at the edge.
"""

from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from clientela.conversations.schemas import ContactCard


class _New(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """`reply_to`: the message of this conversation that is quoted."""

    TYPE: ClassVar[str]
    reply_to: UUID | None = None


class NewText(_New, frozen=True, kw_only=True, tag="text"):
    """Words. `preview_url`: whether WhatsApp shows what the first address in them leads to."""

    TYPE: ClassVar[str] = "text"
    text: str
    preview_url: bool = True


class _NewFile(_New, frozen=True, kw_only=True):
    """A file that was uploaded with `POST /v1/uploads`."""

    upload_id: UUID


class NewImage(_NewFile, frozen=True, kw_only=True, tag="image"):
    """A picture; `text` is its caption."""

    TYPE: ClassVar[str] = "image"
    text: str | None = None


class NewVideo(_NewFile, frozen=True, kw_only=True, tag="video"):
    """A film; `text` is its caption."""

    TYPE: ClassVar[str] = "video"
    text: str | None = None


class NewAudio(_NewFile, frozen=True, kw_only=True, tag="audio"):
    """Sound. `voice`: shown as a voice note, with the sender's picture."""

    TYPE: ClassVar[str] = "audio"
    voice: bool = False


class NewDocument(_NewFile, frozen=True, kw_only=True, tag="document"):
    """Any file; `text` is its caption, and its name the upload's."""

    TYPE: ClassVar[str] = "document"
    text: str | None = None


class NewSticker(_NewFile, frozen=True, kw_only=True, tag="sticker"):
    """A WebP of 512 by 512 points."""

    TYPE: ClassVar[str] = "sticker"


class NewLocation(_New, frozen=True, kw_only=True, tag="location"):
    """A place; degrees."""

    TYPE: ClassVar[str] = "location"
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class NewContacts(_New, frozen=True, kw_only=True, tag="contacts"):
    """Cards of other people."""

    TYPE: ClassVar[str] = "contacts"
    contacts: list[ContactCard]


class NewButton(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A button to tap. `id` comes back with the tap; made up when absent."""

    title: str
    id: str | None = None


class NewButtons(_New, frozen=True, kw_only=True, tag="buttons"):
    """A question with up to three buttons. The header is words or an uploaded picture, film or document."""

    TYPE: ClassVar[str] = "buttons"
    text: str
    buttons: list[NewButton]
    header: str | None = None
    upload_id: UUID | None = None
    footer: str | None = None


class NewRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a list; `id` as with a button."""

    title: str
    description: str | None = None
    id: str | None = None


class NewSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lines under a title, which may be absent when it is the only section."""

    rows: list[NewRow]
    title: str | None = None


class NewList(_New, frozen=True, kw_only=True, tag="list"):
    """A question whose answers open in a list; `button` is what opens it."""

    TYPE: ClassVar[str] = "list"
    text: str
    button: str
    sections: list[NewSection]
    header: str | None = None
    footer: str | None = None


class NewLink(_New, frozen=True, kw_only=True, tag="link"):
    """Words with one button that opens an address."""

    TYPE: ClassVar[str] = "link"
    text: str
    button: str
    url: str
    header: str | None = None
    upload_id: UUID | None = None
    footer: str | None = None


class NewRequest(_New, frozen=True, kw_only=True, tag="request"):
    """Asks the customer for their place or their phone number, with a button that gives it."""

    TYPE: ClassVar[str] = "request"
    asks: Literal["location", "contact"]
    text: str


class NewProducts(_New, frozen=True, kw_only=True, tag="products"):
    """Products of a catalogue at Meta: one, several under `header`, or with none named the whole catalogue."""

    TYPE: ClassVar[str] = "products"
    catalog_id: str | None = None
    product_ids: list[str] = []
    text: str | None = None
    header: str | None = None
    footer: str | None = None


class NewTemplate(_New, frozen=True, kw_only=True, tag="template"):
    """An approved template, which may leave outside the service window too.

    `parameters` maps each parameter's `key` to its value. `version` is that of the template as the writer saw it:
    when it has changed since, nothing is sent. `upload_id` fills a header of a picture, film or document.
    """

    TYPE: ClassVar[str] = "template"
    template_id: UUID
    version: int
    parameters: dict[str, str] = {}
    upload_id: UUID | None = None


NewMessage = (
    NewText
    | NewImage
    | NewVideo
    | NewAudio
    | NewDocument
    | NewSticker
    | NewLocation
    | NewContacts
    | NewButtons
    | NewList
    | NewLink
    | NewRequest
    | NewProducts
    | NewTemplate
)
