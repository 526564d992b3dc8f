"""The store of media: ids that live 30 days (7 from webhooks), addresses that live 5 minutes, uploads in parts.

Moments come from the simulator's clock, so that a test makes an id expire by moving it.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from fakes.meta import ids
from fakes.meta.assets import MediaFile, MediaUrl, Upload
from fakes.meta.clock import Clock
from fakes.meta.errors import GraphError
from fakes.meta.media import kind_of
from fakes.meta.state import Number, World

DAY_S = 24 * 3600
UPLOADED_S = 30 * DAY_S
RECEIVED_S = 7 * DAY_S  # since 9 Oct 2025
URL_S = 300.0
LIBRARIES = (
    "python-httpx/",
    "python-requests/",
    "python-urllib",
    "axios/",
    "go-http-client/",
    "node-fetch",
    "curl/",
)


class MediaStore:
    """`base_url` is set by whoever serves this world; addresses in webhooks start with it."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self.base_url = "http://127.0.0.1"

    # Ids.

    def upload(self, number: Number, data: bytes, declared: str, filename: str | None) -> MediaFile:
        """Take an upload of the business. Raises GraphError 100 for a type, size or content Meta refuses."""
        why = kind_of.flaw(declared, data) or kind_of.too_big(declared, data)
        if why is not None:
            raise GraphError(100, f"(#100) {why}")
        return self._keep(number, data, kind_of.bare(declared), filename, inbound=False)

    def receive(self, number: Number, data: bytes, mime_type: str, filename: str | None = None) -> MediaFile:
        """Keep what a customer sent; its id lives a week."""
        return self._keep(number, data, mime_type, filename, inbound=True)

    def _keep(self, number: Number, data: bytes, mime: str, filename: str | None, *, inbound: bool) -> MediaFile:
        now = self._clock.now()
        media = MediaFile(
            id=ids.new_node_id(digits=16),
            phone_number_id=number.id,
            mime_type=mime,
            sha256=hashlib.sha256(data).hexdigest(),
            data=data,
            created_at=now,
            expires_at=now + (RECEIVED_S if inbound else UPLOADED_S),
            filename=filename,
            inbound=inbound,
        )
        self._world.media[media.id] = media
        return media

    def find(self, media_id: str) -> MediaFile | None:
        media = self._world.media.get(media_id)
        return media if media is not None and media.expires_at > self._clock.now() else None

    # Addresses.

    def new_url(self, media: MediaFile) -> str:
        now = self._clock.now()
        for key in [key for key, url in self._world.media_urls.items() if url.expires_at <= now - DAY_S]:
            del self._world.media_urls[key]
        key = secrets.token_urlsafe(24)
        self._world.media_urls[key] = MediaUrl(media.id, now + URL_S)
        expires = int(now + URL_S)
        path = "/whatsapp_business/attachments/"
        return f"{self.base_url}{path}?mid={media.id}&source=getMedia&ext={expires}&hash={key}"

    def behind(self, key: str) -> MediaFile | None:
        """The file behind an address; None once its five minutes are over or the file is gone."""
        url = self._world.media_urls.get(key)
        if url is None or url.expires_at <= self._clock.now():
            return None
        return self.find(url.media_id)

    def shown(self, media: MediaFile) -> dict[str, Any]:
        """The answer to a look-up."""
        return {
            "messaging_product": "whatsapp",
            "url": self.new_url(media),
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": str(len(media.data)),
            "id": media.id,
        }

    def in_webhook(self, media: MediaFile) -> dict[str, Any]:
        """How a webhook tells of it: sha256 in base64 there, and a direct address."""
        digest = base64.b64encode(bytes.fromhex(media.sha256)).decode()
        return {"mime_type": media.mime_type, "sha256": digest, "id": media.id, "url": self.new_url(media)}

    # Uploads in parts, for template headers and profile pictures.

    def open_upload(self, app_id: str, file_name: str, file_length: int, file_type: str) -> Upload:
        if file_length <= 0 or "/" not in file_type:
            raise GraphError(100, "(#100) The parameters file_length and file_type are required.")
        upload = Upload(f"upload:{secrets.token_urlsafe(40)}", app_id, file_name, file_length, file_type)
        self._world.uploads[upload.id] = upload
        return upload

    def append(self, upload: Upload, offset: int, data: bytes) -> dict[str, Any]:
        """Add bytes at `offset`; the answer has the handle once the file is whole."""
        if offset != len(upload.data):
            raise GraphError(100, f"(#100) The file_offset must be {len(upload.data)}.")
        upload.data += data
        if len(upload.data) > upload.file_length:
            upload.data = b""
            raise GraphError(100, "(#100) More bytes were sent than file_length says.")
        if len(upload.data) < upload.file_length:
            return {"id": upload.id, "file_offset": len(upload.data)}
        name = base64.b64encode(upload.file_name.encode()).decode()
        kind = base64.b64encode(upload.file_type.encode()).decode()
        upload.handle = f"4::{name}:{kind}:{secrets.token_urlsafe(48)}"
        return {"h": upload.handle}

    def handle_type(self, handle: str) -> str | None:
        """The type of the file that a `header_handle` stands for; None when nothing was uploaded under it."""
        upload = self._of_handle(handle)
        return upload.file_type if upload is not None else None

    def _of_handle(self, handle: str) -> Upload | None:
        return next((upload for upload in self._world.uploads.values() if upload.handle == handle), None)

    # Profile pictures: anybody with the address sees them, as at pps.whatsapp.net.

    def picture_url(self, handle: str) -> str:
        """Where the picture of a handle is shown. The address says nothing of the handle."""
        return f"{self.base_url}/v/t61/{_picture_key(handle)}.jpg?ccb=11-4&oe=69000000"

    def picture(self, key: str) -> Upload | None:
        """The picture behind such an address."""
        uploads = self._world.uploads.values()
        return next((one for one in uploads if one.handle and _picture_key(one.handle) == key), None)


def _picture_key(handle: str) -> str:
    return hashlib.sha256(handle.encode()).hexdigest()[:32]


def looks_like_library(user_agent: str) -> bool:
    """Meta refuses downloads without a user agent, and those of some libraries' default one."""
    name = user_agent.strip().lower()
    return not name or name.startswith(LIBRARIES)
