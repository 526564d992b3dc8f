"""Uploads in parts, for what Meta keeps under a handle: samples of template headers, profile pictures.

They are no media ids and cannot be sent (whatsapp-cloud-api 4). A part that is cut off goes on where Meta says it
stopped; nothing that anybody sees comes of a repetition.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from clientela.whatsapp.client import GraphClient, NotSent, Unknown

_TRIES = 5
_PAUSE_S = 0.5


class Source(NamedTuple):
    """A file to upload. `read(start)` gives its bytes from there on."""

    filename: str
    mime_type: str
    size: int
    read: Callable[[int], AsyncIterator[bytes]]


async def upload_resumable(graph: GraphClient, token: str, source: Source, *, app_id: str = "app") -> str:
    """Uploads a file; the handle that goes into `header_handle` or `profile_picture_handle`.

    `app_id` is the token's own app unless said. Raises Refused; NotSent or Unknown when it could not be finished.
    """
    session = await graph.open_upload(app_id, token, source.filename, source.mime_type, source.size)
    for attempt in range(_TRIES):
        try:
            # Asked only after a break: a fresh session is at its beginning.
            offset = await graph.upload_offset(session, token) if attempt else 0
            handle = await graph.upload_rest(session, token, offset, source.size - offset, source.read(offset))
        except (NotSent, Unknown):
            if attempt + 1 == _TRIES:
                raise
            await asyncio.sleep(_PAUSE_S * 2**attempt)
        else:
            if handle is not None:
                return handle
    raise Unknown("an upload that never becomes whole")
