"""Gives a message that leaves its file: an upload becomes the `media` of the message."""

from uuid import UUID

from clientela.conversations.outgoing import Composed, Destination
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx


async def attach_upload(tx: Tx, to: Destination, message_id: UUID, composed: Composed) -> None:
    """Makes the upload of `composed` the file of the message, if it has one.

    Raises InvalidRequest: nothing can be uploaded yet.
    """
    if composed.upload_id is not None:
        raise InvalidRequest(errors=[{"field": "upload_id", "message": "cannot be sent yet"}])
