"""Opening an account, and changing it."""

from uuid import UUID

import asyncpg

from clientela.platform.ids import new_id
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.platform.tx import Tx
from clientela.tenants import queries
from clientela.tenants.rules import clean_name
from clientela.tenants.schemas import AccountChange, AccountView


async def create_account(sql: asyncpg.Connection, name: str, owner_id: UUID) -> UUID:
    """An account with its first owner; its id. Takes the plumbing's transaction. Raises ValueError for the name."""
    account_id = new_id()
    await queries.insert_account(sql, account_id, clean_name(name))
    await queries.insert_first_owner(sql, account_id, owner_id)
    return account_id


async def get_account(tx: Tx) -> AccountView:
    """The account of this transaction. Raises NotFound."""
    row = await queries.find_account(tx)
    if row is None:
        raise NotFound
    return AccountView(**row)


async def change_account(tx: Tx, change: AccountChange) -> AccountView:
    """Changes what is given. Raises InvalidRequest for a time zone that nobody knows."""
    if isinstance(change.time_zone, str) and not await queries.set_time_zone(tx, change.time_zone):
        raise InvalidRequest(errors=[{"field": "time_zone", "message": "no time zone of the IANA database"}])
    return await get_account(tx)
