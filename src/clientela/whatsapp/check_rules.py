"""What is missing before a number works, judged from what Meta answered. Decisions without I/O.

Each line has a stable `reason`; screens and the command line have a sentence for each, in plain words.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from clientela.whatsapp.management import TokenFacts

Result = Literal["ok", "warn", "missing", "unknown"]
NEEDED_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
SOON = timedelta(days=14)
# The token of Meta's start page ends after 24 hours; such a one is for trying things out.
_TEMPORARY = timedelta(hours=48)
_GONE = frozenset({"BANNED", "RESTRICTED", "DELETED", "MIGRATED"})
_NOT_IN_SERVICE = frozenset({"PENDING", "DISCONNECTED", "UNVERIFIED"})
_INVALID_TOKEN = frozenset({0, 190})
_NO_PAYMENT = 131042
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared with, not bound


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at. `detail` is Meta's own words, a name or an address; `at` a moment."""

    key: Literal[
        "token",
        "scopes",
        "account",
        "number",
        "registered",
        "display_name",
        "sending",
        "payment",
        "app_secret",
        "webhook",
        "subscribed",
        "address",
    ]
    result: Result
    reason: str
    detail: str | None = None
    at: datetime | None = None


class Trouble(msgspec.Struct, frozen=True):
    """Why an answer is not there: Meta refused (`code`), or could not be reached."""

    code: int | None = None
    detail: str | None = None
    away: bool = False


def needs_registration(node: dict[str, Any]) -> bool:
    """Whether a number must be registered for the Cloud API. Never one that a phone's app shares (2.11)."""
    if node.get("is_on_biz_app") is True or node.get("status") in _GONE:
        return False
    return node.get("platform_type") == "NOT_APPLICABLE" or node.get("status") in _NOT_IN_SERVICE


def in_service(node: dict[str, Any]) -> bool:
    """Whether the number can send: `CONNECTED` is the only status that can (9.1); Meta may leave it out."""
    return node.get("status") in (None, "CONNECTED") and not needs_registration(node)


def token_line(token: TokenFacts | Trouble, now: datetime) -> CheckLine:
    """Whether the token is valid, and for how long."""
    if isinstance(token, Trouble):
        if token.away:
            return CheckLine(key="token", result="unknown", reason="meta_away")
        if token.code in _INVALID_TOKEN:
            return CheckLine(key="token", result="missing", reason="invalid", detail=token.detail)
        return CheckLine(key="token", result="unknown", reason="not_told", detail=token.detail)
    if not token.is_valid:
        return CheckLine(key="token", result="missing", reason="invalid")
    ends_at = expiry_of(token)
    if ends_at is None:
        return CheckLine(key="token", result="ok", reason="never_ends")
    if ends_at - now < _TEMPORARY:
        return CheckLine(key="token", result="warn", reason="temporary", at=ends_at)
    if ends_at - now < SOON:
        return CheckLine(key="token", result="warn", reason="ends_soon", at=ends_at)
    return CheckLine(key="token", result="ok", reason="ends", at=ends_at)


def expiry_of(token: TokenFacts) -> datetime | None:
    """When a token ends; None for never, which Meta writes as 0."""
    return datetime.fromtimestamp(token.expires_at, UTC) if token.expires_at else None


def scopes_line(token: TokenFacts | Trouble) -> CheckLine:
    if isinstance(token, Trouble) or not token.is_valid:
        return CheckLine(key="scopes", result="unknown", reason="not_told")
    lacking = [scope for scope in NEEDED_SCOPES if scope not in token.scopes]
    if lacking:
        return CheckLine(key="scopes", result="missing", reason="lacking", detail=", ".join(lacking))
    return CheckLine(key="scopes", result="ok", reason="all")


def account_line(account: dict[str, Any] | Trouble) -> CheckLine:
    if isinstance(account, Trouble):
        return _unreachable("account", account)
    if account.get("account_review_status") == "REJECTED":
        return CheckLine(key="account", result="missing", reason="rejected", detail=_text(account.get("name")))
    return CheckLine(key="account", result="ok", reason="reached", detail=_text(account.get("name")))


def number_line(node: dict[str, Any] | Trouble | None, in_account: bool, elsewhere: bool) -> CheckLine:
    """Whether the number can be reached, belongs to the account at Meta, and is free to be connected here."""
    if isinstance(node, Trouble) or node is None:
        return _unreachable("number", node or Trouble())
    detail = _text(node.get("display_phone_number"))
    if not in_account:
        return CheckLine(key="number", result="missing", reason="not_in_account", detail=detail)
    if elsewhere:
        return CheckLine(key="number", result="missing", reason="elsewhere", detail=detail)
    return CheckLine(key="number", result="ok", reason="in_account", detail=detail)


def registered_line(node: dict[str, Any]) -> CheckLine:
    status = _text(node.get("status"))
    if status in _GONE:
        return CheckLine(key="registered", result="missing", reason="blocked", detail=status)
    if node.get("is_on_biz_app") is True:
        return CheckLine(key="registered", result="ok", reason="shared_with_phone")
    if needs_registration(node):
        return CheckLine(key="registered", result="missing", reason="not_registered", detail=status)
    if status not in (None, "CONNECTED"):
        return CheckLine(key="registered", result="warn", reason="trouble", detail=status)
    return CheckLine(key="registered", result="ok", reason="registered")


def display_name_line(node: dict[str, Any]) -> CheckLine | None:
    """What Meta thinks of the name customers see; None when it says nothing."""
    status, name = _text(node.get("name_status")), _text(node.get("verified_name"))
    if status is None or status == "NONE":
        return None
    if status in ("APPROVED", "AVAILABLE_WITHOUT_REVIEW"):
        return CheckLine(key="display_name", result="ok", reason="approved", detail=name)
    reason = {"PENDING_REVIEW": "pending", "DECLINED": "declined", "EXPIRED": "expired"}.get(status, "other")
    return CheckLine(key="display_name", result="warn", reason=reason, detail=name)


def sending_lines(node: dict[str, Any], registering: bool) -> list[CheckLine]:
    """Whether Meta lets the number send, and whether somebody must add a means of payment.

    `registering`: the number is not in service yet, and that this blocks it is said elsewhere.
    """
    health = node.get("health_status")
    if not isinstance(health, dict):
        return []
    entities = [one for one in health.get("entities", []) if isinstance(one, dict)]
    errors = [error for one in entities for error in one.get("errors") or [] if isinstance(error, dict)]
    lines: list[CheckLine] = []
    if any(error.get("error_code") == _NO_PAYMENT for error in errors):
        lines.append(CheckLine(key="payment", result="missing", reason="none"))
    others = [error for error in errors if error.get("error_code") not in (_NO_PAYMENT, 133010)]
    notes = [str(note) for one in entities for note in one.get("additional_info") or []]
    words = [str(error.get("error_description") or "") for error in others] or notes
    if health.get("can_send_message") == "BLOCKED" and others:
        lines.insert(0, CheckLine(key="sending", result="missing", reason="blocked", detail=" ".join(words)[:500]))
    elif health.get("can_send_message") == "LIMITED" or others or notes:
        lines.insert(0, CheckLine(key="sending", result="warn", reason="limited", detail=" ".join(words)[:500]))
    elif not lines and not registering:
        lines.append(CheckLine(key="sending", result="ok", reason="available"))
    return lines


def address_line(public_url: str, graph_url: str) -> CheckLine:
    """Whether the address of this installation can be Meta's: https, and not of this machine alone.

    A simulator on this machine stands in for Meta, and reaches what she could not.
    """
    parts = urlsplit(public_url)
    if (urlsplit(graph_url).hostname or "") in _LOCAL:
        return CheckLine(key="address", result="ok", reason="reachable", detail=public_url)
    if (parts.hostname or "") in _LOCAL:
        return CheckLine(key="address", result="missing", reason="local", detail=public_url)
    if parts.scheme != "https":
        return CheckLine(key="address", result="missing", reason="not_https", detail=public_url)
    return CheckLine(key="address", result="ok", reason="reachable", detail=public_url)


def webhook_line(
    ours: str, configured: dict[str, Any] | Trouble, subscription: tuple[str | None, set[str]] | None
) -> CheckLine:
    """Whether what arrives at the number is sent to us. `subscription` is the app's own, where we may ask for it.

    A number's own address beats its account's, and that the app's (1.5).
    """
    callback, fields = subscription or (None, set())
    said = {} if isinstance(configured, Trouble) else configured
    effective = said.get("phone_number") or said.get("whatsapp_business_account") or said.get("application")
    effective = effective or callback
    if effective is None:
        known = subscription is not None or not isinstance(configured, Trouble)
        return CheckLine(key="webhook", result="missing" if known else "unknown", reason="none", detail=ours)
    if effective != ours:
        return CheckLine(key="webhook", result="missing", reason="elsewhere", detail=ours)
    if subscription is not None and callback is not None and "messages" not in fields:
        return CheckLine(key="webhook", result="missing", reason="no_messages", detail=ours)
    return CheckLine(key="webhook", result="ok", reason="ours", detail=ours)


def subscribed_line(app_id: str | None, apps: set[str] | Trouble, connected: bool) -> CheckLine:
    """Whether the app is attached to the account. Connecting does it, so before that it is no fault."""
    if isinstance(apps, Trouble):
        return CheckLine(key="subscribed", result="unknown", reason="not_told", detail=apps.detail)
    if app_id in apps or (app_id is None and apps):
        return CheckLine(key="subscribed", result="ok", reason="subscribed")
    if connected:
        return CheckLine(key="subscribed", result="missing", reason="not_subscribed")
    return CheckLine(key="subscribed", result="ok", reason="will_be")


def _unreachable(key: Literal["account", "number"], trouble: Trouble) -> CheckLine:
    if trouble.away:
        return CheckLine(key=key, result="unknown", reason="meta_away")
    if trouble.code in _INVALID_TOKEN:
        return CheckLine(key=key, result="unknown", reason="not_told")
    return CheckLine(key=key, result="missing", reason="unreachable", detail=trouble.detail)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
