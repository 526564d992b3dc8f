"""Problems become RFC 9457 in this one place; whatever is not a problem becomes a quiet 500 with a trace id."""

from typing import Any

from asyncpg.exceptions import CharacterNotInRepertoireError, UntranslatableCharacterError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from opentelemetry import trace

from clientela.platform.bus import BusUnavailable
from clientela.platform.db import is_away
from clientela.platform.logs import get_logger
from clientela.platform.problems import InvalidRequest, Problem, ServiceUnavailable

log = get_logger(__name__)

_RETRY_AFTER_S = 2

_MEDIA_TYPE = "application/problem+json"
_CODES = {400: "invalid_request", 401: "not_authenticated", 403: "permission_denied", 404: "not_found"}
_MORE_CODES = {
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    429: "too_many_attempts",
}


def problem_response(problem: Problem) -> Response[dict[str, Any]]:
    """The answer a client sees for `problem`."""
    content: dict[str, Any] = {
        "type": f"urn:clientela:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        **problem.fields,
    }
    if problem.detail:
        content["detail"] = problem.detail
    headers = {}
    if isinstance(problem.fields.get("retry_after_s"), int):
        headers["Retry-After"] = str(problem.fields["retry_after_s"])
    return Response(content, status_code=problem.status, media_type=_MEDIA_TYPE, headers=headers)


def _on_problem(_: Request[Any, Any, Any], problem: Problem) -> Response[dict[str, Any]]:
    return problem_response(problem)


def _on_validation(_: Request[Any, Any, Any], error: ValidationException) -> Response[dict[str, Any]]:
    extra = error.extra if isinstance(error.extra, list) else []
    errors = [{"field": str(item.get("key", "")), "message": str(item.get("message", ""))} for item in extra]
    return problem_response(InvalidRequest(errors=errors))


def _on_http_error(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    code = {**_CODES, **_MORE_CODES}.get(error.status_code, "http_error")
    content = {
        "type": f"urn:clientela:problem:{code}",
        "title": error.detail or code,
        "status": error.status_code,
        "code": code,
    }
    return Response(content, status_code=error.status_code, media_type=_MEDIA_TYPE)


def _on_unstorable_text(_: Request[Any, Any, Any], __: Exception) -> Response[dict[str, Any]]:
    """PostgreSQL's text holds no U+0000; whoever sent one, in whatever field, sent something invalid."""
    return problem_response(InvalidRequest("Text must not contain the character U+0000."))


def _on_crash(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    if isinstance(error, BusUnavailable) or is_away(error):
        log.warning("request.without_server", method=request.method, error=type(error).__name__)
        return problem_response(ServiceUnavailable(retry_after_s=_RETRY_AFTER_S))
    context = trace.get_current_span().get_span_context()
    trace_id = f"{context.trace_id:032x}" if context.is_valid else None
    # The type and the place, never the message: it may quote what a person wrote.
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    where = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""
    log.error("request.crashed", method=request.method, error=type(error).__name__, where=where)
    return problem_response(Problem(**({"trace_id": trace_id} if trace_id else {})))


PROBLEM_HANDLERS: dict[Any, Any] = {
    Problem: _on_problem,
    ValidationException: _on_validation,
    HTTPException: _on_http_error,
    CharacterNotInRepertoireError: _on_unstorable_text,
    UntranslatableCharacterError: _on_unstorable_text,
    Exception: _on_crash,
}
