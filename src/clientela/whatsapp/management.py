"""Calls to Meta about tokens, apps, accounts and numbers (whatsapp-cloud-api 1.4, 2.11, 9.1 and 9.2).

Ids come from people, so they are quoted into paths. Each raises Refused, NotSent, Unknown.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from clientela.whatsapp.client import GraphClient, Refused
from clientela.whatsapp.number_node import CORE_FIELDS, NODE_FIELDS

_PROFILE_FIELDS = "about,address,description,email,profile_picture_url,websites,vertical"
_UNKNOWN_FIELD = 100
# A portfolio has 2 numbers, then 20 (6.3); more pages than this are a mistake.
_MOST_PAGES = 10


class GranularScope(msgspec.Struct, frozen=True):
    """One permission of a token and what it reaches; without `target_ids`, everything."""

    scope: str
    target_ids: list[str] | None = None


class TokenFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What `debug_token` says. `expires_at` 0: never; None: it did not say."""

    is_valid: bool = False
    app_id: str | None = None
    type: str | None = None
    expires_at: int | None = None
    scopes: list[str] = []
    granular_scopes: list[GranularScope] = []


async def debug_token(graph: GraphClient, token: str, by: str) -> TokenFacts:
    """The facts about `token`, asked with `by`: an app token, or the token itself."""
    answer = await graph.call("GET", f"/debug_token?input_token={quote(token, safe='')}", by)
    return msgspec.convert(answer.get("data") or {}, TokenFacts, strict=False)


async def exchange_code(graph: GraphClient, app_id: str, app_secret: str, code: str, redirect_uri: str) -> str:
    """The token that a code of Embedded Signup stands for: once, and within 30 seconds.

    `redirect_uri` must be the one the dialog was opened with.
    """
    # In the body, so that neither secret nor code stands in an address.
    asked = {"client_id": app_id, "client_secret": app_secret, "code": code}
    asked["redirect_uri"] = redirect_uri
    answer = await graph.call("POST", "/oauth/access_token", f"{app_id}|{app_secret}", asked)
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused(None, "an answer without a token", 200)
    return token


async def account_node(graph: GraphClient, waba_id: str, token: str) -> dict[str, Any]:
    return await graph.call("GET", f"/{_id(waba_id)}?fields=id,name,currency,account_review_status", token)


async def numbers_of_account(graph: GraphClient, waba_id: str, token: str) -> list[dict[str, Any]]:
    """The nodes of every number of an account."""
    found: list[dict[str, Any]] = []
    after = ""
    fields = f"id,{NODE_FIELDS}"
    for _ in range(_MOST_PAGES):
        path = f"/{_id(waba_id)}/phone_numbers?limit=100&fields={{}}{after}"
        try:
            page = await graph.call("GET", path.format(fields), token)
        except Refused as refused:
            if refused.code != _UNKNOWN_FIELD or refused.subcode is not None or fields.endswith(CORE_FIELDS):
                raise
            fields = f"id,is_on_biz_app,{CORE_FIELDS}"
            page = await graph.call("GET", path.format(fields), token)
        found += [node for node in page.get("data", []) if isinstance(node, dict)]
        paging = page.get("paging") or {}
        cursor = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not cursor:
            return found
        after = f"&after={quote(str(cursor), safe='')}"
    return found


async def number_node(graph: GraphClient, phone_number_id: str, token: str) -> dict[str, Any]:
    return await graph.phone_number(_id(phone_number_id), token)


async def webhook_of_number(graph: GraphClient, phone_number_id: str, token: str) -> dict[str, Any]:
    """Where Meta would send webhooks of the number: `phone_number`, `whatsapp_business_account`, `application`."""
    answer = await graph.call("GET", f"/{_id(phone_number_id)}?fields=webhook_configuration", token)
    found = answer.get("webhook_configuration")
    return found if isinstance(found, dict) else {}


async def subscribed_app_ids(graph: GraphClient, waba_id: str, token: str) -> set[str]:
    answer = await graph.call("GET", f"/{_id(waba_id)}/subscribed_apps", token)
    apps = [one.get("whatsapp_business_api_data") or {} for one in answer.get("data", [])]
    return {str(app.get("id")) for app in apps}


async def subscribe(graph: GraphClient, waba_id: str, token: str) -> None:
    """Attaches the token's app to an account; without it nothing arrives and nothing errors."""
    await graph.subscribe_app(_id(waba_id), token)


async def app_subscription(graph: GraphClient, app_id: str, app_token: str) -> tuple[str | None, set[str]]:
    """(callback address, fields) of an app's WhatsApp webhook. Refused also when the secret is another app's."""
    answer = await graph.call("GET", f"/{_id(app_id)}/subscriptions", app_token)
    for one in answer.get("data", []):
        if one.get("object") == "whatsapp_business_account":
            fields = {str(f.get("name") if isinstance(f, dict) else f) for f in one.get("fields", [])}
            return one.get("callback_url"), fields
    return None, set()


async def subscribe_fields(
    graph: GraphClient, app_id: str, app_token: str, callback: str, verify_token: str, fields: Sequence[str]
) -> None:
    """Gives an app its webhook's address and fields. Meta calls the address first, with the token."""
    asked = {"object": "whatsapp_business_account", "callback_url": callback, "verify_token": verify_token}
    await graph.call("POST", f"/{_id(app_id)}/subscriptions", app_token, {**asked, "fields": ",".join(fields)})


async def register(graph: GraphClient, phone_number_id: str, token: str, pin: str) -> None:
    """Puts a number into service. Sets its PIN if it has none; otherwise it must match (133005)."""
    asked = {"messaging_product": "whatsapp", "pin": pin}
    await graph.call("POST", f"/{_id(phone_number_id)}/register", token, asked)


async def request_phone_data(graph: GraphClient, phone_number_id: str, token: str, kind: str) -> None:
    """Asks for `smb_app_state_sync` (contacts) or `history` of a coexistence number: each once, within 24 h."""
    asked = {"messaging_product": "whatsapp", "sync_type": kind}
    await graph.call("POST", f"/{_id(phone_number_id)}/smb_app_data", token, asked)


async def read_profile(graph: GraphClient, phone_number_id: str, token: str) -> dict[str, Any]:
    path = f"/{_id(phone_number_id)}/whatsapp_business_profile?fields={_PROFILE_FIELDS}"
    data = (await graph.call("GET", path, token)).get("data") or [{}]
    return data[0] if isinstance(data[0], dict) else {}


async def write_profile(graph: GraphClient, phone_number_id: str, token: str, changes: dict[str, Any]) -> None:
    asked = {"messaging_product": "whatsapp", **changes}
    await graph.call("POST", f"/{_id(phone_number_id)}/whatsapp_business_profile", token, asked)


def _id(value: str) -> str:
    return quote(value, safe="")
