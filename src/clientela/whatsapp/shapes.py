"""The parts of inbound messages by type, as Meta sends them (whatsapp-cloud-api 2.3).

Only what is read is named. What a type cannot do without has no default, so that a body without it is no such type.
"""

import msgspec


class Text(msgspec.Struct, frozen=True):
    body: str | None = None


class TextMessage(msgspec.Struct, frozen=True):
    text: Text


class File(msgspec.Struct, frozen=True):
    """A file of any kind; `url` is direct, protected by the token, and lives five minutes."""

    id: str | int | None = None
    mime_type: str | None = None
    sha256: str | None = None
    url: str | None = None
    caption: str | None = None
    filename: str | None = None
    voice: bool = False
    animated: bool = False


class FileMessage(msgspec.Struct, frozen=True):
    """Old stacks write voice notes under a type and a key of their own."""

    type: str | None = None
    image: File | None = None
    video: File | None = None
    audio: File | None = None
    voice: File | None = None
    document: File | None = None
    sticker: File | None = None
    errors: list[msgspec.Raw] | None = None


class Location(msgspec.Struct, frozen=True):
    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    url: str | None = None


class LocationMessage(msgspec.Struct, frozen=True):
    location: Location


class CardName(msgspec.Struct, frozen=True):
    formatted_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class CardPhone(msgspec.Struct, frozen=True):
    phone: str | int | None = None
    wa_id: str | int | None = None


class CardEmail(msgspec.Struct, frozen=True):
    email: str | None = None


class CardOrg(msgspec.Struct, frozen=True):
    company: str | None = None


class Card(msgspec.Struct, frozen=True):
    name: CardName | None = None
    phones: list[CardPhone] | None = None
    emails: list[CardEmail] | None = None
    org: CardOrg | None = None


class ContactsMessage(msgspec.Struct, frozen=True):
    contacts: list[Card]


class Reply(msgspec.Struct, frozen=True):
    title: str | None = None
    description: str | None = None


class FormReply(msgspec.Struct, frozen=True):
    """`response_json` is JSON within JSON, and may be neither valid nor an object."""

    name: str | None = None
    response_json: str | None = None


class Interactive(msgspec.Struct, frozen=True):
    type: str | None = None
    button_reply: Reply | None = None
    list_reply: Reply | None = None
    nfm_reply: FormReply | None = None


class InteractiveMessage(msgspec.Struct, frozen=True):
    interactive: Interactive


class Button(msgspec.Struct, frozen=True):
    text: str | None = None
    payload: str | None = None


class ButtonMessage(msgspec.Struct, frozen=True):
    button: Button


class OrderItem(msgspec.Struct, frozen=True):
    product_retailer_id: str | int
    quantity: int
    item_price: float
    currency: str | None = None


class Order(msgspec.Struct, frozen=True):
    product_items: list[OrderItem]
    catalog_id: str | int | None = None
    text: str | None = None


class OrderMessage(msgspec.Struct, frozen=True):
    order: Order


class System(msgspec.Struct, frozen=True):
    """The new number is `wa_id`, in older bodies `new_wa_id` or `customer`."""

    type: str | None = None
    body: str | None = None
    wa_id: str | int | None = None
    new_wa_id: str | int | None = None
    customer: str | int | None = None
    user_id: str | None = None
    previous_user_id: str | None = None


class SystemMessage(msgspec.Struct, frozen=True):
    system: System


class Reaction(msgspec.Struct, frozen=True):
    """Without an emoji, or with an empty one, it was taken back."""

    message_id: str | None = None
    emoji: str | None = None


class ReactionMessage(msgspec.Struct, frozen=True):
    reaction: Reaction


class Edit(msgspec.Struct, frozen=True):
    original_message_id: str | None = None
    message: msgspec.Raw = msgspec.Raw(b"{}")


class EditMessage(msgspec.Struct, frozen=True):
    edit: Edit


class Revoke(msgspec.Struct, frozen=True):
    original_message_id: str | None = None


class RevokeMessage(msgspec.Struct, frozen=True):
    revoke: Revoke


class Head(msgspec.Struct, frozen=True):
    type: str | None = None


class UnsupportedMessage(msgspec.Struct, frozen=True):
    unsupported: Head | None = None
    interactive: Head | None = None


class Referral(msgspec.Struct, frozen=True):
    source_url: str | None = None
    source_type: str | None = None
    source_id: str | int | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None
    ctwa_clid: str | None = None


class ReferredMessage(msgspec.Struct, frozen=True):
    referral: Referral | None = None


class Forwarding(msgspec.Struct, frozen=True):
    forwarded: bool = False
    frequently_forwarded: bool = False


class ForwardedMessage(msgspec.Struct, frozen=True):
    context: Forwarding
