"""The life of a template: reviewed, approved or refused, paused for its quality, recategorised, archived, deleted.

Every change is told by webhook (reference sections 2.8 and 5.3). Reviews and pauses end by themselves on the
simulator's clock; the control API causes the rest.
"""

from __future__ import annotations

from typing import Any

from fakes.meta import ids
from fakes.meta.agenda import Agenda
from fakes.meta.announce import Announcer
from fakes.meta.assets import Due, Template
from fakes.meta.checks.template_create import reads_like_marketing
from fakes.meta.clock import Clock
from fakes.meta.sending import Sending
from fakes.meta.state import Waba, World

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
PAUSES_S = (3 * HOUR_S, 6 * HOUR_S)  # the third time it is disabled
IDLE_S = 365 * DAY_S  # without creation, edit or send: archived
ARCHIVED_S = 28 * DAY_S  # then deleted
_PAUSE_TITLES = ("FIRST_PAUSE", "SECOND_PAUSE")


class Lifecycle:
    def __init__(self, world: World, clock: Clock, agenda: Agenda, announce: Announcer, sending: Sending) -> None:
        self._world = world
        self._clock = clock
        self._agenda = agenda
        self._announce = announce
        self._sending = sending
        agenda.handlers["template.review"] = self._reviewed
        agenda.handlers["template.unpause"] = self._pause_over
        agenda.handlers["template.category"] = self._category_due
        agenda.handlers["template.idle"] = self._idle
        agenda.handlers["template.expire"] = self._expired

    def create(
        self, waba: Waba, name: str, language: str, category: str, components: list[dict[str, Any]], **more: Any
    ) -> Template:
        """A checked template. A utility one that reads like marketing becomes marketing at once."""
        if category == "UTILITY" and self._world.rules.recategorise and reads_like_marketing(components):
            category = "MARKETING"
        template = Template(ids.new_node_id(digits=16), waba.id, name, language, category, components, **more)
        template.created_at = self._clock.now()
        self._world.templates[template.id] = template
        self._agenda.add(IDLE_S, "template.idle", template.id)
        self.review(template)
        return template

    def review(self, template: Template) -> None:
        """Start a review; how and when it ends is a rule."""
        template.status = "PENDING"
        self._agenda.cancel(template.id, "template.review")
        if self._world.rules.review != "wait":
            self._agenda.add(self._world.rules.review_after_s, "template.review", template.id)

    def _reviewed(self, due: Due) -> None:
        template = self._world.templates.get(due.subject)
        if template is None or template.status != "PENDING":
            return
        if self._world.rules.review == "reject":
            self.decide(template, "REJECTED", reason=self._world.rules.review_reason)
        elif self._copies_another(template):
            self.decide(template, "REJECTED", reason="INVALID_FORMAT")
        else:
            self.decide(template, "APPROVED")

    def _copies_another(self, template: Template) -> bool:
        def essence(one: Template) -> list[Any]:
            return [part for part in one.components if part["type"] in ("BODY", "FOOTER", "BUTTONS")]

        return any(
            other.status == "APPROVED"
            and other.category != "AUTHENTICATION"
            and (other.waba_id, other.language) == (template.waba_id, template.language)
            and other.id != template.id
            and essence(other) == essence(template)
            for other in self._world.templates.values()
        )

    def decide(self, template: Template, event: str, **more: Any) -> None:
        """Bring a template into the state that `event` names, and tell it."""
        self._agenda.cancel(template.id, "template.review")
        state = {"REINSTATED": "APPROVED", "UNARCHIVED": "APPROVED"}.get(event, event)
        template.status = state
        template.rejected_reason = str(more.get("reason") or "NONE") if state == "REJECTED" else "NONE"
        template.rejection_info = more.get("rejection_info")
        if state == "DELETED":
            template.deleted_at = self._clock.now()
        self._announce.template_status(template, event, **more)

    def quality(self, template: Template, score: str) -> None:
        """A new quality score. RED pauses: 3 hours, then 6, then for ever."""
        previous, template.quality, template.quality_at = template.quality, score, self._clock.now()
        self._announce.template_quality(template, previous)
        if score == "RED" and template.status == "APPROVED":
            self.pause(template)

    def pause(self, template: Template) -> None:
        template.pauses += 1
        if template.pauses > len(PAUSES_S):
            self.decide(template, "DISABLED", other_info={"title": "DISABLED", "description": "Paused too often."})
            return
        title = _PAUSE_TITLES[template.pauses - 1]
        self.decide(template, "PAUSED", other_info={"title": title, "description": "Low quality."})
        self._agenda.add(PAUSES_S[template.pauses - 1], "template.unpause", template.id)

    def unpause(self, template: Template) -> None:
        self._agenda.cancel(template.id, "template.unpause")
        self.decide(template, "APPROVED", other_info={"title": "UNPAUSE", "description": "The pause is over."})

    def _pause_over(self, due: Due) -> None:
        template = self._world.templates.get(due.subject)
        if template is not None and template.status == "PAUSED":
            self.decide(template, "APPROVED", other_info={"title": "UNPAUSE", "description": "The pause is over."})

    def recategorise(self, template: Template, category: str, notice_s: float) -> None:
        """Announce another category and change it after the notice; without notice, at once."""
        if notice_s > 0:
            template.correct_category = category
            self._announce.category_impending(template, category, self._clock.now() + notice_s)
            self._agenda.add(notice_s, "template.category", template.id, category=category)
        else:
            self._change_category(template, category)

    def _category_due(self, due: Due) -> None:
        template = self._world.templates.get(due.subject)
        if template is not None and template.deleted_at is None:
            self._change_category(template, due.extra["category"])

    def _change_category(self, template: Template, category: str) -> None:
        template.previous_category, template.category = template.category, category
        template.correct_category = None
        self._announce.category_changed(template)

    def edit(self, template: Template, components: list[dict[str, Any]] | None, category: str | None) -> None:
        """New content or category; goes through review again."""
        if components is not None:
            template.components = components
            self._announce.template_components(template)
        if category is not None:
            template.category = category
        template.edits.append(self._clock.now())
        self.review(template)

    def pacing_over(self, template: Template, *, good: bool) -> int:
        """End a template's pacing. Bad feedback fails what was held and pauses the template."""
        template.hold_after = None
        released = self._sending.release(template, good=good)
        if not good:
            info = {"title": "RATE_LIMITING_PAUSE", "description": "Negative feedback from early recipients."}
            self.decide(template, "PAUSED", other_info=info)
        return released

    def archive(self, template: Template, *, on: bool) -> None:
        """Take a template away, or bring it back; one that stays away is deleted."""
        self._agenda.cancel(template.id, "template.expire")
        self.decide(template, "ARCHIVED" if on else "UNARCHIVED")
        if on:
            self._agenda.add(ARCHIVED_S, "template.expire", template.id)
        else:
            template.used_at = self._clock.now()
            self._agenda.add(IDLE_S, "template.idle", template.id)

    def _idle(self, due: Due) -> None:
        """Archive what nobody has touched for a year; ask again when somebody has."""
        template = self._world.templates.get(due.subject)
        if template is None or template.deleted_at is not None or template.status == "ARCHIVED":
            return
        touched = max([template.created_at, template.used_at, *template.edits])
        left = touched + IDLE_S - self._clock.now()
        if left > 0:
            self._agenda.add(left, "template.idle", template.id)
        else:
            self.archive(template, on=True)

    def _expired(self, due: Due) -> None:
        template = self._world.templates.get(due.subject)
        if template is not None and template.status == "ARCHIVED":
            self.delete(template)

    def delete(self, template: Template) -> None:
        self._agenda.cancel(template.id)
        template.status = "DELETED"
        template.deleted_at = self._clock.now()
        self._announce.template_status(template, "DELETED")
