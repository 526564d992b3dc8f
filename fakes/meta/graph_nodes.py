"""What Graph shows of phone numbers, accounts and tokens, with `fields=` as Meta treats it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.meta import phones
from fakes.meta.errors import GraphError
from fakes.meta.state import Number, Token, Waba, World

NUMBER_DEFAULT = (
    "verified_name",
    "code_verification_status",
    "display_phone_number",
    "quality_rating",
    "platform_type",
    "throughput",
    "last_onboarded_time",
    "webhook_configuration",
)
WABA_DEFAULT = ("name", "timezone_id", "message_template_namespace")


def number_fields(world: World, number: Number) -> dict[str, Any]:
    """Every field a phone number node has here (reference section 9.1)."""
    return {
        "display_phone_number": phones.displayed(number.digits),
        "verified_name": number.verified_name,
        "quality_rating": number.quality_rating,
        "status": number.status,
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "account_mode": "LIVE",
        "platform_type": "CLOUD_API" if number.status == "CONNECTED" else "NOT_APPLICABLE",
        "throughput": {"level": "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "is_on_biz_app": False,
        "is_official_business_account": False,
        "last_onboarded_time": "2026-10-01T12:00:00+0000",
        "webhook_configuration": _webhook_configuration(world, number),
    }


def waba_fields(waba: Waba) -> dict[str, Any]:
    return {
        "name": waba.name,
        "currency": waba.currency,
        "timezone_id": waba.timezone_id,
        "account_review_status": "APPROVED",
        "owner_business_info": {"id": waba.business_id, "name": waba.name},
        "message_template_namespace": f"{int(waba.id or '0') % 16**8:08x}_aurora",
    }


def choose(
    everything: dict[str, Any], fields: str | None, default: tuple[str, ...], node_id: str, node_type: str
) -> dict[str, Any]:
    """The node with the wanted fields and its id. An unknown field is refused, as Graph does."""
    wanted = [name.strip() for name in fields.split(",") if name.strip()] if fields else list(default)
    for name in wanted:
        if name != "id" and name not in everything:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})")
    return {**{name: everything[name] for name in wanted if name != "id"}, "id": node_id}


def page(items: list[dict[str, Any]]) -> dict[str, Any]:
    """A Graph edge that fits on one page."""
    if not items:
        return {"data": []}
    return {"data": items, "paging": {"cursors": {"before": "QVFIUbefore", "after": "QVFIUafter"}}}


def subscribed_apps(world: World, waba: Waba) -> dict[str, Any]:
    listed: list[dict[str, Any]] = []
    for subscription in waba.subscriptions.values():
        app = world.apps[subscription.app_id]
        link = f"https://www.facebook.com/games/?app_id={app.id}"
        item: dict[str, Any] = {"whatsapp_business_api_data": {"link": link, "name": app.name, "id": app.id}}
        if subscription.override_callback_uri is not None:
            item["override_callback_uri"] = subscription.override_callback_uri
        listed.append(item)
    return {"data": listed}


def debug_token(token: Token | None, now: float, visible: Callable[[Token], list[str]]) -> dict[str, Any]:
    """What `debug_token` says. An unknown token is not an error of the call: it is `is_valid: false`."""
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    alive = token.expires_at == 0 or token.expires_at > now
    targets = visible(token)
    return {
        "data": {
            "app_id": token.app_id,
            "type": "SYSTEM_USER",
            "application": "Clientela",
            "data_access_expires_at": 0,
            "expires_at": token.expires_at,
            "is_valid": alive,
            "issued_at": token.issued_at,
            "scopes": token.scopes,
            "granular_scopes": [{"scope": scope, "target_ids": targets} for scope in token.scopes],
            "user_id": "122" + token.app_id[:12],
        }
    }


def _webhook_configuration(world: World, number: Number) -> dict[str, str]:
    found: dict[str, str] = {}
    for subscription in world.waba_of(number).subscriptions.values():
        app = world.apps[subscription.app_id]
        if subscription.override_callback_uri is not None:
            found["whatsapp_business_account"] = subscription.override_callback_uri
        if app.callback_url is not None:
            found["application"] = app.callback_url
    return found
