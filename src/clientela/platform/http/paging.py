"""The query parameters of every paged list: `limit: PageLimit = DEFAULT_PAGE, cursor: PageCursor = None`."""

from typing import Annotated

from litestar.params import QueryParameter

DEFAULT_PAGE = 50
MAX_PAGE = 200
PageLimit = Annotated[int, QueryParameter(name="limit", ge=1, le=MAX_PAGE)]
PageCursor = Annotated[str | None, QueryParameter(name="cursor", max_length=500)]
