"""Adding, changing and removing members. Every verb decides by the roles as they are now, under one lock."""

from uuid import UUID

import msgspec

from clientela.platform.problems import NotFound, PermissionDenied
from clientela.platform.tx import Tx
from clientela.tenants import queries, rules
from clientela.tenants.permissions import Permission, Role, permissions_of
from clientela.tenants.problems import EmailTaken, LastOwner
from clientela.tenants.schemas import Member, MemberChange


class Actor(msgspec.Struct, frozen=True):
    """Who changes members. Without a user it is an API key, which has a manager's authority and no more."""

    user_id: UUID | None


async def authority_over_members(tx: Tx, actor: Actor) -> Role:
    """The actor's role as stored at this moment, with the account's memberships locked.

    Raises PermissionDenied if it no longer allows managing users: the request may have been on its way
    while somebody else took the role back.
    """
    await queries.lock_members(tx)
    if actor.user_id is None:
        return Role.MANAGER
    member = await queries.find_member(tx, actor.user_id)
    if member is None or Permission.USERS_MANAGE not in permissions_of(member.role):
        raise PermissionDenied
    return member.role


async def check_may_add(tx: Tx, actor: Actor, role: Role) -> None:
    """Raises PermissionDenied unless `actor` may make somebody a `role`. Leaves the memberships locked."""
    if not rules.may_grant(await authority_over_members(tx, actor), role):
        raise PermissionDenied


async def add_member(tx: Tx, actor: Actor, user_id: UUID, role: Role, name: str | None) -> Member:
    """Makes a known person a member. `name` is kept for this account only.

    Raises PermissionDenied, and EmailTaken when they are a member already.
    """
    await check_may_add(tx, actor, role)
    if not await queries.insert_membership(tx, user_id, role, name):
        raise EmailTaken
    return await _get(tx, user_id)


async def change_member(tx: Tx, actor: Actor, user_id: UUID, change: MemberChange) -> Member:
    """Gives a member another role or name. Raises NotFound, PermissionDenied, LastOwner."""
    authority = await authority_over_members(tx, actor)
    member = await _get(tx, user_id)
    itself = actor.user_id == user_id
    if not itself and not rules.may_change(authority, member.role):
        raise PermissionDenied
    if isinstance(change.role, Role):
        if not rules.may_rewrite_role(actor.user_id, user_id):
            raise PermissionDenied("Nobody changes their own role.")
        await _change_role(tx, authority, member, change.role)
    if isinstance(change.name, str):
        await queries.update_member_name(tx, user_id, rules.clean_name(change.name))
    return await _get(tx, user_id)


async def _change_role(tx: Tx, authority: Role, member: Member, role: Role) -> None:
    if not rules.may_grant(authority, role):
        raise PermissionDenied
    if rules.leaves_no_owner(await queries.count_owners(tx), member.role, role):
        raise LastOwner
    await queries.update_role(tx, member.id, role)


async def remove_member(tx: Tx, actor: Actor, user_id: UUID) -> None:
    """Ends a membership; the person and their other accounts stay. Raises NotFound, PermissionDenied, LastOwner.

    Removing oneself is allowed to whoever may manage users, unless that leaves no owner.
    """
    authority = await authority_over_members(tx, actor)
    member = await _get(tx, user_id)
    if actor.user_id != user_id and not rules.may_change(authority, member.role):
        raise PermissionDenied
    if rules.leaves_no_owner(await queries.count_owners(tx), member.role, None):
        raise LastOwner
    await queries.delete_membership(tx, user_id)


async def _get(tx: Tx, user_id: UUID) -> Member:
    member = await queries.find_member(tx, user_id)
    if member is None:
        raise NotFound
    return member
