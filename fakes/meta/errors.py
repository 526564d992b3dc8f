"""The two shapes of Meta's errors: an answer to a call, and an item of `errors[]` in a webhook.

The codes with their HTTP statuses, titles and details are in `catalogue`.
"""

from __future__ import annotations

from typing import Any

from fakes.meta.catalogue import CATALOGUE
from fakes.meta.ids import new_trace_id

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"


class GraphError(Exception):
    """A refusal in the HTTP answer; becomes `{"error": …}` at the edge."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        details: str | None = None,
        status: int | None = None,
        kind: str = "OAuthException",
        subcode: int | None = None,
        messaging: bool = False,
        user_title: str | None = None,
        user_message: str | None = None,
    ) -> None:
        known_status, title, known_details = CATALOGUE.get(code, (400, "Unknown error", ""))
        self.code = code
        self.status = known_status if status is None else status
        self.kind = kind
        self.subcode = subcode
        self.message = message if message is not None else f"(#{code}) {title}"
        self.details = (details or known_details) if messaging else details
        self.messaging = messaging
        self.user_title = user_title
        self.user_message = user_message
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details is not None:
            data: dict[str, Any] = {"messaging_product": "whatsapp"} if self.messaging else {}
            error["error_data"] = {**data, "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.user_title is not None:
            # Management calls still say what to show a person; messaging errors do not.
            error["is_transient"] = False
            error["error_user_title"] = self.user_title
            error["error_user_msg"] = self.user_message or self.user_title
        error["fbtrace_id"] = new_trace_id()
        return {"error": error}


def messaging_error(code: int, details: str | None = None, *, status: int | None = None) -> GraphError:
    """A refusal of `/messages`, with `error_data.messaging_product`."""
    return GraphError(code, details=details, status=status, messaging=True)


def invalid_token(message: str | None = None) -> GraphError:
    return GraphError(190, message or "Invalid OAuth access token - Cannot parse access token")


def unknown_node(method: str, node_id: str) -> GraphError:
    """A wrong id, or one this token may not see: Meta does not say which."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{node_id}' does not exist, cannot be loaded "
        "due to missing permissions, or does not support this operation. Please read the Graph API "
        "documentation at https://developers.facebook.com/docs/graph-api",
        kind="GraphMethodException",
        subcode=33,
    )


def status_error(code: int, details: str | None = None) -> dict[str, Any]:
    """The error as an item of `errors[]` in a `failed` status."""
    _, title, known_details = CATALOGUE.get(code, (400, "Unknown error", "Unknown error."))
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or known_details},
        "href": HREF,
    }
