"""Our own thin client of the Cloud API: one call, one honest outcome.

There is no idempotency key at Meta (whatsapp-cloud-api 3), so what matters about a call that failed
is whether it can have arrived. Three errors say it: `Refused` (Meta answered no), `NotSent` (it
cannot have arrived) and `Unknown` (it may have).
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from clientela.platform import telemetry
from clientela.whatsapp.number_node import CORE_FIELDS, NODE_FIELDS

# Connecting is quick or hopeless; an answer may take Meta a while. Both below SEND_LEASE.
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=10.0)
# Shorter than a server's own keep-alive, so that a connection is rarely closed as we write on it.
_LIMITS = httpx.Limits(max_connections=250, max_keepalive_connections=100, keepalive_expiry=4.0)
# "(#100) Tried accessing nonexisting field": with subcode 33 the node itself cannot be reached.
_UNKNOWN_FIELD = 100
_TEMPLATE_FIELDS = (
    "id,name,status,category,language,components,parameter_format,quality_score,rejected_reason,correct_category"
)
_TEMPLATES_A_PAGE = 100


Leave = Callable[[], Awaitable[None]]
"""Returns when a request may leave."""


class Refused(Exception):
    """Meta answered no. `code` is Meta's, None if it gave none; `subcode` stands on management calls only."""

    def __init__(self, code: int | None, detail: str | None, http_status: int, subcode: int | None = None) -> None:
        super().__init__(f"code {code}")
        self.code = code
        self.detail = detail
        self.http_status = http_status
        self.subcode = subcode


class NotSent(Exception):
    """The request cannot have reached Meta."""


class Unknown(Exception):
    """The request may have reached Meta, and no answer tells."""


class Sent(msgspec.Struct, frozen=True):
    """Meta took the message (which is not yet delivery). The ids are those Meta resolved the customer to."""

    wamid: str
    wa_id: str | None
    user_id: str | None


class _AnswerContact(msgspec.Struct):
    wa_id: str | None = None
    user_id: str | None = None


class _AnswerMessage(msgspec.Struct):
    id: str


class _Answer(msgspec.Struct):
    messages: list[_AnswerMessage]
    contacts: list[_AnswerContact] = []


_Shape = TypeVar("_Shape")


class FileBody(NamedTuple):
    """A file to upload, read as it goes."""

    filename: str
    mime_type: str
    size: int
    chunks: AsyncIterator[bytes]


class _MediaAnswer(msgspec.Struct):
    url: str


class _IdAnswer(msgspec.Struct):
    id: str


class _PartAnswer(msgspec.Struct):
    """`h` is the handle, once the upload is whole; `file_offset` how far it has come."""

    h: str | None = None
    file_offset: int | None = None


class _Cursors(msgspec.Struct):
    after: str | None = None


class _Paging(msgspec.Struct):
    next: str | None = None
    cursors: _Cursors = msgspec.field(default_factory=_Cursors)


class TemplatePage(msgspec.Struct):
    """Some of a WABA's templates as Meta gives them."""

    data: list[dict[str, Any]]
    paging: _Paging = msgspec.field(default_factory=_Paging)

    @property
    def after(self) -> str | None:
        """Where the next page begins; None on the last, which is the one without `next` (5.1)."""
        return self.paging.cursors.after if self.paging.next else None


class _Error(msgspec.Struct):
    code: int | None = None
    error_subcode: int | None = None
    message: str | None = None
    error_data: dict[str, Any] | None = None
    error_user_msg: str | None = None


class _ErrorAnswer(msgspec.Struct):
    error: _Error


class GraphClient:
    """Calls `graph_url` (Meta, or the simulator), which the operator sets and no user can."""

    def __init__(self, graph_url: str, version: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"{graph_url}/{version}",
            timeout=_TIMEOUT,
            limits=_LIMITS,
            follow_redirects=False,
            headers={"User-Agent": "clientela/0.1"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(
        self, phone_number_id: str, token: str, payload: dict[str, Any], *, leave: Leave | None = None
    ) -> Sent:
        """Sends what `payloads` made. Raises Refused, NotSent, Unknown. Source: whatsapp-cloud-api 3.

        `leave` is awaited when everything but the message itself is with Meta.
        """
        response = await self._call("POST", f"/{phone_number_id}/messages", token, payload, leave)
        try:
            answer = msgspec.json.decode(response.content, type=_Answer)
        except msgspec.MsgspecError as error:
            raise Unknown("an answer of 200 that cannot be read") from error
        if not answer.messages:
            raise Unknown("an answer of 200 without a message id")
        contact = answer.contacts[0] if answer.contacts else _AnswerContact()
        return Sent(answer.messages[0].id, contact.wa_id, contact.user_id)

    async def tell_read(self, phone_number_id: str, token: str, payload: dict[str, Any]) -> None:
        """Tells of reading or typing (3.3). Raises Refused, NotSent, Unknown."""
        await self._call("POST", f"/{phone_number_id}/messages", token, payload)

    async def phone_number(self, phone_number_id: str, token: str) -> dict[str, Any]:
        """The node of a number: its names, quality, limits and health (9.1). Raises Refused, NotSent, Unknown."""
        try:
            response = await self._call("GET", f"/{phone_number_id}?fields={NODE_FIELDS}", token)
        except Refused as refused:
            # An older version of the API does not know every field, and then answers for none.
            if refused.code != _UNKNOWN_FIELD or refused.subcode is not None:
                raise
            response = await self._call("GET", f"/{phone_number_id}?fields={CORE_FIELDS}", token)
        found: dict[str, Any] = msgspec.json.decode(response.content, type=dict[str, Any])
        return found

    async def media_url(self, media_id: str, phone_number_id: str, token: str) -> str:
        """Where a file can be had for the next five minutes (4). Raises Refused, NotSent, Unknown."""
        path = f"/{quote(media_id, safe='')}?phone_number_id={phone_number_id}"
        response = await self._call("GET", path, token)
        try:
            return msgspec.json.decode(response.content, type=_MediaAnswer).url
        except msgspec.MsgspecError as error:
            raise Unknown("an answer of 200 that cannot be read") from error

    async def upload_media(self, phone_number_id: str, token: str, file: FileBody) -> str:
        """Gives Meta a file to send; her id of it lives 30 days (4). Raises Refused, NotSent, Unknown."""
        boundary = secrets.token_hex(16)
        head, tail = _multipart(boundary, file)
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(head) + file.size + len(tail)),
        }
        body = _around(head, file.chunks, tail)
        response = await self._request("POST", f"/{phone_number_id}/media", headers, body)
        return _decoded(response, _IdAnswer).id

    async def open_upload(self, app_id: str, token: str, filename: str, mime_type: str, size: int) -> str:
        """Begins an upload in parts (4); what it is called at Meta. Raises Refused, NotSent, Unknown."""
        about = f"file_name={quote(filename, safe='')}&file_length={size}&file_type={quote(mime_type, safe='')}"
        response = await self._call("POST", f"/{quote(app_id, safe='')}/uploads?{about}", token)
        return _decoded(response, _IdAnswer).id

    async def upload_offset(self, session: str, token: str) -> int:
        """How many bytes of an upload Meta has. Raises Refused, NotSent, Unknown."""
        response = await self._request("GET", f"/{session}", {"Authorization": f"OAuth {token}"}, None)
        return _decoded(response, _PartAnswer).file_offset or 0

    async def upload_rest(
        self, session: str, token: str, offset: int, size: int, chunks: AsyncIterator[bytes]
    ) -> str | None:
        """Sends the bytes of an upload from `offset` on; its handle, once it is whole. Raises Refused, NotSent,
        Unknown."""
        headers = {
            "Authorization": f"OAuth {token}",
            "file_offset": str(offset),
            "Content-Length": str(size),
            "Content-Type": "application/octet-stream",
        }
        response = await self._request("POST", f"/{session}", headers, chunks)
        return _decoded(response, _PartAnswer).h

    async def message_templates(self, waba_id: str, token: str, after: str | None) -> "TemplatePage":
        """A page of a WABA's templates, from the cursor `after` (5.1). Raises Refused, NotSent, Unknown."""
        path = f"/{waba_id}/message_templates?fields={_TEMPLATE_FIELDS}&limit={_TEMPLATES_A_PAGE}"
        response = await self._call("GET", f"{path}&after={quote(after, safe='')}" if after else path, token)
        try:
            return msgspec.json.decode(response.content, type=TemplatePage)
        except msgspec.MsgspecError as error:
            raise Unknown("an answer of 200 that cannot be read") from error

    async def subscribe_app(self, waba_id: str, token: str) -> None:
        """Attaches the token's app to a WABA; without it nothing arrives and nothing errors (1.4)."""
        await self._call("POST", f"/{waba_id}/subscribed_apps", token)

    async def call(self, method: str, path: str, token: str, payload: object = None) -> dict[str, Any]:
        """Any call whose answer is an object; see `management` for which. Raises Refused, NotSent, Unknown."""
        response = await self._call(method, path, token, payload)
        try:
            return msgspec.json.decode(response.content, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise Unknown("an answer of 200 that cannot be read") from error

    async def _call(
        self, method: str, path: str, token: str, payload: object = None, leave: Leave | None = None
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        content = msgspec.json.encode(payload) if payload is not None else None
        return await self._request(method, path, headers, content, leave)

    async def _request(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        content: bytes | AsyncIterator[bytes] | None,
        leave: Leave | None = None,
    ) -> httpx.Response:
        extensions = {"trace": _before_writing(leave)} if leave else {}
        with telemetry.span("graph", method=method):
            try:
                response = await self._http.request(
                    method, path, content=content, headers=headers, extensions=extensions
                )
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise NotSent(type(error).__name__) from error
            except httpx.HTTPError as error:
                raise Unknown(type(error).__name__) from error
        if response.status_code == 200:
            return response
        raise _failure(response)


def _before_writing(leave: Leave) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """httpcore's trace hook that awaits `leave` between the head of a request and its body.

    So late because opening a connection takes longer than a moment of the pace lasts, and not before the head
    because a connection that rests between choosing and using it may be closed meanwhile.
    """

    async def trace(event: str, _: dict[str, Any]) -> None:
        if event == "http11.send_request_body.started":
            await leave()

    return trace


def _decoded(response: httpx.Response, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(response.content, type=shape)
    except msgspec.MsgspecError as error:
        raise Unknown("an answer of 200 that cannot be read") from error


def _multipart(boundary: str, file: FileBody) -> tuple[bytes, bytes]:
    """What stands before and after the file's bytes in a form (RFC 7578)."""
    fields = {"messaging_product": "whatsapp", "type": file.mime_type}
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    # Percent-encoded as browsers do it: a quote or a line end would end the header.
    named = file.filename.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{named}"\r\n'
        f"Content-Type: {file.mime_type}\r\n\r\n"
    )
    return "".join(parts).encode("utf-8", "replace"), f"\r\n--{boundary}--\r\n".encode()


async def _around(head: bytes, chunks: AsyncIterator[bytes], tail: bytes) -> AsyncIterator[bytes]:
    yield head
    async for chunk in chunks:
        yield chunk
    yield tail


def _failure(response: httpx.Response) -> Exception:
    try:
        error = msgspec.json.decode(response.content, type=_ErrorAnswer).error
    except msgspec.MsgspecError:
        # A 4xx is a refusal whatever its body. A 5xx without Meta's error may come from a proxy that
        # gave up waiting for a Meta that had already taken the message.
        if response.status_code < 500:
            return Refused(None, None, response.status_code)
        return Unknown(f"HTTP {response.status_code}")
    details = (error.error_data or {}).get("details")
    words = str(details or error.error_user_msg or error.message or "")
    return Refused(error.code, words, response.status_code, error.error_subcode)
