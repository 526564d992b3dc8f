"""Opening an account."""

from uuid import UUID

import asyncpg

from clientela.platform.ids import new_id
from clientela.tenants import queries
from clientela.tenants.rules import clean_name


async def create_account(sql: asyncpg.Connection, name: str, owner_id: UUID) -> UUID:
    """An account with its first owner; its id. Takes the plumbing's transaction. Raises ValueError for the name."""
    account_id = new_id()
    await queries.insert_account(sql, account_id, clean_name(name))
    await queries.insert_first_owner(sql, account_id, owner_id)
    return account_id
