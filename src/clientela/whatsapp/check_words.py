"""A check in sentences, for the command line. Screens have their own, in three languages (web/src/i18n)."""

from clientela.whatsapp.check_rules import CheckLine

_SENTENCES: dict[tuple[str, str], str] = {
    ("token", "never_ends"): "The token is valid and never ends.",
    ("token", "ends"): "The token is valid until {at}.",
    ("token", "ends_soon"): "The token ends soon, at {at}. Make one that never ends (a system user's).",
    ("token", "temporary"): "This token ends at {at}: it is a temporary one, for trying things out. "
    "Use a system user's token, which can last for ever.",
    ("token", "invalid"): "Meta does not accept this token. It may have ended, been revoked, or be cut short.",
    ("token", "not_told"): "Meta does not say anything about this token: {detail}",
    ("token", "meta_away"): "Meta does not answer right now. Try again in a minute.",
    ("scopes", "all"): "The token has both permissions.",
    ("scopes", "lacking"): "The token lacks permissions: {detail}. Make it anew with them.",
    ("scopes", "not_told"): "The token's permissions are not known.",
    ("account", "reached"): "The WhatsApp Business Account {detail} can be reached.",
    ("account", "rejected"): "Meta has rejected the account {detail}. See the WhatsApp Manager.",
    ("account", "unreachable"): "The WABA id is wrong, or the token was not given this account. Assign the account "
    "to the system user.",
    ("number", "in_account"): "The number {detail} belongs to the account.",
    (
        "number",
        "not_in_account",
    ): "The number {detail} belongs to another WhatsApp Business Account: the WABA id and "
    "the phone number id do not fit together.",
    ("number", "elsewhere"): "The number {detail} is connected by another account of this installation.",
    ("number", "unreachable"): "The phone number id is wrong (it is not the number itself), or the token was not "
    "given its account.",
    ("registered", "registered"): "The number is registered for the Cloud API.",
    (
        "registered",
        "shared_with_phone",
    ): "The number is shared with the WhatsApp Business app; it is not registered here, and must not be.",
    (
        "registered",
        "not_registered",
    ): "The number is not registered yet ({detail}). Connecting does it; if the number "
    "has a two-step PIN, give it.",
    ("registered", "blocked"): "Meta has taken the number out of service ({detail}).",
    ("registered", "trouble"): "Meta reports the number as {detail}.",
    ("display_name", "approved"): "The display name {detail} is approved.",
    ("display_name", "pending"): "The display name {detail} waits for Meta's review.",
    ("display_name", "declined"): "Meta declined the display name {detail}. Change it in the WhatsApp Manager.",
    ("display_name", "expired"): "The display name {detail} has expired. Change it in the WhatsApp Manager.",
    ("display_name", "other"): "The display name {detail} is not approved.",
    ("sending", "available"): "Meta lets the number send.",
    ("sending", "limited"): "Meta limits what the number may send: {detail}",
    ("sending", "blocked"): "Meta does not let the number send: {detail}",
    ("payment", "none"): "The account has no means of payment. Add one in the WhatsApp Manager, or messages stop "
    "after the free ones.",
    ("app_secret", "matches"): "The app secret is that of the token's app.",
    ("app_secret", "wrong"): "The app secret is not that of the token's app; webhooks would be refused.",
    ("app_secret", "other_app"): "The token belongs to another Meta app than this installation's. Give that app's "
    "secret (--app-secret), or make the token with the installation's app.",
    (
        "app_secret",
        "none_set",
    ): "No app secret is set (CLIENTELA_META_APP_SECRET, or --app-secret); webhooks would be refused.",
    ("app_secret", "not_told"): "Whether the app secret is right could not be found out.",
    ("address", "reachable"): "{detail} can be Meta's address for webhooks.",
    ("address", "local"): "{detail} is this machine's alone; Meta cannot reach it. Set CLIENTELA_PUBLIC_URL.",
    ("address", "not_https"): "{detail} is not https; Meta sends nothing there. Set CLIENTELA_PUBLIC_URL.",
    ("webhook", "ours"): "Meta sends webhooks to {detail}.",
    ("webhook", "none"): "The Meta app has no webhook. Enter {detail} and the verify token in the app's settings.",
    ("webhook", "elsewhere"): "Meta sends webhooks to another address. It should be {detail}.",
    ("webhook", "no_messages"): "The Meta app's webhook does not have the field messages. Subscribe it.",
    ("subscribed", "subscribed"): "The app is attached to the account.",
    ("subscribed", "will_be"): "The app will be attached to the account when the number is connected.",
    ("subscribed", "not_subscribed"): "The app is not attached to the account; nothing arrives.",
    ("subscribed", "not_told"): "Whether the app is attached to the account could not be found out.",
    ("account", "meta_away"): "Meta does not answer right now. Try again in a minute.",
    ("account", "not_told"): "The account could not be looked at.",
    ("number", "meta_away"): "Meta does not answer right now. Try again in a minute.",
    ("number", "not_told"): "The number could not be looked at.",
}


def sentence(line: CheckLine) -> str:
    """What a line says, with what to do."""
    words = _SENTENCES[(line.key, line.reason)]
    at = f"{line.at:%Y-%m-%d %H:%M} UTC" if line.at else ""
    return words.format(detail=line.detail or "", at=at).replace("  ", " ")
