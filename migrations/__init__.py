"""Alembic migrations: tables with their policies, grants and indexes."""
