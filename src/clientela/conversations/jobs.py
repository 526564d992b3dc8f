"""Commands this module declares, and the timer's own work. `whatsapp` sends and fetches."""

from typing import ClassVar
from uuid import UUID

from clientela.platform.jobs import Job, Lane


class SendMessages(Job, frozen=True, kw_only=True):
    """Send what is queued in a conversation, oldest first, one at a time."""

    NAME: ClassVar[str] = "send_messages"
    LANE: ClassVar[Lane] = Lane.AGENT_SEND
    conversation_id: UUID


class CheckSend(Job, frozen=True, kw_only=True):
    """A send was claimed a while ago: if nothing has been heard of it, say that its outcome is uncertain."""

    NAME: ClassVar[str] = "check_send"
    LANE: ClassVar[Lane] = Lane.AGENT_SEND
    conversation_id: UUID
    message_id: UUID


class FetchMedia(Job, frozen=True, kw_only=True):
    """Fetch the file of a message."""

    NAME: ClassVar[str] = "fetch_media"
    LANE: ClassVar[Lane] = Lane.MEDIA
    media_id: UUID
