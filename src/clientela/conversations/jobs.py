"""Commands this module declares, and the timer's own work. `whatsapp` sends and fetches."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from clientela.conversations.schemas import MessageError
from clientela.platform.jobs import Job, Lane

SEND_TIMER = "send_again"
"""The kind of the timer by which a conversation's messages leave later."""


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


class SendReaction(Job, frozen=True, kw_only=True):
    """Bring our reaction to a message to the customer, or find out that an earlier try was lost."""

    NAME: ClassVar[str] = "send_reaction"
    LANE: ClassVar[Lane] = Lane.AGENT_SEND
    message_id: UUID


class TellRead(Job, frozen=True, kw_only=True):
    """Tell the customer that we have read up to a message of theirs."""

    NAME: ClassVar[str] = "tell_read"
    LANE: ClassVar[Lane] = Lane.STATUSES
    conversation_id: UUID
    message_id: UUID


class TellTyping(Job, frozen=True, kw_only=True):
    """Show the customer that somebody is writing to them; pointless once `until` has passed."""

    NAME: ClassVar[str] = "tell_typing"
    LANE: ClassVar[Lane] = Lane.STATUSES
    conversation_id: UUID
    message_id: UUID
    until: datetime


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the channel took and then reported as failed, with the try this was about.

    `of_reaction`: what failed is our reaction to that message, which left at `left_at` if that is still known.
    """

    message_id: UUID
    attempt: int
    at: datetime
    error: MessageError
    of_reaction: bool = False
    left_at: datetime | None = None


class EndCall(Job, frozen=True, kw_only=True):
    """A call has been ringing for longer than any does: unless its end was heard of, nobody took it."""

    NAME: ClassVar[str] = "end_call"
    LANE: ClassVar[Lane] = Lane.STATUSES
    message_id: UUID


class ActOnFailures(Job, frozen=True, kw_only=True):
    """Messages or reactions failed after the channel had taken them: do what their errors ask for."""

    NAME: ClassVar[str] = "act_on_failures"
    LANE: ClassVar[Lane] = Lane.STATUSES
    failures: list[Failure]


class FetchMedia(Job, frozen=True, kw_only=True):
    """Fetch the file of a message."""

    NAME: ClassVar[str] = "fetch_media"
    LANE: ClassVar[Lane] = Lane.MEDIA
    media_id: UUID


class DropUpload(Job, frozen=True, kw_only=True):
    """Forget an uploaded file whose day is over."""

    NAME: ClassVar[str] = "drop_upload"
    LANE: ClassVar[Lane] = Lane.DELETIONS
    upload_id: UUID


class PrepareMedia(Job, frozen=True, kw_only=True):
    """Give the channel the file of a message that waits to leave."""

    NAME: ClassVar[str] = "prepare_media"
    LANE: ClassVar[Lane] = Lane.MEDIA
    media_id: UUID
