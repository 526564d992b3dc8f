"""What becomes of account and number events: notices for people, and the state of the numbers they are about."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from clientela.platform.tx import Tx
from clientela.whatsapp import notice_queries, queries
from clientela.whatsapp.account_words import SAYINGS, Saying, read_value, word
from clientela.whatsapp.notices import tell
from clientela.whatsapp.number_state import ask_to_reconnect, change_number
from clientela.whatsapp.number_view import NumberProblem, Restriction
from clientela.whatsapp.verdicts import error_for
from clientela.whatsapp.walk import Event

_LOST_TITLES = {
    "account_deleted": "The WhatsApp account was deleted at Meta",
    "partner_removed": "The account's owner took away this app's access at Meta",
}


async def apply_account_event(tx: Tx, event: Event) -> None:
    """Tells what an event says, and changes the numbers it is about. News older than what is known is ignored."""
    for saying in SAYINGS[event.field](read_value(event.raw)):
        await _apply(tx, event, saying)


async def apply_value_errors(tx: Tx, event: Event) -> None:
    """Meta reports a trouble of the number itself, with no message to blame (whatsapp-cloud-api 2.3)."""
    try:
        found = msgspec.json.decode(event.raw)
    except msgspec.MsgspecError:
        found = []
    for one in found if isinstance(found, list) else []:
        code = word(one, "code") if isinstance(one, dict) else None
        if code is None or not code.isdigit():
            continue
        error = error_for(int(code), None)
        await tell(
            tx,
            f"error/{code}/{event.channel_id}",
            kind="number_error",
            severity="warning",
            over=False,
            waba_id=event.waba_id,
            channel_id=event.channel_id,
            at=event.at,
            until=None,
            details={"code": code, "reason": error.reason, "title": error.title},
        )


async def _apply(tx: Tx, event: Event, saying: Saying) -> None:
    numbers = await _numbers(tx, event, saying)
    if saying.display is not None and not numbers:
        return  # a number of the WABA that this account has not connected
    about_one = numbers[0] if saying.display is not None or event.channel_id is not None else None
    subject = about_one or event.waba_id
    told = await tell(
        tx,
        f"{saying.aspect}/{subject}",
        kind=saying.kind,
        severity=saying.severity,
        over=saying.over,
        waba_id=event.waba_id,
        channel_id=about_one,
        at=event.at,
        until=saying.until,
        details=saying.details,
    )
    if told:
        for channel_id in numbers:
            await _change(tx, event, saying, channel_id)


async def _numbers(tx: Tx, event: Event, saying: Saying) -> Sequence[UUID]:
    """The channels a saying is about: the number it names by its digits, else all of the account's."""
    if event.channel_id is not None:
        return [event.channel_id]
    found = await notice_queries.channels_of_account(tx, event.waba_id)
    if saying.display is None:
        return [channel_id for channel_id, _ in found]
    return [channel_id for channel_id, shown in found if _digits(shown) == saying.display]


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())


async def _change(tx: Tx, event: Event, saying: Saying, channel_id: UUID) -> None:
    if saying.changes:
        await change_number(tx, channel_id, **saying.changes)
    if saying.restriction is not None:
        await _restrict(tx, channel_id, saying.restriction)
    number = await queries.get_number(tx, channel_id)
    if number is None:
        return
    if saying.pause is not None and number.status == "connected":
        await change_number(tx, channel_id, status="paused", pause_reason=saying.pause, paused_until=None)
    if saying.resume is not None and number.status == "paused" and number.pause_reason == saying.resume:
        await change_number(tx, channel_id, status="connected")
    if saying.lost is not None:
        title = _LOST_TITLES[saying.lost]
        await ask_to_reconnect(tx, channel_id, NumberProblem(reason=saying.lost, title=title, at=event.at))


async def _restrict(tx: Tx, channel_id: UUID, restriction: Restriction) -> None:
    """Adds or renews a restriction and lets go of those that are over."""
    number = await queries.get_number(tx, channel_id)
    if number is None:
        return
    known = msgspec.convert(number.restrictions, list[Restriction])
    kept = [one for one in known if one.type != restriction.type and (one.until is None or one.until > tx.now())]
    await change_number(tx, channel_id, restrictions=[*kept, restriction])
