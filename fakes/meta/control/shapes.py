"""Bodies the control API takes. An unknown key is refused, so that a misspelt one is not silently ignored."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fakes.meta.wire import JsonObject


class NewApp(msgspec.Struct, forbid_unknown_fields=True):
    name: str = "Clientela"
    app_id: str | None = None
    app_secret: str | None = None
    callback_url: str | None = None
    verify_token: str = ""
    verify: bool = True


class Callback(msgspec.Struct, forbid_unknown_fields=True):
    callback_url: str
    verify_token: str = ""
    verify: bool = True


class NewWaba(msgspec.Struct, forbid_unknown_fields=True):
    name: str = "Loja Aurora"
    waba_id: str | None = None
    app_id: str | None = None


class NewNumber(msgspec.Struct, forbid_unknown_fields=True):
    waba_id: str
    display_phone_number: str = "+55 11 98555-0100"
    verified_name: str = "Loja Aurora"
    phone_number_id: str | None = None
    status: str = "CONNECTED"
    coexistence: bool = False
    allowed: list[str] | None = None  # a test number's recipients


class NumberPatch(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    status: str | None = None
    quality_rating: str | None = None
    name_status: str | None = None
    code_verification_status: str | None = None
    throughput_level: Literal["STANDARD", "HIGH", "NOT_APPLICABLE"] | None = None
    allowed: list[str] | None = None
    free_service_used: dict[str, int] | None = None


class WabaPatch(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    payment_method: bool | None = None
    marketing_on_cloud_api: bool | None = None
    restrictions: list[str] | None = None
    banned: bool | None = None
    tier: str | None = None  # of its portfolio
    verified: bool | None = None


class NewCode(msgspec.Struct, forbid_unknown_fields=True):
    app_id: str
    waba_ids: list[str] | None = None
    hides_targets: bool = False


class NewToken(msgspec.Struct, forbid_unknown_fields=True):
    app_id: str
    waba_ids: list[str] | None = None
    value: str | None = None
    expires_in_s: float | None = None
    hides_targets: bool = False


class NewCustomer(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    phone: str | None = None
    bsuid: str | None = None
    username: str | None = None
    hidden_phone: bool = False
    reads: bool = True
    on_whatsapp: bool = True
    identity_hash: str | None = None


class CustomerPatch(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    name: str | None = None
    reads: bool | None = None
    online: bool | None = None
    blocked: bool | None = None
    hidden_phone: bool | None = None
    on_whatsapp: bool | None = None
    experiment: bool | None = None
    username: str | None = None


class MediaGiven(msgspec.Struct, forbid_unknown_fields=True):
    """A file in place of the sample one. `size`: so many bytes of filling, for large files."""

    mime_type: str
    data_base64: str | None = None
    size: int | None = None


class CustomerMessage(msgspec.Struct, forbid_unknown_fields=True):
    """`text`, or a `type` with its `content`; media come with a sample file unless `media` brings one."""

    phone_number_id: str
    text: str | None = None
    type: str = "text"
    content: JsonObject = msgspec.field(default_factory=dict)
    media: MediaGiven | None = None
    ago_s: float = 0.0
    reply_to: str | None = None
    forwarded: Literal["once", "often"] | None = None
    referral: JsonObject | None = None
    errors: list[JsonObject] | None = None
    context: JsonObject | None = None


class Tap(msgspec.Struct, forbid_unknown_fields=True):
    wamid: str
    choice: str | None = None  # a title or an id; else the first one


class FlowAnswer(msgspec.Struct, forbid_unknown_fields=True):
    wamid: str
    response: Any = None  # an object is written as JSON; a string is sent as it is


class Edit(msgspec.Struct, forbid_unknown_fields=True):
    wamid: str
    text: str


class Which(msgspec.Struct, forbid_unknown_fields=True):
    wamid: str


class Identity(msgspec.Struct, forbid_unknown_fields=True):
    """A new `phone`, else a new BSUID; with `phone_number_id` a new identity key, told to that number."""

    phone: str | None = None
    phone_number_id: str | None = None


class Preference(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str
    choice: Literal["stop", "resume", "signup"]


class ThreadOwner(msgspec.Struct, forbid_unknown_fields=True):
    """Another partner takes the thread under this role; without one it comes back to us."""

    phone_number_id: str
    role: Literal["ai_agent", "ctwa", "escalation", "marketing", "utility"] | None = None
    metadata: str = ""


class PhoneCall(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str
    duration_s: int | None = None  # None: nobody answered


class Click(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str
    action: Literal["marketing_messages_link_click", "landing_page_view"] = "marketing_messages_link_click"


class TemplateEvent(msgspec.Struct, forbid_unknown_fields=True):
    event: str
    reason: str | None = None
    rejection_info: JsonObject | None = None
    other_info: JsonObject | None = None
    disable_info: JsonObject | None = None


class TemplateQuality(msgspec.Struct, forbid_unknown_fields=True):
    score: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]


class TemplateCategory(msgspec.Struct, forbid_unknown_fields=True):
    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
    notice_s: float = 24 * 3600.0


class TemplatePacing(msgspec.Struct, forbid_unknown_fields=True):
    """Hold every send after so many; or say how the first ones were received."""

    hold_after: int | None = None
    good: bool | None = None


class Announcement(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    event: str | None = None
    waba_id: str | None = None
    phone_number_id: str | None = None
    value: JsonObject = msgspec.field(default_factory=dict)


class Trouble(msgspec.Struct, forbid_unknown_fields=True):
    code: int


class Echo(msgspec.Struct, forbid_unknown_fields=True):
    customer_id: str
    text: str | None = None
    type: str = "text"
    content: JsonObject = msgspec.field(default_factory=dict)


class AppContact(msgspec.Struct, forbid_unknown_fields=True):
    contact: JsonObject
    action: Literal["add", "remove"] = "add"


class AppData(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the phone app holds for the sync; null lets the simulator invent it."""

    shares_history: bool | None = None
    contacts: list[JsonObject] | None = None
    threads: list[JsonObject] | None = None


class NewLink(msgspec.Struct, forbid_unknown_fields=True):
    url: str
    status: int = 200
    content_type: str = "image/jpeg"
    size: int = 1000


class Reading(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str | None = None


class RawWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """Either `field` and `value`, or a whole `body`, or `raw`: text posted and signed byte for byte."""

    field: str | None = None
    value: JsonObject | None = None
    waba_id: str | None = None
    entry_time: int | None = None
    body: JsonObject | None = None
    raw: str | None = None
    app_id: str | None = None


class Waiting(msgspec.Struct, forbid_unknown_fields=True):
    timeout_s: float = 10.0


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class PeopleSwitch(msgspec.Struct, forbid_unknown_fields=True):
    on: bool
    phone_number_id: str | None = None
