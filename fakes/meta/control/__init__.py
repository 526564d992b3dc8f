"""The control API under `/_control`: set a business up, act as its customers, break things, look inside.

No authentication, and loopback callers only. Handlers parse, call the engine, and answer; nothing is decided
here. Errors are `{"error": "<sentence>"}` with 404 or 400: this side is ours, not Meta's.
"""

from __future__ import annotations

from litestar import Response, Router
from litestar.exceptions import ClientException

from fakes.meta.control import acts, business, events, inside, people
from fakes.meta.control.shared import Asked, loopback_only

MAX_BODY = 160_000_000  # a file of 100 MB in base64


def _plain_error(_: Asked, error: Exception) -> Response[dict[str, str]]:
    status = getattr(error, "status_code", 500)
    extra = getattr(error, "extra", None)
    text = f"{getattr(error, 'detail', error)}" + (f" {extra}" if extra else "")
    return Response({"error": text}, status_code=status)


router = Router(
    "/_control",
    guards=[loopback_only],
    exception_handlers={ClientException: _plain_error},
    route_handlers=[*business.ROUTES, *people.ROUTES, *acts.ROUTES, *events.ROUTES, *inside.ROUTES],
    request_max_body_size=MAX_BODY,
)
