"""Tells a Meta app where its webhooks go, with every field we understand (whatsapp-cloud-api 1.4 and 2.1)."""

from clientela.platform.settings import Settings
from clientela.whatsapp import management
from clientela.whatsapp.check_rules import address_line
from clientela.whatsapp.check_words import sentence
from clientela.whatsapp.checks import WEBHOOK_PATH
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.onboarding_problems import WebhookAddressUnfit, problem_for

FIELDS = (
    "messages", "standby", "messaging_handovers", "message_template_status_update",
    "message_template_quality_update", "message_template_components_update", "template_category_update",
    "template_correct_category_detection", "phone_number_quality_update", "phone_number_name_update",
    "account_update", "account_alerts", "account_review_update", "account_settings_update",
    "business_capability_update", "security", "partner_solutions", "payment_configuration_update",
    "user_preferences", "business_username_update", "smb_message_echoes", "smb_app_state_sync", "history", "calls",
    "flows", "group_lifecycle_update", "group_participants_update", "group_settings_update",
    "group_status_update", "automatic_events", "tracking_events",
)  # fmt: skip


async def set_up_webhook(
    graph: GraphClient, settings: Settings, app_id: str, app_secret: str, verify_token: str
) -> str:
    """Points an app's webhook at this installation; the address. Meta asks for it at once, so it must be running.

    Raises WebhookAddressUnfit, MetaRefused (also when she could not verify the address), TokenRefused,
    MetaUnreachable.
    """
    address = address_line(settings.security.public_url, settings.meta.graph_url)
    if address.result != "ok":
        raise WebhookAddressUnfit(sentence(address), reason=address.reason)
    callback = settings.security.public_url.rstrip("/") + WEBHOOK_PATH
    try:
        await management.subscribe_fields(graph, app_id, f"{app_id}|{app_secret}", callback, verify_token, FIELDS)
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error
    return callback
