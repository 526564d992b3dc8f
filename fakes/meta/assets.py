"""What a business owns at Meta besides numbers: templates, media, uploads, profiles; and the rules in force.

Plain data like `state`, which gathers it into one world.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Review = Literal["approve", "reject", "wait"]


class Rules(msgspec.Struct, forbid_unknown_fields=True):
    """What the simulator enforces by itself. Everything here may be changed while it runs."""

    throughput: bool = True  # 130429 above the number's messages a second
    pair_rate: bool = True  # 131056
    messaging_limit: bool = True  # 131048 for the portfolio's next new person of the day
    marketing_cap: int | None = None  # 131049 after so many marketing templates to one person in 24 h
    us_marketing: bool = False  # whether marketing reaches numbers of the United States
    free_service_messages: int = 1000  # per number and calendar month, reference section 7
    review: Review = "approve"  # what becomes of a new or edited template, or wait for the control API
    review_after_s: float = 0.0
    review_reason: str = "INVALID_FORMAT"
    recategorise: bool = True  # a utility template that reads like marketing is approved as marketing
    check_user_agent: bool = True  # media downloads with a library's default user agent are refused
    calls_per_hour: int = 5000  # management calls of an app on one account: 80007 above


class Template(msgspec.Struct):
    """One language of a template. Its identity is account, name and language."""

    id: str
    waba_id: str
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    parameter_format: str = "POSITIONAL"
    status: str = "PENDING"
    rejected_reason: str = "NONE"
    quality: str = "UNKNOWN"
    quality_at: float = 0.0
    previous_category: str | None = None
    correct_category: str | None = None
    message_send_ttl_seconds: int | None = None
    created_at: float = 0.0
    used_at: float = 0.0
    edits: list[float] = msgspec.field(default_factory=list)
    pauses: int = 0
    hold_after: int | None = None  # pacing: so many sends go, the rest is held
    sends: int = 0
    deleted_at: float | None = None
    rejection_info: dict[str, Any] | None = None

    @property
    def named(self) -> bool:
        return self.parameter_format == "NAMED"


class MediaFile(msgspec.Struct):
    id: str
    phone_number_id: str
    mime_type: str
    sha256: str  # hex
    data: bytes
    created_at: float
    expires_at: float
    filename: str | None = None
    inbound: bool = False


class MediaUrl(msgspec.Struct):
    """A download address: good for five minutes, and only with a token that may see the number."""

    media_id: str
    expires_at: float


class Upload(msgspec.Struct):
    """A resumable upload session, for template headers and profile pictures."""

    id: str
    app_id: str
    file_name: str
    file_length: int
    file_type: str
    data: bytes = b""
    handle: str | None = None


class Link(msgspec.Struct):
    """What is found behind an address given as `link`."""

    status: int = 200
    content_type: str = "application/octet-stream"
    size: int = 1000
    seen_at: float | None = None  # fetched then; None: registered by hand, for good


class Portfolio(msgspec.Struct):
    """A business portfolio: one messaging limit for all its numbers."""

    id: str
    name: str = "Loja Aurora"
    tier: str = "TIER_2K"
    verified: bool = True
    opened: dict[str, float] = msgspec.field(default_factory=dict)  # person → last business-initiated message


class OAuthCode(msgspec.Struct):
    """What Embedded Signup hands to the browser: single use, 30 seconds."""

    code: str
    app_id: str
    waba_ids: list[str] | None
    expires_at: float
    used: bool = False
    hides_targets: bool = False  # its token's debug_token names no accounts


class PairDebt(msgspec.Struct):
    """The burst of one sender to one user: how many went, and until when they would have taken."""

    count: int = 0
    until: float = 0.0


class FreeEntry(msgspec.Struct):
    """A free entry point: opened by the first answer to a message that came from an ad."""

    clicked_at: float
    opened_at: float | None = None
    expires_at: float = 0.0
    conversation_id: str = ""


class Due(msgspec.Struct):
    """Something that will happen at a moment: a review's end, a pause's end, a category change."""

    id: str
    at: float
    kind: str
    subject: str
    extra: dict[str, Any] = msgspec.field(default_factory=dict)


class PhoneApp(msgspec.Struct):
    """The WhatsApp Business app on a coexistence number."""

    shares_history: bool = True
    synced: list[str] = msgspec.field(default_factory=list)
    contacts: list[dict[str, Any]] | None = None  # None: the customers there are
    threads: list[dict[str, Any]] | None = None  # None: invented from the customers there are
