"""What a status tells of a message's price, and of the free entry point it stands in (whatsapp-cloud-api 2.4)."""

from datetime import datetime

from clientela.prices import Pricing, category_of, market_of
from clientela.whatsapp.kinds import read_shape
from clientela.whatsapp.wire import WireConversation, WirePricing, WireStatus, later_instant, words


def pricing_of(status: WireStatus) -> Pricing | None:
    """Meta's words about the price; None when it has none, or none that can be read."""
    told = read_shape(bytes(status.pricing), WirePricing)
    if told is None:
        return None
    return Pricing(category=category_of(told.category), type=told.type, subtype=told.subtype)


def market_of_recipient(status: WireStatus) -> str | None:
    """The country that sets the price. In a group each participant is one recipient."""
    if status.recipient_type == "group":
        return market_of(words(status.recipient_participant_id), status.recipient_participant_user_id)
    return market_of(words(status.recipient_id), status.recipient_user_id)


def free_entry_ends_at(status: WireStatus, arrived_at: datetime) -> datetime | None:
    """Until when the thread is free. Old versions show the window of every conversation; only an ad's is free."""
    told = read_shape(bytes(status.conversation), WireConversation)
    if told is None or told.origin is None or told.origin.type != "referral_conversion":
        return None
    return later_instant(told.expiration_timestamp, arrived_at)
