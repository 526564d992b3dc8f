"""What conversations refuse, and why."""

from clientela.platform.problems import Problem


class ServiceWindowClosed(Problem):
    """More than 24 h since the customer wrote: Meta accepts templates only (whatsapp-cloud-api 6.1)."""

    code = "service_window_closed"
    status = 409
    title = "The customer's 24-hour service window is closed"


class MarketingOptedOut(Problem):
    """The database refuses it too, whatever road is taken."""

    code = "marketing_opted_out"
    status = 409
    title = "This customer has stopped marketing messages"


class TextEmpty(Problem):
    code = "text_empty"
    status = 422
    title = "The message has no text"


class TextTooLong(Problem):
    code = "text_too_long"
    status = 422
    title = "The message is longer than WhatsApp allows"


class MessageInvalid(Problem):
    """`errors` lists every limit that is overstepped: `field`, `rule`, `limit` and `message` (limits.Breach)."""

    code = "message_invalid"
    status = 422
    title = "WhatsApp does not allow a message like this"


class EmojiInvalid(Problem):
    code = "emoji_invalid"
    status = 422
    title = "A reaction is a single emoji"


class MessageNotReactable(Problem):
    """`reason`: `not_sent`, `revoked`, `no_message` or `too_old` (whatsapp-cloud-api 3.1)."""

    code = "message_not_reactable"
    status = 409
    title = "This message takes no reaction"


class ConversationClosed(Problem):
    code = "conversation_closed"
    status = 409
    title = "The conversation is closed; reopen it to reply"


class ConversationAlreadyOpen(Problem):
    """At most one open conversation for a contact and channel."""

    code = "conversation_already_open"
    status = 409
    title = "This customer already has an open conversation on this number"


class MessageNotRetryable(Problem):
    code = "message_not_retryable"
    status = 409
    title = "Only a message that failed, or whose outcome is uncertain, can be sent again"


class ChannelDisconnected(Problem):
    code = "number_disconnected"
    status = 409
    title = "The number of this conversation is no longer connected"


class NoSuchMember(Problem):
    code = "invalid_assignee"
    status = 422
    title = "Only a member of the account can be responsible for a conversation"


class FileEmpty(Problem):
    code = "file_empty"
    status = 422
    title = "The file is empty"


class FileTooLarge(Problem):
    """`max_bytes` for the `kind`; `may_be_document`: as a document it could go (whatsapp-cloud-api 4)."""

    code = "file_too_large"
    status = 413
    title = "The file is larger than WhatsApp allows"


class FileTypeNotAllowed(Problem):
    """`mime_type` is what the bytes say; `allowed`, what the `kind` may be; `reason`: `type`, `codec`,
    `audio_streams`, `dimensions`, or `unreadable`."""

    code = "file_type_not_allowed"
    status = 422
    title = "WhatsApp does not take such a file as this kind of message"


class UploadInterrupted(Problem):
    """The rest of the file did not come."""

    code = "upload_interrupted"
    status = 408
    title = "The upload was interrupted"


class UploadNotFound(Problem):
    """Not of this account, or a day old."""

    code = "upload_not_found"
    status = 422
    title = "The uploaded file is not there any more; upload it again"
