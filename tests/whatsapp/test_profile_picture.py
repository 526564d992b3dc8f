"""The picture customers see: given to Meta under a handle, and shown without asking her from a page."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from clientela.platform.db import Database
from clientela.whatsapp.hosts import is_metas
from tests import media_files
from tests.accounts import Tenant, make_key_of, open_client
from tests.whatsapp.house import House

GRAPH = urlsplit("https://graph.facebook.com")


async def uploaded(client: httpx.AsyncClient, body: bytes, name: str = "loja.png", wanted: str = "image") -> str:
    answer = await client.post("/v1/uploads", params={"filename": name, "as": wanted}, content=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize(("kind", "mime_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
async def test_a_picture_is_given_to_meta_and_shown_from_here(house: House, kind: str, mime_type: str) -> None:
    number = await house.connect()
    path = f"/v1/numbers/{number['id']}/profile"
    assert (await house.client.get(f"{path}/picture")).status_code == 404
    body = media_files.picture(size=(640, 640), kind=kind)
    changed = await house.client.put(f"{path}/picture", json={"upload_id": await uploaded(house.client, body)})
    assert changed.status_code == 200, changed.text
    assert changed.json()["profile_picture_url"] is not None
    shown = await house.client.get(f"{path}/picture")
    assert (shown.status_code, shown.content) == (200, body)
    assert shown.headers["content-type"] == mime_type
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"].startswith("private")
    about = (await house.client.patch(path, json={"about": "Moda com carinho"})).json()
    assert about["profile_picture_url"] == changed.json()["profile_picture_url"]


async def test_what_is_no_jpeg_or_png_becomes_no_picture(house: House) -> None:
    number = await house.connect()
    path = f"/v1/numbers/{number['id']}/profile/picture"
    voice = await uploaded(house.client, media_files.ogg_voice(), "nota.ogg", "audio")
    refused = await house.client.put(path, json={"upload_id": voice})
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "file_type_not_allowed")
    assert problem["allowed"] == ["image/jpeg", "image/png"]


async def test_an_upload_of_another_account_is_nobodys_picture(
    house: House, db: Database, other_tenant: Tenant
) -> None:
    async with open_client(house.client._transport.app) as neighbour:  # type: ignore[attr-defined]
        key = await make_key_of(db, other_tenant, ["messages.send"])
        neighbour.headers["Authorization"] = f"Bearer {key}"
        theirs = await uploaded(neighbour, media_files.picture())
    number = await house.connect()
    refused = await house.client.put(f"/v1/numbers/{number['id']}/profile/picture", json={"upload_id": theirs})
    assert (refused.status_code, refused.json()["code"]) == (422, "upload_not_found")


async def test_what_meta_says_no_to_is_told_in_her_words(house: House) -> None:
    number = await house.connect()
    upload = await uploaded(house.client, media_files.picture())
    await house.meta.faults(fail_calls=[{"code": 100, "edge": "whatsapp_business_profile", "count": 1}])
    refused = await house.client.put(f"/v1/numbers/{number['id']}/profile/picture", json={"upload_id": upload})
    assert (refused.status_code, refused.json()["code"]) == (422, "meta_refused")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/face.jpg",
        "http://169.254.169.254/latest/meta-data",
        "https://pps.whatsapp.net@evil.example/face.jpg",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_is_not_metas_is_never_fetched(house: House, address: str) -> None:
    number = await house.connect()

    async def elsewhere(*_: Any) -> dict[str, Any]:
        return {"profile_picture_url": address}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clientela.whatsapp.management.read_profile", elsewhere)
        assert (await house.client.get(f"/v1/numbers/{number['id']}/profile/picture")).status_code == 404


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://pps.whatsapp.net/v/t61/1.jpg?oh=a", True),
        ("https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1", True),
        ("https://graph.facebook.com/v25.0/1", True),
        ("http://pps.whatsapp.net/v/1.jpg", False),
        ("https://pps.whatsapp.net:8443/v/1.jpg", False),
        ("https://whatsapp.net.evil.example/1.jpg", False),
        ("https://notwhatsapp.net/1.jpg", False),
        ("https://me@pps.whatsapp.net/1.jpg", False),
        ("https://evil.example\\.whatsapp.net/1.jpg", False),
        ("https://pps.whatsapp.net:x/1.jpg", False),
        ("//pps.whatsapp.net/1.jpg", False),
        ("", False),
    ],
)
def test_only_metas_own_hosts_are_metas(address: str, expected: bool) -> None:
    assert is_metas(address, GRAPH) is expected
