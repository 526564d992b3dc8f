"""Brings a database to the present shape: the database itself, its two roles, then Alembic.

Runs as the owner named by the database URL. Safe to run by several starting processes at once (an
advisory lock) and again at every start.
"""

import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from clientela.platform.crypto import Vault, scram_verifier
from clientela.platform.db import role_names

_LOCK = 0xC11E7E1A


def migrations_folder() -> Path:
    """Where the migrations lie: beside the sources, or inside the installed package."""
    package = Path(__file__).parents[1]
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parents[1] / "migrations"


def _config(connection: Connection | None, database_url: str) -> Config:
    folder = migrations_folder()
    if str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))  # migrations import `migrations.support`
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes.update(connection=connection, roles=role_names(database_url))
    return config


def newest_revision() -> str | None:
    """The revision that this version of the product expects."""
    return ScriptDirectory.from_config(_config(None, "postgresql:///clientela")).get_current_head()


async def current_revision(sql: asyncpg.Connection) -> str | None:
    """The revision a database is at, as the plumbing role sees it; None before the first migration."""
    if await sql.fetchval("select to_regclass('public.alembic_version')") is None:
        return None
    revision: str | None = await sql.fetchval("select version_num from alembic_version")
    return revision


async def migrate(database_url: str, vault: Vault) -> None:
    """Creates what is missing and upgrades the rest. Raises whatever PostgreSQL refuses."""
    await _ensure_database(database_url)
    engine = create_async_engine("postgresql+asyncpg://" + database_url.split("://", 1)[1])
    try:
        async with engine.connect() as connection:
            await connection.exec_driver_sql("select pg_advisory_lock($1)", (_LOCK,))
            await connection.commit()
            raw = await connection.get_raw_connection()
            await _ensure_roles(raw.driver_connection, database_url, vault)
            await connection.run_sync(_upgrade, database_url)
            _, system = role_names(database_url)
            await connection.exec_driver_sql(f'grant select on alembic_version to "{system}"')
            await connection.commit()
            await connection.exec_driver_sql("select pg_advisory_unlock($1)", (_LOCK,))
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, database_url: str) -> None:
    if MigrationContext.configure(connection).get_current_revision() != newest_revision():
        connection.rollback()
        command.upgrade(_config(connection, database_url), "head")


async def _ensure_database(database_url: str) -> None:
    """Creates the database if the server lacks it (the embedded one does at its first start)."""
    parts = urlsplit(database_url)
    name = parts.path.lstrip("/")
    try:
        connection = await asyncpg.connect(database_url)
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(urlunsplit(parts._replace(path="/postgres")))
        await connection.execute(f'create database "{name}"')
    await connection.close()


async def _ensure_roles(sql: asyncpg.Connection, database_url: str, vault: Vault) -> None:
    """The two login roles, with passwords that follow the installation's secret key."""
    for role in role_names(database_url):
        exists = await sql.fetchval("select 1 from pg_roles where rolname = $1", role)
        verb = "alter" if exists else "create"
        verifier = scram_verifier(vault.password_for(role))
        await sql.execute(
            f'{verb} role "{role}" with login noinherit nobypassrls nosuperuser nocreatedb nocreaterole '
            f"password '{verifier}'"
        )
