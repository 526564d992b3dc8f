"""Commands this module declares; an edge reads the templates."""

from typing import ClassVar

from clientela.platform.jobs import Job, Lane


class SyncTemplates(Job, frozen=True, kw_only=True):
    """Read all templates of a WhatsApp business account."""

    NAME: ClassVar[str] = "sync_templates"
    LANE: ClassVar[Lane] = Lane.STATUSES
    waba_id: str
