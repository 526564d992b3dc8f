"""Facts about templates."""

from typing import ClassVar

from clientela.platform.outbox import Fact
from clientela.templates.schemas import Template, TemplateAccount


class TemplateChanged(Fact, frozen=True, kw_only=True):
    """A template is new, or its status, category, quality or content is another."""

    TYPE: ClassVar[str] = "template.changed"
    template: Template


class TemplatesSynced(Fact, frozen=True, kw_only=True):
    """An account's templates were read from Meta, or could not be."""

    TYPE: ClassVar[str] = "template.synced"
    account: TemplateAccount
