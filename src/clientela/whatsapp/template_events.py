"""What Meta tells about templates by webhook: one table from the field to what it does (whatsapp-cloud-api 2.8).

These fields name no number; they come by the WABA of their entry and always go to the app's own address (1.5).
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from clientela.platform.tx import Tx
from clientela.templates import (
    Named,
    StatusEvent,
    record_category,
    record_quality,
    record_status,
    request_sync,
)
from clientela.whatsapp.template_components import category_of, language_of, quality_of, reason_of
from clientela.whatsapp.walk import Event
from clientela.whatsapp.wire import words

_MOMENTS = ("%B %d, %Y", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z")


class _Value(msgspec.Struct, frozen=True):
    """What any of the fields may hold. Ids are integers here and strings in Graph."""

    message_template_id: str | int | None = None
    message_template_name: str | None = None
    message_template_language: str | None = None
    message_template_category: Any = None
    event: Any = None
    reason: Any = None
    other_info: Any = None
    disable_info: Any = None
    rejection_info: Any = None
    new_quality_score: Any = None
    new_category: Any = None
    category: Any = None
    correct_category: Any = None


class TemplateNews(msgspec.Struct, frozen=True, kw_only=True):
    """Something told about a template, and when."""

    waba_id: str
    value: _Value
    at: datetime

    @property
    def which(self) -> Named | None:
        """The template that is meant; None when the body names none."""
        name, language = self.value.message_template_name, self.value.message_template_language
        if not name or not language:
            return None
        return Named(
            waba_id=self.waba_id,
            name=name,
            language=language_of(language),
            meta_id=words(self.value.message_template_id),
        )


async def _status(tx: Tx, which: Named, news: TemplateNews) -> None:
    value = news.value
    if not isinstance(value.event, str) or not value.event:
        # Bodies were seen that tell a quality under the field of the status.
        if value.new_quality_score is not None:
            await _quality(tx, which, news)
        return
    told = StatusEvent(
        event=value.event.lower(),
        at=news.at,
        reason=reason_of(value.reason),
        advice=_advice(value.rejection_info),
        title=_word(_inside(value.other_info, "title")),
        disables_at=_moment(_inside(value.disable_info, "disable_date")),
        category=category_of(value.message_template_category),
    )
    await record_status(tx, which, told)


async def _quality(tx: Tx, which: Named, news: TemplateNews) -> None:
    await record_quality(tx, which, quality_of(news.value.new_quality_score), news.at)


async def _components(tx: Tx, which: Named, news: TemplateNews) -> None:
    """Its content was edited. The body tells a part of it only, so the whole is read."""
    await request_sync(tx, which.waba_id)


async def _category(tx: Tx, which: Named, news: TemplateNews) -> None:
    """With `correct_category` it is a notice, in which `new_category` is still the present one."""
    present = category_of(news.value.new_category) or category_of(news.value.category)
    coming = category_of(news.value.correct_category)
    if present is not None:
        await record_category(tx, which, present, coming, news.at)


_HANDLERS: dict[str, Callable[[Tx, Named, TemplateNews], Awaitable[None]]] = {
    "message_template_status_update": _status,
    "message_template_quality_update": _quality,
    "message_template_components_update": _components,
    "template_category_update": _category,
    "template_correct_category_detection": _category,
}
TEMPLATE_FIELDS = tuple(_HANDLERS)
"""The webhook fields that tell of templates."""


async def apply_template_event(tx: Tx, event: Event) -> None:
    """What a change of one of `TEMPLATE_FIELDS` does. A body that names no template does nothing but being kept."""
    try:
        value = msgspec.json.decode(event.raw, type=_Value, strict=False)
    except msgspec.MsgspecError:
        return
    news = TemplateNews(waba_id=event.waba_id or "", value=value, at=event.at)
    if event.waba_id and (which := news.which) is not None:
        await _HANDLERS[event.field](tx, which, news)


def _inside(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _word(value: Any) -> str | None:
    return value.lower() if isinstance(value, str) and value else None


def _advice(info: Any) -> str | None:
    """Meta's own words about a refusal: what is wrong, and what to do."""
    said = [part.strip() for part in (_inside(info, "reason"), _inside(info, "recommendation")) if _word(part)]
    return " ".join(said)[:1000] or None


def _moment(value: Any) -> datetime | None:
    """A date of Meta's: seconds in some bodies, English words in others."""
    text = str(value or "").strip()
    if re.fullmatch(r"\d{9,11}", text):
        return datetime.fromtimestamp(int(text), UTC)
    for form in _MOMENTS:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - given a zone on the next line
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
