"""What customers see of a business: the profile behind a number's name. Kept at Meta alone (9.2)."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.whatsapp import management, queries
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.onboarding_problems import problem_for
from clientela.whatsapp.registering import token_of

# whatsapp-cloud-api 9.2, by its stricter source where two differ but for the description, where both are live.
LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
_MOST_WEBSITES, _LONGEST_WEBSITE = 2, 256
VERTICALS = (
    "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL", "HEALTH",
    "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING",
    "PHYSICAL_GAMBLING", "OTC_DRUGS", "OTHER",
)  # fmt: skip


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A number's business profile as Meta has it."""

    about: str = ""
    address: str = ""
    description: str = ""
    email: str = ""
    websites: list[str] = []
    vertical: str = ""
    profile_picture_url: str | None = None


class ProfileChanges(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    about: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    websites: list[str] | UnsetType = UNSET
    vertical: str | UnsetType = UNSET


async def get_profile(db: Database, vault: Vault, graph: GraphClient, tenant_id: UUID, channel_id: UUID) -> Profile:
    """Asks Meta. Raises NotFound, TokenRefused, MetaRefused, MetaUnreachable."""
    phone_number_id, token = await reach_number(db, vault, tenant_id, channel_id)
    try:
        return profile_of(await management.read_profile(graph, phone_number_id, token))
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error


async def change_profile(
    db: Database, vault: Vault, graph: GraphClient, tenant_id: UUID, channel_id: UUID, changes: ProfileChanges
) -> Profile:
    """Changes it at Meta; the profile as it is then. Raises InvalidRequest besides what `get_profile` raises."""
    wanted = checked(changes)
    phone_number_id, token = await reach_number(db, vault, tenant_id, channel_id)
    try:
        if wanted:
            await management.write_profile(graph, phone_number_id, token, wanted)
        return profile_of(await management.read_profile(graph, phone_number_id, token))
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error


def checked(changes: ProfileChanges) -> dict[str, Any]:
    """The changes as Meta takes them. Raises InvalidRequest naming every field that is too long or not allowed."""
    wanted: dict[str, Any] = {
        name: value for name in changes.__struct_fields__ if (value := getattr(changes, name)) is not UNSET
    }
    errors = [
        {"field": name, "message": f"at most {most} characters"}
        for name, most in LIMITS.items()
        if len(wanted.get(name) or "") > most
    ]
    if "about" in wanted and not wanted["about"].strip():
        errors.append({"field": "about", "message": "cannot be empty"})
    if "vertical" in wanted and wanted["vertical"] not in VERTICALS:
        errors.append({"field": "vertical", "message": "not a trade that Meta knows"})
    if "websites" in wanted:
        wanted["websites"] = [site.strip() for site in wanted["websites"] if site.strip()]
        if len(wanted["websites"]) > _MOST_WEBSITES:
            errors.append({"field": "websites", "message": "at most two"})
        elif not all(map(_is_website, wanted["websites"])):
            errors.append({"field": "websites", "message": "whole addresses, with https:// or http://"})
    if errors:
        raise InvalidRequest(errors=errors)
    return wanted


def _is_website(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return len(value) <= _LONGEST_WEBSITE and parts.scheme in ("http", "https") and bool(parts.hostname)


async def reach_number(db: Database, vault: Vault, tenant_id: UUID, channel_id: UUID) -> tuple[str, str]:
    """A connected number's id at Meta, and its token. Raises NotFound."""
    async with db.begin(tenant_id) as tx:
        stored = await queries.get_number(tx, channel_id)
    if stored is None or stored.status == "disconnected":
        raise NotFound
    return stored.phone_number_id, token_of(vault, stored)


def profile_of(node: dict[str, Any]) -> Profile:
    """Meta's answer, in which anything may be missing."""
    known = {name: node[name] for name in Profile.__struct_fields__ if node.get(name) is not None}
    return msgspec.convert(known, Profile, strict=False)
