"""The base of every error a client may see; `platform.http.problems` turns it into RFC 9457.

A problem is a sentence about what was refused. Its safe fields are shown to the client, so they
never carry secrets or another tenant's data.
"""

from typing import ClassVar


class Problem(Exception):
    """A refusal with a stable `code`, an HTTP `status`, a `title` and safe `fields`."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str | None = None, **fields: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.fields = fields


class NotFound(Problem):
    """The object is absent, or belongs to somebody else: the two look the same on purpose."""

    code = "not_found"
    status = 404
    title = "Not found"


class NotAuthenticated(Problem):
    code = "not_authenticated"
    status = 401
    title = "You are not logged in"


class PermissionDenied(Problem):
    code = "permission_denied"
    status = 403
    title = "Your role does not allow this"


class InvalidRequest(Problem):
    """`errors` lists what is wrong as `{"field", "message"}`."""

    code = "invalid_request"
    status = 400
    title = "The request is not valid"


class IdempotencyKeyReused(Problem):
    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used for a different request"


class ServiceUnavailable(Problem):
    code = "service_unavailable"
    status = 503
    title = "The service cannot do this right now"
