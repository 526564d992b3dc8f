"""What Meta's account and number events say: raw JSON in, sayings out. Nothing here touches a server.

Every event of whatsapp-cloud-api 2.9 has its reader; one that has none yet is said as `account_event`, so that
nobody has to look for it in a log. Values are read leniently: a part that is not as expected is left out.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from clientela.whatsapp.number_changes import NumberChanges
from clientela.whatsapp.number_view import Restriction
from clientela.whatsapp.wire import words

Severity = Literal["info", "warning", "critical"]
Value = dict[str, Any]

# whatsapp-cloud-api 2.9: the limit comes as a number in some fields and as a word in others.
_TIERS = {"250": "tier_250", "1000": "tier_1k", "2000": "tier_2k", "10000": "tier_10k", "100000": "tier_100k"}
_UNLIMITED = "-1"
_CALLING = "CALL"


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was said of an account, or of one of its numbers.

    `aspect`: what it is about; the newest saying about one thing stands for it. `display`: the number's digits, or
    None for all numbers of the account. `over`: what was wrong is right again. `pause`, `resume`: sends wait for
    this reason, or need not any more. `lost`: a person must reconnect.
    """

    kind: str
    aspect: str
    severity: Severity = "info"
    display: str | None = None
    until: datetime | None = None
    details: dict[str, str] = {}
    over: bool = False
    changes: NumberChanges = msgspec.field(default_factory=NumberChanges)
    restriction: Restriction | None = None
    pause: str | None = None
    resume: str | None = None
    lost: str | None = None


Reader = Callable[[Value], list[Saying]]


def read_value(raw: bytes) -> Value:
    """An event's `value`; empty if it is no object."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def inner(value: Value, key: str) -> Value:
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def word(value: Value, key: str) -> str | None:
    """A text, or a number as text; None for anything else."""
    found = value.get(key)
    if not isinstance(found, str | int) or isinstance(found, bool):
        return None
    return (words(found) or "").replace("\x00", "") or None


def _details(value: Value, *keys: str) -> dict[str, str]:
    return {key: found[:500] for key in keys if (found := word(value, key))}


def _instant(value: Value, key: str) -> datetime | None:
    given = word(value, key) or ""
    try:
        if given.isdigit():
            return datetime.fromtimestamp(int(given), UTC)
        return datetime.strptime(given, "%B %d, %Y").replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def tier_of(limit: str | None) -> str | None:
    """A messaging limit as numbers show it: `tier_2k` for 2000 and for TIER_2K."""
    if limit is None:
        return None
    if limit == _UNLIMITED:
        return "tier_unlimited"
    return _TIERS.get(limit) or (limit.lower() if limit.upper().startswith("TIER_") else None)


def _number(value: Value) -> str | None:
    given = word(value, "display_phone_number") or word(value, "phone_number")
    return "".join(character for character in given if character.isdigit()) or None if given else None


# --- account_update ---------------------------------------------------------------------------------------------


def _news(kind: str, *keys: str, part: str | None = None) -> Reader:
    """An event that people should know of and that changes nothing."""

    def reader(value: Value) -> list[Saying]:
        return [Saying(kind=kind, aspect=kind, details=_details(inner(value, part) if part else value, *keys))]

    return reader


def _verified(value: Value) -> list[Saying]:
    return [Saying(kind="account_verified", aspect="review", display=_number(value), over=True)]


def _deleted(value: Value) -> list[Saying]:
    return [Saying(kind="account_deleted", aspect="account", severity="critical", lost="account_deleted")]


def _violation(value: Value) -> list[Saying]:
    told = _details(inner(value, "violation_info"), "violation_type", "remediation")
    about = f"violation/{told.get('violation_type', '')}"
    return [
        Saying(kind="account_violation", aspect=about, severity="warning", display=_number(value), details=told)
    ]


def _restrictions(value: Value) -> list[Saying]:
    found = value.get("restriction_info")
    sayings = []
    for one in found if isinstance(found, list) else []:
        kind = word(one, "restriction_type") if isinstance(one, dict) else None
        if kind is None:
            continue
        until, remedy = _instant(one, "expiration"), word(one, "remediation")
        sayings.append(
            Saying(
                kind="account_restricted",
                aspect=f"restriction/{kind.lower()}",
                severity="warning" if _CALLING in kind.upper() else "critical",
                display=_number(value),
                until=until,
                details=_details(one, "restriction_type", "remediation"),
                restriction=Restriction(type=kind.lower(), until=until, remediation=remedy),
            )
        )
    return sayings


def _ban(value: Value) -> list[Saying]:
    told = inner(value, "ban_info")
    state, on = word(told, "waba_ban_state") or "", _instant(told, "waba_ban_date")
    details = _details(told, "waba_ban_date")
    if state == "DISABLE":
        return [
            Saying(
                kind="account_banned", aspect="ban", severity="critical", details=details, pause="account_banned"
            )
        ]
    if state == "SCHEDULE_FOR_DISABLE":
        return [Saying(kind="account_ban_coming", aspect="ban", severity="critical", until=on, details=details)]
    if state == "REINSTATE":
        return [Saying(kind="account_reinstated", aspect="ban", over=True, resume="account_banned")]
    return [Saying(kind="account_event", aspect="ban", severity="warning", details={"event": "DISABLED_UPDATE"})]


def _partner_removed(value: Value) -> list[Saying]:
    told = _details(inner(value, "disconnection_info"), "reason", "initiated_by")
    return [
        Saying(
            kind="partner_removed",
            aspect="partner",
            severity="critical",
            display=_number(value),
            details=told,
            lost="partner_removed",
        )
    ]


def _partner_added(value: Value) -> list[Saying]:
    return [Saying(kind="partner_added", aspect="partner", over=True)]


def _app_removed(value: Value) -> list[Saying]:
    return [Saying(kind="partner_app_removed", aspect="partner", severity="critical", lost="partner_removed")]


def _offboarded(value: Value) -> list[Saying]:
    return [
        Saying(
            kind="account_offboarded",
            aspect="onboarding",
            severity="critical",
            display=_number(value),
            pause="account_offboarded",
        )
    ]


def _reconnected(value: Value) -> list[Saying]:
    return [
        Saying(
            kind="account_reconnected",
            aspect="onboarding",
            display=_number(value),
            over=True,
            resume="account_offboarded",
        )
    ]


ACCOUNT_EVENTS: dict[str, Reader] = {
    "VERIFIED_ACCOUNT": _verified,
    "ACCOUNT_DELETED": _deleted,
    "ACCOUNT_VIOLATION": _violation,
    "ACCOUNT_RESTRICTION": _restrictions,
    "DISABLED_UPDATE": _ban,
    "PARTNER_ADDED": _partner_added,
    "PARTNER_REMOVED": _partner_removed,
    "PARTNER_APP_INSTALLED": _partner_added,
    "PARTNER_APP_UNINSTALLED": _app_removed,
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": _news(
        "partner_certification", "status", part="partner_client_certification_info"
    ),
    "AD_ACCOUNT_LINKED": _news("ad_account_linked", "ad_account_linked", part="waba_info"),
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": _news("international_authentication_price"),
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": _news("primary_country_changed", "country"),
    "MM_LITE_TERMS_SIGNED": _news("marketing_terms_signed"),
    "VOLUME_BASED_PRICING_TIER_UPDATE": _news(
        "volume_tier_changed", "pricing_category", "tier", "effective_month", "region", part="volume_tier_info"
    ),
    "ACCOUNT_OFFBOARDED": _offboarded,
    "ACCOUNT_RECONNECTED": _reconnected,
}


def _account_update(value: Value) -> list[Saying]:
    event = word(value, "event") or ""
    reader = ACCOUNT_EVENTS.get(event)
    if reader is None:
        return [Saying(kind="account_event", aspect=f"event/{event[:100]}", details=_details(value, "event"))]
    return reader(value)


# --- The other fields -------------------------------------------------------------------------------------------

_ALERT_SEVERITY: dict[str, Severity] = {"WARNING": "warning", "CRITICAL": "critical"}
_ALERT_OVER = {"NONE", "RESOLVED", "INACTIVE"}
_REVIEW_SEVERITY: dict[str, Severity] = {"REJECTED": "critical", "DEFERRED": "warning"}
_SECURITY_SEVERITY: dict[str, Severity] = {"PIN_RESET_REQUEST": "warning", "PIN_REQUEST_SUCCESS": "warning"}


def _alert(value: Value) -> list[Saying]:
    told = inner(value, "alert_info") or value  # older bodies are flat
    kind = word(told, "alert_type") or ""
    return [
        Saying(
            kind="account_alert",
            aspect=f"alert/{kind[:100]}",
            severity=_ALERT_SEVERITY.get(word(told, "alert_severity") or "", "info"),
            over=(word(told, "alert_status") or "") in _ALERT_OVER,
            details=_details(told, "alert_type", "alert_description"),
        )
    ]


def _review(value: Value) -> list[Saying]:
    decision = word(value, "decision") or ""
    return [
        Saying(
            kind="account_review",
            aspect="review",
            severity=_REVIEW_SEVERITY.get(decision, "info"),
            over=decision == "APPROVED",
            details=_details(value, "decision"),
        )
    ]


def _capability(value: Value) -> list[Saying]:
    limit = tier_of(word(value, "max_daily_conversations_per_business"))
    changes = NumberChanges(messaging_limit_tier=limit) if limit else NumberChanges()
    details = _details(
        value,
        "max_daily_conversations_per_business",
        "max_phone_numbers_per_business",
        "max_phone_numbers_per_waba",
    )
    return [Saying(kind="limits_changed", aspect="limits", details=details, changes=changes)]


def _quality(value: Value) -> list[Saying]:
    event = word(value, "event") or ""
    changes = NumberChanges()
    limit = tier_of(word(value, "max_daily_conversations_per_business") or word(value, "current_limit"))
    if limit:
        changes["messaging_limit_tier"] = limit
    if event == "FLAGGED":
        changes["meta_status"] = "flagged"
    elif event in ("UNFLAGGED", "ONBOARDING"):
        changes["meta_status"] = "connected"
    elif event == "THROUGHPUT_UPGRADE":
        changes["throughput_level"] = "high"
    severity: dict[str, Severity] = {"FLAGGED": "critical", "DOWNGRADE": "warning"}
    return [
        Saying(
            kind=f"number_{event.lower()}" if event in QUALITY_EVENTS else "number_quality",
            aspect="throughput" if event == "THROUGHPUT_UPGRADE" else "quality",
            severity=severity.get(event, "info"),
            display=_number(value),
            over=event in ("UNFLAGGED", "UPGRADE"),
            details=_details(value, "event", "current_limit", "old_limit", "max_daily_conversations_per_business"),
            changes=changes,
        )
    ]


QUALITY_EVENTS = ("ONBOARDING", "THROUGHPUT_UPGRADE", "FLAGGED", "UNFLAGGED", "UPGRADE", "DOWNGRADE")
# What Meta's node of the number calls the outcome of a review.
_NAME_STATUS = {"APPROVED": "approved", "REJECTED": "declined", "DEFERRED": "pending_review"}


def _name(value: Value) -> list[Saying]:
    decision, name = word(value, "decision") or "", word(value, "requested_verified_name")
    changes = NumberChanges(name_status=_NAME_STATUS.get(decision, decision.lower() or None))
    if decision == "APPROVED" and name:
        changes["verified_name"] = name
    return [
        Saying(
            kind="number_name",
            aspect="name",
            severity="warning" if decision == "REJECTED" else "info",
            display=_number(value),
            over=decision == "APPROVED",
            details=_details(value, "decision", "requested_verified_name", "rejection_reason"),
            changes=changes,
        )
    ]


def _settings(value: Value) -> list[Saying]:
    calling = inner(inner(value, "phone_number_settings"), "calling")
    return [Saying(kind="number_settings", aspect="settings", details=_details(calling, "status"))]


def _security(value: Value) -> list[Saying]:
    event = word(value, "event") or ""
    return [
        Saying(
            kind=f"security_{event.lower()}" if event in SECURITY_EVENTS else "account_event",
            aspect="security",
            severity=_SECURITY_SEVERITY.get(event, "info"),
            display=_number(value),
            details=_details(value, "event"),
        )
    ]


SECURITY_EVENTS = ("PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS")


def _payment(value: Value) -> list[Saying]:
    told = _details(value, "configuration_name", "provider_name", "status")
    return [
        Saying(kind="payment_configuration", aspect=f"payment/{told.get('configuration_name', '')}", details=told)
    ]


def _username(value: Value) -> list[Saying]:
    status, name = word(value, "status") or "", word(value, "username")
    taken = status == "deleted"
    changes = NumberChanges(username=None if taken else name) if taken or status == "approved" else NumberChanges()
    return [
        Saying(
            kind="business_username",
            aspect="username",
            severity="warning" if taken else "info",
            display=_number(value),
            details=_details(value, "username", "status"),
            changes=changes,
        )
    ]


SAYINGS: dict[str, Reader] = {
    "account_update": _account_update,
    "account_alerts": _alert,
    "account_review_update": _review,
    "account_settings_update": _settings,
    "business_capability_update": _capability,
    "phone_number_quality_update": _quality,
    "phone_number_name_update": _name,
    "security": _security,
    "payment_configuration_update": _payment,
    "business_username_update": _username,
    "business_username_updates": _username,
}
"""Field → what its events say."""
