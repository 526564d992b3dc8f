"""Every error code of section 6.5 of the Cloud API reference: HTTP status, title, details.

Titles are Meta's wording where it is known; clients must branch on `code` and `error_data.details` only. Codes
that only ever come by webhook carry the status Meta's list gives them, or 400.
"""

from __future__ import annotations

GENERAL: dict[int, tuple[int, str, str]] = {
    0: (401, "AuthException", "We were unable to authenticate the app user."),
    1: (400, "API Unknown", "Invalid request or possible server error."),
    2: (503, "API Service", "Temporary due to downtime or due to being overloaded."),
    3: (500, "API Method", "Capability or permissions issue."),
    4: (400, "API Too Many Calls", "The app has reached its API call rate limit."),
    10: (403, "Permission Denied", "Permission is either not granted or has been removed."),
    33: (400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: (401, "Access token has expired", "Your access token has expired."),
    200: (403, "API Permission", "Permission is either not granted or has been removed."),
    368: (403, "Temporarily blocked for policies violations", "The account has been restricted or disabled."),
    80007: (400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
}

MESSAGING: dict[int, tuple[int, str, str]] = {
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
    131020: (400, "Group is not available", "The group does not exist or cannot be messaged."),
    131021: (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: (400, "Message undeliverable", "Message Undeliverable."),
    131030: (400, "Recipient phone number not in allowed list", "Add recipient phone number to recipient list."),
    131031: (403, "Account has been locked", "The WhatsApp Business Account has been restricted or disabled."),
    131035: (400, "Webhook could not be delivered", "The message was dropped under No Storage retention."),
    131036: (400, "Message payload unavailable", "The payload of this message is no longer available."),
    131037: (400, "Display name approval needed", "The number needs display name approval before it can send."),
    131041: (400, "Group message failed", "The message could not be sent to the group."),
    131042: (400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131044: (400, "Business eligibility payment issue", "There was an error related to your payment method."),
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
    131052: (400, "Media download error", "Unable to download the media sent by the user."),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131055: (400, "Method not allowed", "This method is only for marketing templates."),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages to this user."),
    131057: (500, "Account in maintenance mode", "Business Account is in maintenance mode."),
    131059: (400, "Invalid cursor", "The pagination cursor is not valid any more."),
    131060: (400, "This message is currently unavailable.", "The message is not available to the API."),
    131061: (400, "Not supported on this endpoint", "Max-price templates cannot be sent with /messages."),
    131062: (400, "Unsupported recipient", "A business-scoped user id is not supported for this message."),
    131063: (400, "Marketing disabled", "Marketing messages are disabled on the Cloud API of this account."),
    131064: (400, "Template misclassification limit", "Sending is limited because of misclassified templates."),
    131065: (400, "Max price not available", "Max price is not available in this country."),
    131070: (403, "Not the thread owner", "Another app owns this thread."),
}

TEMPLATES: dict[int, tuple[int, str, str]] = {
    132000: (400, "Template Param Count Mismatch", "The number of parameters does not match the template."),
    132001: (404, "Template does not exist", "Template name does not exist in the translation."),
    132005: (400, "Template Hydrated Text Too Long", "Translated text is too long."),
    132007: (400, "Template Format Character Policy Violated", "Template content violates a WhatsApp policy."),
    132008: (400, "Parameter format mismatch", "Variable parameter values formatted incorrectly."),
    132012: (400, "Template Parameter Format Mismatch", "Variable parameter values formatted incorrectly."),
    132015: (400, "Template is Paused", "Template is paused due to low quality."),
    132016: (400, "Template is Disabled", "Template has been paused too many times and is permanently disabled."),
    132018: (400, "Template parameters invalid", "There is an issue with the parameters in your template."),
    132068: (400, "Flow is blocked", "Flow is in blocked state."),
    132069: (400, "Flow is throttled", "Flow is in throttled state and 10 messages were already sent this hour."),
    134100: (400, "Only marketing messages supported", "Only marketing messages are supported on this endpoint."),
    134101: (400, "Template is syncing", "The template is still syncing; this takes up to 10 minutes."),
    134102: (500, "Template unavailable for use", "The template is unavailable for use."),
    141002: (400, "Template not approved", "The template is not approved."),
}

ACCOUNTS: dict[int, tuple[int, str, str]] = {
    133000: (500, "Incomplete Deregistration", "A previous deregistration attempt failed."),
    133004: (503, "Server Temporarily Unavailable", "Server is temporarily unavailable."),
    133005: (400, "Two step verification PIN Mismatch", "The two-step verification PIN is incorrect."),
    133006: (
        400,
        "Phone number re-verification needed",
        "The phone number needs to be verified before registering.",
    ),
    133008: (400, "Too many two step verification PIN guesses", "Too many PIN guesses. Try again in 1 hour."),
    133009: (
        400,
        "Two step verification PIN guessed too fast",
        "The PIN was entered too quickly. Try in 10 minutes.",
    ),
    133010: (400, "Phone number not registered", "The phone number is not registered on the WhatsApp platform."),
    133015: (400, "Please wait a few minutes before attempting to register this phone number", "Wait 5 minutes."),
    133016: (400, "Account register / deregister rate limit exceeded", "Too many attempts in the last 72 hours."),
    134011: (400, "WhatsApp Payments terms not accepted", "The terms of WhatsApp Payments are not accepted."),
    135000: (400, "Generic user error", "Message failed to send because of an unknown error with the parameters."),
    136024: (400, "Phone number already verified", "The phone number is already verified."),
    137000: (400, "Recipient identity key hash mismatch", "The identity key hash of the recipient has changed."),
    138000: (400, "Calling not enabled", "Calling is not enabled on this phone number."),
    138006: (400, "No call permission", "The user has not given permission to be called."),
    139000: (400, "Flow is blocked by integrity", "The flow is blocked."),
    139001: (400, "Flow update failed", "The flow cannot be updated."),
    139002: (400, "Flow publishing failed", "The flow cannot be published."),
    139003: (400, "Flow deprecation failed", "The flow cannot be deprecated."),
    139004: (400, "Flow deletion failed", "The flow cannot be deleted."),
    139100: (400, "Failed to block/unblock some users", "Some users could not be blocked or unblocked."),
    139101: (400, "Blocklist limit reached", "The block list has reached 64000 users."),
    139102: (400, "Blocklist concurrent update", "The block list is being updated by another request."),
    139103: (400, "Re-engagement required", "The user has not messaged this number within the last 24 hours."),
    147001: (400, "Invalid username", "A username has 3 to 35 characters of a-z, 0-9, period and underscore."),
    147002: (400, "Username not available", "The username is not available."),
    147003: (400, "Username change limit", "The username was changed too often."),
    147004: (400, "Username not found", "The number has no username."),
    147005: (400, "Username transfer needed", "Another number of the portfolio holds the username."),
    2593107: (400, "Synchronization request limit exceeded", "This was already synchronised once."),
    2593108: (400, "Synchronization window expired", "Synchronise within 24 hours of onboarding."),
    2593109: (400, "History sharing turned off", "The business has declined to share its chat history."),
}

# code: (HTTP status, title, details)
CATALOGUE: dict[int, tuple[int, str, str]] = {**GENERAL, **MESSAGING, **TEMPLATES, **ACCOUNTS}
