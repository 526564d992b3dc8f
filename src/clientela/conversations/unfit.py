"""Why a template that was queued does not leave: something came between it and its message."""

from typing import Any

import asyncpg
import msgspec

from clientela.conversations.outgoing import SendOptions
from clientela.conversations.schemas import MessageError, TemplateContent
from clientela.platform.tx import Tx
from clientela.templates import why_not_now

_TITLES = {
    "paused": ("template_paused", "Meta has paused the template for its quality"),
    "disabled": ("template_disabled", "The template is disabled for good"),
    "changed": ("template_changed", "The template was changed before the message left"),
}
_OTHER = ("template_missing", "Meta has no such approved template in this language")
# Trying again helps once Meta lets the template go again; what has changed has to be looked at and chosen anew.
_MAY_PASS = frozenset({"template_paused", "template_missing"})


async def find_unfit(tx: Tx, row: asyncpg.Record) -> MessageError | None:
    """Why the queued message of `row` must not leave as it is; None when it may, or is no template."""
    content: Any = row["content"]
    if row["type"] != "template" or content is None:
        return None
    options = msgspec.convert(row["send_options"] or {}, SendOptions)
    template = msgspec.convert(content, TemplateContent)
    if options.template is None or template.template_id is None:
        return None
    why = await why_not_now(tx, template.template_id, options.template.version)
    if why is None:
        return None
    reason, title = _TITLES.get(why, _OTHER)
    return MessageError(code=None, reason=reason, title=title, retryable=reason in _MAY_PASS)
