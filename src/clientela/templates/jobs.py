"""Commands this module declares; an edge reads the templates."""

from datetime import datetime
from typing import ClassVar

from clientela.platform.jobs import Job, Lane


class SyncTemplates(Job, frozen=True, kw_only=True):
    """Read all templates of a WhatsApp business account, unless that was done after `asked_at`."""

    NAME: ClassVar[str] = "sync_templates"
    LANE: ClassVar[Lane] = Lane.STATUSES
    waba_id: str
    asked_at: datetime
