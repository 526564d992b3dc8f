"""The webhooks about templates, accounts, numbers, the phone app and calls, as sections 2.5 to 2.12 describe them.

Strict like `schema`, which holds the envelope, the messages and the statuses, and reads whole bodies.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from tests.fakes.schema_parts import Contact, Edit, ErrorItem, Media, Metadata, Revoke, Strict, Text

# Templates, 2.8.


class OfTemplate(Strict):
    message_template_id: int
    message_template_name: str
    message_template_language: str


class OtherInfo(Strict):
    title: Literal["FIRST_PAUSE", "SECOND_PAUSE", "RATE_LIMITING_PAUSE", "UNPAUSE", "DISABLED"]
    description: str


class RejectionInfo(Strict):
    reason: str
    recommendation: str


class DisableInfo(Strict):
    disable_date: str


class TemplateStatus(OfTemplate, kw_only=True):
    event: Literal[
        "APPROVED", "PENDING", "REJECTED", "IN_APPEAL", "REINSTATED", "PAUSED", "FLAGGED", "DISABLED",
        "LIMIT_EXCEEDED", "LOCKED", "ARCHIVED", "UNARCHIVED", "PENDING_DELETION", "DELETED",
    ]  # fmt: skip
    message_template_category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
    reason: str | None
    other_info: OtherInfo | UnsetType = UNSET
    rejection_info: RejectionInfo | UnsetType = UNSET
    disable_info: DisableInfo | UnsetType = UNSET


Score = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]


class TemplateQuality(OfTemplate, kw_only=True):
    previous_quality_score: Score
    new_quality_score: Score


class TemplateButton(Strict):
    message_template_button_type: str
    message_template_button_text: str
    message_template_button_url: str | UnsetType = UNSET
    message_template_button_phone_number: str | UnsetType = UNSET


class TemplateComponents(OfTemplate, kw_only=True):
    message_template_element: str
    message_template_title: str | UnsetType = UNSET
    message_template_footer: str | UnsetType = UNSET
    message_template_buttons: list[TemplateButton] | UnsetType = UNSET


class TemplateCategory(OfTemplate, kw_only=True):
    new_category: str
    correct_category: str | UnsetType = UNSET
    previous_category: str | UnsetType = UNSET
    category_update_timestamp: int | UnsetType = UNSET


# Accounts and numbers, 2.9 and 2.10.


class NameUpdate(Strict):
    display_phone_number: str
    decision: str
    requested_verified_name: str
    rejection_reason: str | UnsetType | None = UNSET


class QualityUpdate(Strict):
    display_phone_number: str
    event: str
    max_daily_conversations_per_business: str | UnsetType = UNSET
    current_limit: str | UnsetType = UNSET
    old_limit: str | UnsetType = UNSET


class Security(Strict):
    display_phone_number: str
    event: Literal["PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"]
    requester: str | UnsetType = UNSET


class Review(Strict):
    decision: Literal["APPROVED", "REJECTED", "PENDING", "DEFERRED"]


class Capability(Strict):
    max_daily_conversations_per_business: int | str
    max_phone_numbers_per_business: int | UnsetType = UNSET
    max_phone_numbers_per_waba: int | UnsetType = UNSET


class Username(Strict):
    display_phone_number: str
    status: Literal["approved", "reserved", "deleted"]
    username: str | UnsetType = UNSET
    context: str | UnsetType = UNSET


class AlertInfo(Strict):
    alert_severity: str
    alert_status: str
    alert_type: str
    alert_description: str


class Alert(Strict):
    entity_type: str
    entity_id: str
    alert_info: AlertInfo


class Preference(Strict):
    user_id: str
    detail: str
    category: Literal["marketing_messages"]
    value: Literal["stop", "resume", "signup"]
    timestamp: int
    wa_id: str | UnsetType = UNSET
    signup_id: str | UnsetType = UNSET


class Preferences(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    contacts: list[Contact]
    user_preferences: list[Preference]


class AccountUpdate(msgspec.Struct):
    """Its other keys depend on the event; those are looked at in the tests."""

    event: str


# Coexistence, 2.11; calls, 2.12.


class Echo(Strict, kw_only=True):
    from_: str = msgspec.field(name="from")
    id: str
    timestamp: str
    type: Literal["text", "edit", "revoke"]
    to: str | UnsetType = UNSET
    to_user_id: str | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    edit: Edit | UnsetType = UNSET
    revoke: Revoke | UnsetType = UNSET


class Echoes(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    message_echoes: list[Echo]
    contacts: list[Contact]


class AppContact(Strict):
    full_name: str
    first_name: str | UnsetType = UNSET
    phone_number: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    username: str | UnsetType = UNSET


class At(Strict):
    timestamp: str


class Synced(Strict):
    type: Literal["contact"]
    contact: AppContact
    action: Literal["add", "remove"]
    metadata: At


class StateSync(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    state_sync: list[Synced]


class Told(Strict):
    status: Literal["DELIVERED", "ERROR", "PENDING", "PLAYED", "READ", "SENT"]


class OldMessage(Strict, kw_only=True):
    from_: str = msgspec.field(name="from")
    id: str
    timestamp: str
    type: Literal["text", "image", "media_placeholder"]
    history_context: Told
    to: str | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    image: Media | UnsetType = UNSET


class ThreadContext(Strict):
    wa_id: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    username: str | UnsetType = UNSET


class Thread(Strict):
    id: str
    context: ThreadContext
    messages: list[OldMessage]


class Phase(Strict):
    phase: Literal[0, 1, 2]
    chunk_order: int
    progress: int


class Chunk(Strict):
    metadata: Phase | UnsetType = UNSET
    threads: list[Thread] | UnsetType = UNSET
    errors: list[ErrorItem] | UnsetType = UNSET


class History(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    history: list[Chunk]


class Session(Strict):
    sdp_type: Literal["offer", "answer"]
    sdp: str


class PhoneCall(Strict):
    id: str
    to: str
    event: Literal["connect", "terminate"]
    timestamp: str
    direction: Literal["USER_INITIATED", "BUSINESS_INITIATED"]
    from_: str | UnsetType = msgspec.field(name="from", default=UNSET)
    from_user_id: str | UnsetType = UNSET
    session: Session | UnsetType = UNSET
    status: Literal["COMPLETED", "FAILED"] | UnsetType = UNSET
    start_time: str | UnsetType = UNSET
    end_time: str | UnsetType = UNSET
    duration: int | UnsetType = UNSET


class Calls(Strict):
    messaging_product: Literal["whatsapp"]
    metadata: Metadata
    contacts: list[Contact]
    calls: list[PhoneCall]


class HandoverSender(Strict):
    phone_number: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET


class Moved(Strict):
    metadata: str
    previous_owner_role: str
    new_owner_role: str


class Handover(Strict):
    messaging_product: Literal["whatsapp"]
    recipient: Metadata
    sender: HandoverSender
    timestamp: str
    type: Literal["control_passed", "control_taken"]
    control_passed: Moved | UnsetType = UNSET
    control_taken: Moved | UnsetType = UNSET
