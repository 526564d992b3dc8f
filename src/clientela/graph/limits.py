"""What one operation may cost: tokens, aliases and depth by its text, rows by what it asks for."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo
from strawberry.extensions import (
    MaskErrors,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)

from clientela.graph.types import DEFAULT_PAGE, page_size

MAX_TOKENS = 2_000
MAX_ALIASES = 20
MAX_DEPTH = 10
MAX_ROWS = 5_000
"""Rows and single objects that all resolvers of an operation may ask the database for, together."""

_COSTLY = {"conversations", "conversation", "contacts", "contact", "messages", "numbers"}


class RowBudget(SchemaExtension):
    """Refuses an operation that would read too much, at the resolver that goes too far.

    Counted while it runs, because `first` may be a variable and lists may nest.
    """

    spent = 0

    def resolve(
        self, _next: Callable[..., Any], root: Any, info: GraphQLResolveInfo[Any], *args: Any, **kwargs: Any
    ) -> Any:
        if info.field_name in _COSTLY:
            is_list = info.field_name in ("conversations", "contacts", "messages")
            self.spent += page_size(kwargs.get("first", DEFAULT_PAGE)) if is_list else 1
            if self.spent > MAX_ROWS:
                raise GraphQLError("The query asks for too much", extensions={"code": "query_too_costly"})
        return _next(root, info, *args, **kwargs)


def _is_a_surprise(error: GraphQLError) -> bool:
    """An error that we did not word ourselves: its text may hold anything."""
    return error.original_error is not None and not isinstance(error.original_error, GraphQLError)


def limits() -> list[Callable[[], SchemaExtension]]:
    """The extensions of the schema; each operation gets its own."""
    return [
        lambda: MaxTokensLimiter(MAX_TOKENS),
        lambda: MaxAliasesLimiter(MAX_ALIASES),
        lambda: QueryDepthLimiter(MAX_DEPTH),
        RowBudget,
        lambda: MaskErrors(_is_a_surprise, "Something went wrong"),
    ]
