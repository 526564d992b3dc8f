"""What every HTTP edge shares: problems, pages, idempotency, health, headers, static files.

The one part of platform that knows Litestar.
"""

from clientela.platform.http.idempotency import idempotent
from clientela.platform.http.paging import DEFAULT_PAGE, PageCursor, PageLimit
from clientela.platform.http.parts import Db, TheBus, TheFiles, TheReader, TheSettings, TheVault
from clientela.platform.http.problems import PROBLEM_HANDLERS

__all__ = [
    "DEFAULT_PAGE",
    "PROBLEM_HANDLERS",
    "Db",
    "PageCursor",
    "PageLimit",
    "TheBus",
    "TheFiles",
    "TheReader",
    "TheSettings",
    "TheVault",
    "idempotent",
]
