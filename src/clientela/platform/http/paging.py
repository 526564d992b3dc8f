"""The query parameters of every paged list."""

from typing import Annotated

from litestar.params import Parameter

MAX_PAGE = 200
PageLimit = Annotated[int, Parameter(query="limit", ge=1, le=MAX_PAGE, default=50)]
PageCursor = Annotated[str | None, Parameter(query="cursor", default=None, max_length=500)]
