"""Opening an account from the command line: the account, its owner, a first API key, in one transaction."""

from uuid import UUID

import msgspec

from clientela.identity import queries
from clientela.identity.api_keys import create_first_key
from clientela.identity.passwords import hash_password, password_matches
from clientela.identity.problems import InvalidCredentials
from clientela.identity.rules import clean_email
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.tenants import clean_name, create_account


class Provisioned(msgspec.Struct, frozen=True):
    """What `clientela account create` prints."""

    account_id: UUID
    user_id: UUID
    api_key: str


async def provision_account(
    db: Database, name: str, owner_email: str, owner_password: str, owner_name: str | None = None
) -> Provisioned:
    """A new account. Somebody whose e-mail is known becomes its owner only with their own password.

    Raises ValueError for a name or e-mail that cannot be one, InvalidCredentials for a known e-mail with
    another password.
    """
    email, name = clean_email(owner_email), clean_name(name)
    if not owner_password:
        raise ValueError("an owner needs a password")
    async with db.system() as sql:
        known = await queries.find_user_by_email(sql, email)
    if known is not None and not await password_matches(known["password_hash"], owner_password):
        raise InvalidCredentials
    password_hash = None if known else await hash_password(owner_password)
    async with db.system() as sql:
        user_id: UUID = known["id"] if known else new_id()
        if password_hash is not None:
            person = clean_name(owner_name or email.partition("@")[0])
            if not await queries.insert_user(sql, user_id, person, email, password_hash):
                raise InvalidCredentials
        account_id = await create_account(sql, name, user_id)
        api_key = await create_first_key(sql, account_id, user_id, "First key")
    return Provisioned(account_id, user_id, api_key)
