"""The webhooks as sections 2.2 to 2.13 of the Cloud API reference describe them, written from it and not from code.

`forbid_unknown_fields` makes a key Meta does not send fail, and the types make a null, or a number for a string,
fail: a product that parses these parses Meta's.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tests.fakes import schema_events as events
from tests.fakes.schema_parts import Contact, Document, Edit, ErrorItem, Media, Metadata, Revoke, Strict, Text

# Inbound messages, 2.3.


class ReferredProduct(Strict):
    catalog_id: str
    product_retailer_id: str


class Context(Strict):
    id: str | UnsetType = UNSET
    forwarded: bool | UnsetType = UNSET
    frequently_forwarded: bool | UnsetType = UNSET
    referred_product: ReferredProduct | UnsetType = UNSET
    from_: str | UnsetType = msgspec.field(name="from", default=UNSET)


class Audio(Strict):
    mime_type: str
    sha256: str
    id: str
    url: str
    voice: bool


class Sticker(Strict):
    mime_type: Literal["image/webp"]
    sha256: str
    id: str
    url: str
    animated: bool


class Location(Strict):
    latitude: float
    longitude: float
    name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class CardName(Strict):
    formatted_name: str
    first_name: str | UnsetType = UNSET


class CardPhone(Strict):
    phone: str
    wa_id: str | UnsetType = UNSET
    type: str | UnsetType = UNSET


class Card(Strict):
    name: CardName
    phones: list[CardPhone]
    origin: Literal["contact_request", "other"]


class ButtonReply(Strict):
    id: str
    title: str


class ListReply(Strict):
    id: str
    title: str
    description: str | UnsetType = UNSET


class NfmReply(Strict):
    name: Literal["flow", "address_message"]
    body: Literal["Sent"]
    response_json: str


class PermissionReply(Strict):
    response: Literal["accept", "reject"]
    response_source: Literal["user_action", "automatic"]
    expiration_timestamp: int | UnsetType = UNSET
    is_permanent: bool | UnsetType = UNSET


class Interactive(Strict):
    type: Literal["button_reply", "list_reply", "nfm_reply", "call_permission_reply"]
    button_reply: ButtonReply | UnsetType = UNSET
    list_reply: ListReply | UnsetType = UNSET
    nfm_reply: NfmReply | UnsetType = UNSET
    call_permission_reply: PermissionReply | UnsetType = UNSET


class Button(Strict):
    payload: str
    text: str


class Reaction(Strict):
    message_id: str
    emoji: str | UnsetType = UNSET


class Item(Strict):
    product_retailer_id: str
    quantity: int
    item_price: float
    currency: str


class Order(Strict):
    catalog_id: str
    product_items: list[Item]
    text: str | UnsetType = UNSET


class System(Strict):
    type: Literal["user_changed_number", "user_changed_user_id", "customer_identity_changed"]
    body: str
    wa_id: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    previous_user_id: str | UnsetType = UNSET


class Identity(Strict):
    acknowledged: bool
    created_timestamp: str
    hash: str


class Unsupported(Strict):
    type: str


class Referral(Strict):
    source_type: Literal["ad", "post"]
    source_id: str
    source_url: str
    headline: str | UnsetType = UNSET
    body: str | UnsetType = UNSET
    media_type: str | UnsetType = UNSET
    image_url: str | UnsetType = UNSET
    video_url: str | UnsetType = UNSET
    thumbnail_url: str | UnsetType = UNSET
    ctwa_clid: str | UnsetType = UNSET


class Objects(Strict):
    """One of these is there, and it is the one named like the type."""

    text: Text | UnsetType = UNSET
    image: Media | UnsetType = UNSET
    video: Media | UnsetType = UNSET
    audio: Audio | UnsetType = UNSET
    document: Document | UnsetType = UNSET
    sticker: Sticker | UnsetType = UNSET
    location: Location | UnsetType = UNSET
    contacts: list[Card] | UnsetType = UNSET
    interactive: Interactive | UnsetType = UNSET
    button: Button | UnsetType = UNSET
    reaction: Reaction | UnsetType = UNSET
    order: Order | UnsetType = UNSET
    system: System | UnsetType = UNSET
    edit: Edit | UnsetType = UNSET
    revoke: Revoke | UnsetType = UNSET
    unsupported: Unsupported | UnsetType = UNSET


class Message(Objects, kw_only=True):
    id: str
    timestamp: str
    type: str
    from_: str | UnsetType = msgspec.field(name="from", default=UNSET)
    from_user_id: str | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    referral: Referral | UnsetType = UNSET
    identity: Identity | UnsetType = UNSET
    errors: list[ErrorItem] | UnsetType = UNSET


# Statuses, 2.4.


class Pricing(Strict):
    billable: bool
    pricing_model: Literal["PMP"]
    type: Literal["regular", "free_customer_service", "free_entry_point"]
    category: Literal["marketing", "utility", "authentication", "service"]


class Origin(Strict):
    type: str


class Conversation(Strict):
    id: str
    origin: Origin
    expiration_timestamp: str | UnsetType = UNSET


class Status(Strict):
    id: str
    status: Literal["sent", "delivered", "read", "played", "failed"]
    timestamp: str
    recipient_id: str | UnsetType = UNSET
    recipient_user_id: str | UnsetType = UNSET
    biz_opaque_callback_data: str | UnsetType = UNSET
    conversation: Conversation | UnsetType = UNSET
    pricing: Pricing | UnsetType = UNSET
    errors: list[ErrorItem] | UnsetType = UNSET


class ClickData(Strict):
    click_component: str
    click_id: str
    tracking_token: str


class UserAction(Strict):
    action_type: Literal["marketing_messages_link_click", "landing_page_view"]
    timestamp: str
    marketing_messages_link_click_data: ClickData


class Messages(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    contacts: list[Contact] | UnsetType = UNSET
    messages: list[Message] | UnsetType = UNSET
    statuses: list[Status] | UnsetType = UNSET
    errors: list[ErrorItem] | UnsetType = UNSET
    user_actions: list[UserAction] | UnsetType = UNSET


# The values of fields that come from samples only are not closed here: the samples are the description.
OPEN = frozenset(
    [
        "account_settings_update",
        "automatic_events",
        "flows",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
        "partner_solutions",
        "payment_configuration_update",
        "standby",
        "template_correct_category_detection",
        "tracking_events",
    ]
)

VALUES: dict[str, type] = {
    "messages": Messages,
    "message_template_status_update": events.TemplateStatus,
    "message_template_quality_update": events.TemplateQuality,
    "message_template_components_update": events.TemplateComponents,
    "template_category_update": events.TemplateCategory,
    "phone_number_name_update": events.NameUpdate,
    "phone_number_quality_update": events.QualityUpdate,
    "security": events.Security,
    "account_review_update": events.Review,
    "account_update": events.AccountUpdate,
    "account_alerts": events.Alert,
    "business_capability_update": events.Capability,
    "business_username_update": events.Username,
    "user_preferences": events.Preferences,
    "smb_message_echoes": events.Echoes,
    "smb_app_state_sync": events.StateSync,
    "history": events.History,
    "calls": events.Calls,
    "messaging_handovers": events.Handover,
}
UNTIMED = frozenset(
    {
        "messages", "calls", "history", "smb_message_echoes", "smb_app_state_sync", "messaging_handovers",
        "standby", "user_preferences", "automatic_events", "group_lifecycle_update", "group_participants_update",
        "group_settings_update", "group_status_update",
    }
)  # fmt: skip


class Change(Strict):
    field: str
    value: dict[str, Any]


class Entry(Strict):
    id: str
    changes: list[Change]
    time: int | UnsetType = UNSET


class Body(Strict):
    object: Literal["whatsapp_business_account"]
    entry: list[Entry]


def read(raw: bytes) -> list[tuple[str, Any]]:
    """(field, value) of every change of a body. Raises msgspec.ValidationError, or AssertionError."""
    found: list[tuple[str, Any]] = []
    for entry in msgspec.json.decode(raw, type=Body).entry:
        for change in entry.changes:
            assert (entry.time is UNSET) == (change.field in UNTIMED), f"time of {change.field}"
            if change.field in OPEN:
                found.append((change.field, change.value))
                continue
            value = msgspec.convert(change.value, VALUES[change.field])
            if isinstance(value, Messages):
                check_messages(value)
            found.append((change.field, value))
    return found


def check_messages(value: Messages) -> None:
    """What the types alone do not say about a `messages` change."""
    kinds = (value.messages, value.statuses, value.errors, value.user_actions)
    assert sum(1 for kind in kinds if kind is not UNSET) == 1
    for message in value.messages or []:
        assert message.timestamp.isdigit()
        present = [name for name in Objects.__struct_fields__ if getattr(message, name) is not UNSET]
        assert present == [message.type], f"{message.type} with {present}"
        changed = message.type == "system" and message.identity is UNSET
        assert (value.contacts is UNSET) == changed
        if message.type != "system":
            assert message.from_user_id is not UNSET
    for status in value.statuses or []:
        assert (status.errors is not UNSET) == (status.status == "failed")
        if status.status == "failed":
            assert value.contacts is UNSET
            assert status.pricing is UNSET
        assert status.recipient_id is not UNSET or status.recipient_user_id is not UNSET
