"""Asks Meta everything that decides whether a number will work, and changes nothing."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from clientela.platform.settings import Settings
from clientela.whatsapp import check_rules as rules
from clientela.whatsapp import management
from clientela.whatsapp.check_rules import CheckLine, Trouble
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.management import TokenFacts

T = TypeVar("T")

WEBHOOK_PATH = "/webhooks/whatsapp"
# Connecting mends these by itself.
_MENDED_BY_CONNECTING = frozenset({"registered", "subscribed"})


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A number to look at. `app_secret` is that of an own Meta app; None: the installation's app.

    `elsewhere`: another account of this installation has it. `connected`: it is connected here already.
    """

    waba_id: str
    phone_number_id: str
    token: str
    app_secret: str | None = None
    elsewhere: bool = False
    connected: bool = False


class NumberCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What was found. `ready`: nothing stands in the way of connecting (or, once connected, of working)."""

    ready: bool
    needs_registration: bool
    coexistence: bool
    display_phone_number: str | None
    verified_name: str | None
    checked_at: datetime
    lines: list[CheckLine]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A check with the raw answers behind it, for who keeps them."""

    view: NumberCheck
    token: TokenFacts | Trouble
    node: dict[str, Any] | Trouble


async def check_candidate(graph: GraphClient, settings: Settings, candidate: Candidate, now: datetime) -> Checked:
    """Looks at a number with its token. Never raises for what Meta says: that is what the lines are for."""
    token = await _ask(_token_facts(graph, settings, candidate))
    lines = [rules.token_line(token, now)]
    if isinstance(token, TokenFacts) and not token.is_valid:
        token = Trouble(190)
    if isinstance(token, Trouble) and (token.away or token.code == 190):
        # Without a token Meta says nothing more; only what we know ourselves is still worth telling.
        lines.append(rules.address_line(settings.security.public_url, settings.meta.graph_url))
        return Checked(
            view=_view(lines, {}, now, candidate), token=token, node=Trouble(token.code, away=token.away)
        )
    lines.append(rules.scopes_line(token))
    account = await _ask(management.account_node(graph, candidate.waba_id, candidate.token))
    lines.append(rules.account_line(account))
    node, in_account = await _number(graph, candidate)
    lines.append(rules.number_line(node, in_account, candidate.elsewhere))
    known = {} if isinstance(node, Trouble) else node
    if known:
        lines.append(rules.registered_line(known))
        if (name := rules.display_name_line(known)) is not None:
            lines.append(name)
        lines += rules.sending_lines(known, rules.needs_registration(known))
    lines += await _way_in(graph, settings, candidate, token)
    return Checked(view=_view(lines, known, now, candidate), token=token, node=node)


def _view(lines: list[CheckLine], node: dict[str, Any], now: datetime, candidate: Candidate) -> NumberCheck:
    blocking = [
        line
        for line in lines
        if line.result == "missing"
        and (candidate.connected or line.key not in _MENDED_BY_CONNECTING or line.reason == "blocked")
    ]
    return NumberCheck(
        ready=bool(node) and not blocking,
        needs_registration=rules.needs_registration(node),
        coexistence=node.get("is_on_biz_app") is True,
        display_phone_number=node.get("display_phone_number"),
        verified_name=node.get("verified_name"),
        checked_at=now,
        lines=lines,
    )


async def _token_facts(graph: GraphClient, settings: Settings, candidate: Candidate) -> TokenFacts:
    """By itself if Meta lets it; else by the platform's app, which may be the token's."""
    try:
        return await management.debug_token(graph, candidate.token, candidate.token)
    except Refused as refused:
        if refused.code == 190 or settings.meta.app_token is None or candidate.app_secret is not None:
            raise
    return await management.debug_token(graph, candidate.token, settings.meta.app_token)


async def _number(graph: GraphClient, candidate: Candidate) -> tuple[dict[str, Any] | Trouble, bool]:
    """(the number's node, whether the account has it)."""
    listed = await _ask(management.numbers_of_account(graph, candidate.waba_id, candidate.token))
    if not isinstance(listed, Trouble):
        for node in listed:
            if str(node.get("id")) == candidate.phone_number_id:
                return node, True
    return await _ask(management.number_node(graph, candidate.phone_number_id, candidate.token)), False


async def _way_in(
    graph: GraphClient, settings: Settings, candidate: Candidate, token: TokenFacts | Trouble
) -> list[CheckLine]:
    """Whether webhooks would reach us, and be believed."""
    app_id = token.app_id if isinstance(token, TokenFacts) else None
    secret = candidate.app_secret or settings.meta.app_secret
    secret_line, subscription = await _secret(graph, app_id, secret, own=candidate.app_secret is not None)
    ours = settings.security.public_url.rstrip("/") + WEBHOOK_PATH
    configured = await _ask(management.webhook_of_number(graph, candidate.phone_number_id, candidate.token))
    apps = await _ask(management.subscribed_app_ids(graph, candidate.waba_id, candidate.token))
    return [
        secret_line,
        rules.address_line(settings.security.public_url, settings.meta.graph_url),
        rules.webhook_line(ours, configured, subscription),
        rules.subscribed_line(app_id, apps, candidate.connected),
    ]


async def _secret(
    graph: GraphClient, app_id: str | None, secret: str | None, *, own: bool
) -> tuple[CheckLine, tuple[str | None, set[str]] | None]:
    """Whether the secret is that of the token's app: only then do its signatures count. And the app's webhook."""
    if secret is None:
        return CheckLine(key="app_secret", result="missing", reason="none_set"), None
    if app_id is None:
        return CheckLine(key="app_secret", result="unknown", reason="not_told"), None
    found = await _ask(management.app_subscription(graph, app_id, f"{app_id}|{secret}"))
    if not isinstance(found, Trouble):
        return CheckLine(key="app_secret", result="ok", reason="matches"), found
    if found.away or found.code not in (0, 101, 190):
        return CheckLine(key="app_secret", result="unknown", reason="not_told", detail=found.detail), None
    return CheckLine(key="app_secret", result="missing", reason="wrong" if own else "other_app"), None


async def _ask(call: Awaitable[T]) -> T | Trouble:
    try:
        return await call
    except Refused as refused:
        return Trouble(refused.code, refused.detail)
    except (NotSent, Unknown):
        return Trouble(away=True)
