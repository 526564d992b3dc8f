"""What every HTTP edge shares: problems, pages, idempotency, health. The one part of platform that knows Litestar."""

from clientela.platform.http.idempotency import idempotent
from clientela.platform.http.paging import PageCursor, PageLimit
from clientela.platform.http.problems import PROBLEM_HANDLERS

__all__ = ["PROBLEM_HANDLERS", "PageCursor", "PageLimit", "idempotent"]
