"""HTTP of what customers see of a number. Meta has it, so she is asked, outside of transactions."""

from uuid import UUID

import msgspec
from litestar import Response, get, patch, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.identity.http import Caller, requires
from clientela.platform.http import Db, TheFiles, TheSettings, TheVault
from clientela.tenants import Permission
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.profile import Profile, ProfileChanges, change_profile, get_profile
from clientela.whatsapp.profile_picture import change_picture, fetch_picture

_TAGS = ["Numbers"]
_MANAGE = [requires(Permission.NUMBERS_MANAGE)]
_READ = [requires(Permission.NUMBERS_READ)]
_PROFILE = "/v1/numbers/{number_id:uuid}/profile"
_PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Vary": "Cookie, Authorization",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


class NewPicture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An upload (`POST /v1/uploads?as=image`) that becomes the picture: JPEG or PNG."""

    upload_id: UUID


@get(_PROFILE, guards=_READ, tags=_TAGS, summary="What customers see of a number")
async def show(
    number_id: FromPath[UUID], principal: Caller, db: Db, vault: TheVault, settings: TheSettings
) -> Profile:
    async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
        return await get_profile(db, vault, graph, principal.tenant_id, number_id)


@patch(_PROFILE, guards=_MANAGE, tags=_TAGS, summary="Change what customers see of a number")
async def edit(
    number_id: FromPath[UUID],
    data: JSONBody[ProfileChanges],
    principal: Caller,
    db: Db,
    vault: TheVault,
    settings: TheSettings,
) -> Profile:
    """Changed at Meta; what is left out stays."""
    async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
        return await change_profile(db, vault, graph, principal.tenant_id, number_id, data)


@get(f"{_PROFILE}/picture", guards=_READ, tags=_TAGS, summary="Get the picture that customers see of a number")
async def show_picture(
    number_id: FromPath[UUID], principal: Caller, db: Db, vault: TheVault, settings: TheSettings
) -> Response[bytes]:
    """Its bytes, brought from Meta. 404 where there is none."""
    meta = settings.meta
    async with GraphClient(meta.graph_url, meta.graph_version) as graph:
        picture = await fetch_picture(db, vault, graph, meta.graph_url, principal.tenant_id, number_id)
    return Response(picture.body, headers=_PICTURE_HEADERS, media_type=picture.mime_type)


@put(f"{_PROFILE}/picture", guards=_MANAGE, tags=_TAGS, summary="Change the picture that customers see of a number")
async def change(
    number_id: FromPath[UUID],
    data: JSONBody[NewPicture],
    principal: Caller,
    db: Db,
    vault: TheVault,
    files: TheFiles,
    settings: TheSettings,
) -> Profile:
    """Changed at Meta, with a file that was uploaded here before."""
    async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
        return await change_picture(db, vault, graph, files, principal.tenant_id, number_id, data.upload_id)


PROFILE_ROUTES: list[HTTPRouteHandler] = [show, edit, show_picture, change]
