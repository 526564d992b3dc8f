"""Whether a template may be sent as its writer saw it: asked when it is queued, and again when it leaves."""

from uuid import UUID

import msgspec

from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx
from clientela.templates import queries
from clientela.templates.problems import TemplateNotSendable, TemplateOutdated
from clientela.templates.rules import is_seen, not_sendable_reason
from clientela.templates.schemas import Category, ParameterFormat, TemplateBody


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """A template that may be sent, with what it takes."""

    name: str
    language: str
    category: Category
    parameter_format: ParameterFormat
    content: TemplateBody


async def choose(tx: Tx, template_id: UUID, *, channel_id: UUID, version: int) -> Chosen:
    """The template `template_id` for a message by `channel_id`, seen by its writer at `version`.

    Raises InvalidRequest when there is none, TemplateNotSendable, and TemplateOutdated when it is another now.
    """
    row = await queries.find_row(tx, template_id)
    if row is None:
        raise InvalidRequest(errors=[{"field": "template_id", "message": "not a template of this account"}])
    if row["waba_id"] != await queries.waba_of_channel(tx, channel_id):
        raise TemplateNotSendable(reason="other_number")
    content = msgspec.convert(row["content"], TemplateBody)
    if (reason := not_sendable_reason(row["status"], content)) is not None:
        raise TemplateNotSendable(reason=reason)
    if not is_seen(row["version"], version, row["content_version"]):
        raise TemplateOutdated(version=row["version"])
    return Chosen(
        name=row["name"],
        language=row["language"],
        category=row["category"],
        parameter_format=row["parameter_format"],
        content=content,
    )


async def why_not_now(tx: Tx, template_id: UUID, version: int) -> str | None:
    """What has come between a queued message and its template: its `not_sendable_reason`, `changed`, or nothing."""
    row = await queries.find_row(tx, template_id)
    if row is None:
        return "deleted"
    reason = not_sendable_reason(row["status"], msgspec.convert(row["content"], TemplateBody))
    if reason is None and not is_seen(row["version"], version, row["content_version"]):
        return "changed"
    return reason
