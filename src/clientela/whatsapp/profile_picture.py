"""The picture that customers see of a number: given to Meta, and brought from her to whoever is logged in here.

The browser never asks Meta itself: our pages load nothing from elsewhere, and she would learn who looks.
"""

from typing import NamedTuple
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import httpx

from clientela.conversations import FileTypeNotAllowed, get_upload
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.platform.problems import NotFound
from clientela.platform.sniff import sniff
from clientela.whatsapp import management
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.hosts import is_metas
from clientela.whatsapp.onboarding_problems import MetaUnreachable, problem_for
from clientela.whatsapp.profile import Profile, profile_of, reach_number
from clientela.whatsapp.resumable import Source, upload_resumable

TYPES = ("image/jpeg", "image/png")
_SHOWN = (*TYPES, "image/webp")
# What we take of a picture ourselves is 5 MB; Meta makes it smaller.
_MAX_BYTES = 5 * 1024 * 1024
_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_REDIRECTS = 3
_AGENT = {"User-Agent": "clientela/0.1", "Accept-Encoding": "identity"}


class Picture(NamedTuple):
    """A picture's bytes, and the type that they say."""

    body: bytes
    mime_type: str


async def change_picture(
    db: Database, vault: Vault, graph: GraphClient, files: Files, tenant_id: UUID, channel_id: UUID, upload_id: UUID
) -> Profile:
    """Makes an upload of ours the number's picture at Meta (9.2); the profile as it is then.

    Raises UploadNotFound, FileTypeNotAllowed besides what `get_profile` raises.
    """
    phone_number_id, token = await reach_number(db, vault, tenant_id, channel_id)
    async with db.begin(tenant_id) as tx:
        file = await get_upload(tx, upload_id)
    if file.mime_type not in TYPES:
        raise FileTypeNotAllowed(kind="image", mime_type=file.mime_type, reason="type", allowed=list(TYPES))
    source = Source(
        file.filename or "picture", file.mime_type, file.size, lambda start: files.read(file.key, start, file.size)
    )
    try:
        handle = await upload_resumable(graph, token, source)
        await management.write_profile(graph, phone_number_id, token, {"profile_picture_handle": handle})
        return profile_of(await management.read_profile(graph, phone_number_id, token))
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error


async def fetch_picture(
    db: Database, vault: Vault, graph: GraphClient, graph_url: str, tenant_id: UUID, channel_id: UUID
) -> Picture:
    """The picture as Meta has it now. Raises NotFound where there is none that may be shown, MetaUnreachable,
    and what `get_profile` raises."""
    phone_number_id, token = await reach_number(db, vault, tenant_id, channel_id)
    try:
        profile = profile_of(await management.read_profile(graph, phone_number_id, token))
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error
    if profile.profile_picture_url is None:
        raise NotFound
    try:
        body = await _download(profile.profile_picture_url, graph_url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise MetaUnreachable from error
    mime_type = sniff(body)
    if mime_type not in _SHOWN:
        raise NotFound
    return Picture(body, mime_type)


async def _download(url: str, graph_url: str) -> bytes:
    """The bytes at an address of Meta's: without the token, which pictures need not, and within her hosts only."""
    graph = urlsplit(graph_url)
    async with httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, headers=_AGENT) as http:
        for _ in range(_REDIRECTS + 1):
            if not is_metas(url, graph):
                raise NotFound
            async with http.stream("GET", url) as response:
                if response.is_redirect:
                    url = urljoin(url, response.headers.get("location", ""))
                    continue
                if response.status_code != 200:
                    raise NotFound
                return await _within_limit(response)
    raise NotFound


async def _within_limit(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes(64 * 1024):
        body += chunk
        if len(body) > _MAX_BYTES:
            raise NotFound
    return bytes(body)
