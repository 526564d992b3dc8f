"""Meta's errors: the catalogue of codes, and the two shapes they take (an HTTP answer, a `failed` status).

Codes, HTTP statuses and meanings follow section 6.5 of the Cloud API reference. Titles are Meta's wording
where it is known; clients must branch on `code` and `error_data.details` only.
"""

from __future__ import annotations

from typing import Any

from fakes.meta.ids import new_trace_id

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"

# code: (HTTP status, title, details)
CATALOGUE: dict[int, tuple[int, str, str]] = {
    0: (401, "AuthException", "We were unable to authenticate the app user."),
    1: (400, "API Unknown", "Invalid request or possible server error."),
    2: (503, "API Service", "Temporary due to downtime or due to being overloaded."),
    3: (500, "API Method", "Capability or permissions issue."),
    4: (400, "API Too Many Calls", "The app has reached its API call rate limit."),
    10: (403, "Permission Denied", "Permission is either not granted or has been removed."),
    100: (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: (401, "Access token has expired", "Your access token has expired."),
    200: (403, "API Permission", "Permission is either not granted or has been removed."),
    368: (403, "Temporarily blocked for policies violations", "The account has been restricted or disabled."),
    80007: (400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130403: (403, "Blocked user", "You have blocked this user."),
    130429: (400, "Rate limit hit", "Message failed to send because there were too many messages sent."),
    130472: (400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
    130497: (
        403,
        "Business account is restricted from messaging users in this country",
        "The business is not allowed to message users in this country.",
    ),
    131000: (500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: (403, "Access denied", "Permission is either not granted or has been removed."),
    131008: (400, "Required parameter is missing", "The request is missing a required parameter."),
    131009: (400, "Parameter value is not valid", "One or more parameter values are invalid."),
    131016: (503, "Service unavailable", "A service is temporarily unavailable."),
    131021: (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: (400, "Message undeliverable", "Message Undeliverable."),
    131030: (400, "Recipient phone number not in allowed list", "Add recipient phone number to recipient list."),
    131031: (403, "Account has been locked", "The WhatsApp Business Account has been restricted or disabled."),
    131037: (400, "Display name approval needed", "The number needs display name approval before it can send."),
    131042: (400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131045: (500, "Incorrect certificate", "Message failed to send due to a phone number registration error."),
    131047: (
        400,
        "Re-engagement message",
        (
            "Message failed to send because more than 24 hours have passed "
            "since the customer last replied to this number."
        ),
    ),
    131048: (
        400,
        "Spam rate limit hit",
        "There are restrictions on how many messages can be sent from this number.",
    ),
    131049: (
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: (
        400,
        "User has stopped marketing messages",
        "The recipient chose to stop receiving marketing messages.",
    ),
    131051: (400, "Unsupported message type", "Message type is not currently supported."),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages to this user."),
    131057: (500, "Account in maintenance mode", "Business Account is in maintenance mode."),
    131062: (400, "Unsupported recipient", "A business-scoped user id is not supported for this message."),
    131070: (403, "Not the thread owner", "Another app owns this thread."),
    132001: (404, "Template does not exist", "Template name does not exist in the translation."),
    133005: (400, "Two step verification PIN Mismatch", "The two-step verification PIN is incorrect."),
    133010: (400, "Phone number not registered", "The phone number is not registered on the WhatsApp platform."),
}


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
    ) -> None:
        known_status, title, known_details = CATALOGUE.get(code, (400, "Unknown error", ""))
        self.code = code
        self.status = known_status if status is None else status
        self.kind = kind
        self.subcode = subcode
        self.message = message if message is not None else f"(#{code}) {title}"
        self.details = (details or known_details) if messaging else details
        self.messaging = messaging
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        if self.details is not None:
            data: dict[str, Any] = {"messaging_product": "whatsapp"} if self.messaging else {}
            error["error_data"] = {**data, "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
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
