"""What Graph shows of phone numbers, accounts and tokens, with `fields=` as Meta treats it."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from fakes.meta import phones
from fakes.meta.assets import Template
from fakes.meta.errors import GraphError, messaging_error, status_error
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
        "name_status": number.name_status,
        "new_name_status": "NONE",
        "code_verification_status": number.code_verification_status,
        "account_mode": "LIVE" if number.allowed is None else "SANDBOX",
        "platform_type": "CLOUD_API" if number.status == "CONNECTED" else "NOT_APPLICABLE",
        "throughput": {"level": number.throughput_level if number.status == "CONNECTED" else "NOT_APPLICABLE"},
        "whatsapp_business_manager_messaging_limit": world.portfolio(world.waba_of(number)).tier,
        "is_on_biz_app": number.phone_app is not None,
        "is_official_business_account": False,
        "is_pin_enabled": number.pin is not None,
        "is_preverified_number": False,
        "search_visibility": "VISIBLE",
        "eligibility_for_api_business_global_search": "NON_ELIGIBLE_UNDEFINED_COUNTRY",
        "certificate": None,
        "new_certificate": None,
        "quality_score": {"score": number.quality_rating},
        "country_dial_code": phones.country_code(number.digits),
        "country_code": phones.country_letters(number.digits),
        "username": number.username,
        "conversational_automation": {"id": number.id, **number.automation},
        "last_onboarded_time": moment(number.onboarded_at),
        "health_status": health_of_number(world, number),
        "webhook_configuration": _webhook_configuration(world, number),
    }


def moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _health(entities: list[dict[str, Any]]) -> dict[str, Any]:
    order = ("AVAILABLE", "LIMITED", "BLOCKED")
    worst = max((entity["can_send_message"] for entity in entities), key=order.index)
    return {"can_send_message": worst, "entities": entities}


def _entity(kind: str, node_id: str, code: int | None, why: str = "") -> dict[str, Any]:
    if code is None:
        return {"entity_type": kind, "id": node_id, "can_send_message": "AVAILABLE"}
    error = {
        "error_code": code,
        "error_description": why or status_error(code)["title"],
        "possible_solution": "Visit Business Support Home.",
    }
    return {"entity_type": kind, "id": node_id, "can_send_message": "BLOCKED", "errors": [error]}


def health_of_waba(world: World, waba: Waba) -> dict[str, Any]:
    """Whether the account may send, entity by entity (reference section 9.1)."""
    code = 131031 if waba.banned else 368 if waba.restrictions else None
    portfolio = world.portfolio(waba)
    business = _entity("BUSINESS", portfolio.id, None)
    if not portfolio.verified:
        business["can_send_message"] = "LIMITED"
        business["additional_info"] = ["The Business has not passed business verification."]
    account = _entity("WABA", waba.id, code if waba.payment_method else 131042)
    apps = [_entity("APP", app_id, None) for app_id in waba.subscriptions]
    return _health([account, business, *apps])


def health_of_number(world: World, number: Number) -> dict[str, Any]:
    code = None if number.status == "CONNECTED" else 133010
    above = health_of_waba(world, world.waba_of(number))["entities"]
    return _health([_entity("PHONE_NUMBER", number.id, code), *above])


def health_of_template(world: World, template: Template) -> dict[str, Any]:
    code = None if template.status in ("APPROVED", "FLAGGED") else 141002
    above = health_of_waba(world, world.wabas[template.waba_id])["entities"]
    return _health([_entity("MESSAGE_TEMPLATE", template.id, code), *above])


def waba_fields(world: World, waba: Waba) -> dict[str, Any]:
    return {
        "name": waba.name,
        "currency": waba.currency,
        "timezone_id": waba.timezone_id,
        "account_review_status": waba.review_status,
        "business_verification_status": "verified" if world.portfolio(waba).verified else "not_verified",
        "country": "BR",
        "ownership_type": "CLIENT_OWNED",
        "status": "DISABLED" if waba.banned else "ACTIVE",
        "is_enabled_for_insights": True,
        "marketing_messages_onboarding_status": "PENDING_INTERNAL_SETUP",
        "marketing_messages_lite_api_status": "INELIGIBLE",
        "disable_marketing_messages_on_cloud_api": not waba.marketing_on_cloud_api,
        "on_behalf_of_business_info": None,
        "subscribed_apps": subscribed_apps(world, waba),
        "health_status": health_of_waba(world, waba),
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
    # A field without a value is left out, not null.
    shown = {name: everything[name] for name in wanted if name != "id" and everything[name] is not None}
    return {**shown, "id": node_id}


def page(items: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    """One page of an edge: `limit`, and `after` or `before` cursors. An invalid cursor is 131059."""
    if not items:
        return {"data": []}
    try:
        limit = max(1, min(int(query.get("limit", "25")), 1000))
    except ValueError:
        raise GraphError(100, "(#100) Param limit must be an integer.") from None
    start = 0
    if query.get("after"):
        start = _place(query["after"]) + 1
    elif query.get("before"):
        start = max(0, _place(query["before"]) - limit)
    shown = items[start : start + limit]
    if not shown:
        return {"data": []}
    cursors = {"before": _cursor(start), "after": _cursor(start + len(shown) - 1)}
    paging: dict[str, Any] = {"cursors": cursors}
    if start + limit < len(items):
        paging["next"] = f"https://graph.facebook.com/?after={cursors['after']}&limit={limit}"
    if start > 0:
        paging["previous"] = f"https://graph.facebook.com/?before={cursors['before']}&limit={limit}"
    return {"data": shown, "paging": paging}


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"QVFIU:{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        word, _, place = text.partition(":")
        if word == "QVFIU":
            return int(place)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        pass
    raise messaging_error(131059)


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


def debug_token(token: Token | None, now: float, everything: list[str]) -> dict[str, Any]:
    """What `debug_token` says. An unknown token is not an error of the call: it is `is_valid: false`."""
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    alive = token.expires_at == 0 or token.expires_at > now
    # Newest first; a token for everything may leave its targets out (reference section 9.1).
    targets = list(reversed(token.waba_ids if token.waba_ids is not None else everything))
    shown: dict[str, Any] = {} if token.hides_targets else {"target_ids": targets}
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
            "granular_scopes": [{"scope": scope, **shown} for scope in token.scopes],
            "user_id": "122" + token.app_id[:12],
        }
    }


def _webhook_configuration(world: World, number: Number) -> dict[str, str]:
    found: dict[str, str] = {}
    for subscription in world.waba_of(number).subscriptions.values():
        app = world.apps[subscription.app_id]
        if (own := number.overrides.get(app.id)) is not None:
            found["phone_number"] = own
        if subscription.override_callback_uri is not None:
            found["whatsapp_business_account"] = subscription.override_callback_uri
        if app.callback_url is not None:
            found["application"] = app.callback_url
    return found
