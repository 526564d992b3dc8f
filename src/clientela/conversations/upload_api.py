"""HTTP of uploads: the bytes of one file as the body, streamed through."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, post
from litestar.exceptions import InternalServerException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import QueryParameter

from clientela.conversations.file_rules import MAX_BYTES, UploadAs, too_large
from clientela.conversations.problems import UploadInterrupted
from clientela.conversations.schemas import Upload
from clientela.conversations.uploads import Offered, take_upload
from clientela.identity.http import Caller, requires
from clientela.platform.http import Db, TheFiles, TheReader
from clientela.tenants import Permission

_IDLE_S = 60.0
_LARGEST = MAX_BYTES["document"]


@dataclass
class _Bytes(Operation):
    """Tells in the description of the API that the body is the file itself."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(
            content={"application/octet-stream": OpenAPIMediaType(schema=schema)}, required=True
        )


@post(
    "/v1/uploads",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=["Media"],
    summary="Upload a file to send it",
    operation_class=_Bytes,
    request_max_body_size=None,  # counted here, so that the refusal can say how much is allowed
)
async def upload(
    principal: Caller,
    db: Db,
    files: TheFiles,
    reader: TheReader,
    request: Request[Any, Any, Any],
    filename: Annotated[str | None, QueryParameter(max_length=1000)] = None,
    wanted: Annotated[
        UploadAs | None, QueryParameter(name="as", description="What it will be sent as; else its bytes decide")
    ] = None,
) -> Upload:
    """The body is the file, of any content type: its bytes say what it is. Kept for 24 hours, and for good once
    it is part of a message. What WhatsApp would not take is refused here, before anything is sent.

    `as=voice` makes any recording, a browser's included, a voice note (Ogg with Opus, mono).
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > _LARGEST:
        raise too_large("document", _LARGEST, int(announced))
    offered = Offered(_chunks(request), filename, wanted, principal.key)
    return await take_upload(db, files, reader, principal.tenant_id, offered)


async def _chunks(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    """The body as it comes. Raises UploadInterrupted when it stops coming."""
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(_IDLE_S):
                chunk = await anext(stream)
        except StopAsyncIteration:
            return
        except (TimeoutError, InternalServerException):
            raise UploadInterrupted from None
        yield chunk


UPLOAD_ROUTES: list[HTTPRouteHandler] = [upload]
