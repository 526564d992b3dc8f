"""What every HTTP edge shares: problems, pages, idempotency, health. The one part of platform that knows Litestar."""

from clientela.platform.http.idempotency import idempotent
from clientela.platform.http.paging import Page, decode_cursor, encode_cursor, page_size
from clientela.platform.http.problems import PROBLEM_HANDLERS

__all__ = ["PROBLEM_HANDLERS", "Page", "decode_cursor", "encode_cursor", "idempotent", "page_size"]
