"""Our reactions: they stand at once, leave once, and are taken back when they did not go."""

import random
from uuid import UUID

import pytest

from clientela.conversations import (
    MessageError,
    OutgoingReaction,
    SendReaction,
    StatusUpdate,
    apply_statuses,
    change_conversation,
    claim_reaction,
    put_off_reaction,
    react,
    record_reaction_failed,
    record_reaction_sent,
    record_reaction_uncertain,
)
from clientela.conversations.problems import (
    ChannelDisconnected,
    ConversationClosed,
    EmojiInvalid,
    MessageNotReactable,
    ServiceWindowClosed,
)
from clientela.conversations.rules import SEND_LEASE
from clientela.conversations.schemas import ConversationChange, Message
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Work
from clientela.platform.problems import NotFound
from tests.conftest import MovableClock
from tests.conversations.conftest import Writes, answer, facts, inbox, thread

_NO = MessageError(code=131026, reason="not_on_whatsapp", title="no", retryable=True)


class Chat:
    """A conversation with one message of the customer's, and what can be done to it."""

    def __init__(self, db: Database, account: UUID, conversation: UUID, message: UUID) -> None:
        self.db, self.account, self.conversation, self.message = db, account, conversation, message

    async def react(self, emoji: str | None) -> Message:
        async with self.db.begin(self.account) as tx:
            return await react(tx, self.conversation, self.message, emoji)

    async def claim(self, job_id: int = 1) -> OutgoingReaction | None:
        async with self.db.begin(self.account) as tx:
            return await claim_reaction(tx, SendReaction(message_id=self.message), Work(self.account, job_id, 0))

    async def sent(self, outgoing: OutgoingReaction) -> None:
        async with self.db.begin(self.account) as tx:
            await record_reaction_sent(tx, outgoing, f"wamid.{new_id()}")

    async def failed(self, outgoing: OutgoingReaction) -> None:
        async with self.db.begin(self.account) as tx:
            await record_reaction_failed(tx, outgoing, _NO)

    async def status(self, outgoing: OutgoingReaction, status: str, error: MessageError | None = None) -> None:
        async with self.db.begin(self.account) as tx:
            update = StatusUpdate(
                wamid=f"wamid.{new_id()}", status=status, at=tx.now(), error=error, reference=outgoing.reference
            )
            await apply_statuses(tx, [update])

    async def shown(self) -> tuple[str | None, str | None]:
        """Our emoji on the message, and the reason why the last one is not there."""
        async with self.db.begin(self.account) as tx:
            message = next(one for one in await thread(tx, self.conversation) if one.id == self.message)
        ours = [one.emoji for one in message.reactions if one.by == "us"]
        return (ours[0] if ours else None, message.reaction_error.reason if message.reaction_error else None)

    async def jobs(self) -> int:
        async with self.db.system() as sql:
            return int(
                await sql.fetchval(
                    "select count(*) from pgqueuer where entrypoint = 'send_reaction' "
                    "and headers->>'tenant_id' = $1",
                    str(self.account),
                )
            )

    async def must_claim(self, job_id: int = 1) -> OutgoingReaction:
        claimed = await self.claim(job_id)
        assert claimed is not None
        return claimed


@pytest.fixture
async def chat(db: Database, account: UUID, writes: Writes) -> Chat:
    await writes("oi")
    async with db.begin(account) as tx:
        (conversation,) = await inbox(tx)
        (message,) = await thread(tx, conversation.id)
    return Chat(db, account, conversation.id, message.id)


async def test_it_stands_at_once_and_one_job_is_asked_for(chat: Chat) -> None:
    message = await chat.react("👍")
    assert [(one.emoji, one.by) for one in message.reactions] == [("👍", "us")]
    assert await chat.jobs() == 1
    assert (await facts(chat.db, chat.account))[-1]["type"] == "message.changed"
    claimed = await chat.must_claim()
    assert (claimed.emoji, claimed.recipient.wa_id) == ("👍", "5511985550111")


async def test_the_same_again_changes_nothing(chat: Chat) -> None:
    await chat.react("👍")
    before = await facts(chat.db, chat.account)
    await chat.react("👍")
    assert (await facts(chat.db, chat.account), await chat.jobs()) == (before, 1)


async def test_ours_stands_beside_the_customers(chat: Chat) -> None:
    async with chat.db.begin(chat.account) as tx:
        await tx.execute(
            """update message set reactions = '[{"emoji": "❤️", "by": "contact", "at": "2026-11-01T00:00:00Z"}]'
            where id = $1""",
            chat.message,
        )
    message = await chat.react("👍")
    assert [(one.emoji, one.by) for one in message.reactions] == [("❤️", "contact"), ("👍", "us")]
    assert [one.by for one in (await chat.react(None)).reactions] == ["contact"]


async def test_one_that_arrived_is_not_sent_again_by_any_job(chat: Chat) -> None:
    await chat.react("👍")
    await chat.sent(await chat.must_claim())
    assert await chat.claim() is None
    assert await chat.claim(job_id=2) is None
    assert await chat.shown() == ("👍", None)


async def test_one_that_failed_is_taken_back_with_its_reason(chat: Chat) -> None:
    await chat.react("👍")
    await chat.failed(await chat.must_claim())
    assert await chat.shown() == (None, "not_on_whatsapp")
    assert (await facts(chat.db, chat.account))[-1]["data"]["message"]["reaction_error"][
        "reason"
    ] == "not_on_whatsapp"
    assert await chat.claim() is None
    await chat.react("👍")  # a person tries again
    assert (await chat.must_claim()).emoji == "👍"
    assert await chat.shown() == ("👍", None)


async def test_when_a_change_fails_what_stood_before_stands_again(chat: Chat) -> None:
    await chat.react("👍")
    await chat.sent(await chat.must_claim())
    await chat.react("❤️")
    await chat.failed(await chat.must_claim())
    assert await chat.shown() == ("👍", "not_on_whatsapp")


async def test_when_taking_back_fails_it_stands_again(chat: Chat) -> None:
    await chat.react("👍")
    await chat.sent(await chat.must_claim())
    assert (await chat.react(None)).reactions == []
    claimed = await chat.must_claim()
    assert claimed.emoji == ""
    await chat.failed(claimed)
    assert await chat.shown() == ("👍", "not_on_whatsapp")


async def test_a_failure_that_comes_by_status_takes_it_back(chat: Chat) -> None:
    await chat.react("👍")
    claimed = await chat.must_claim()
    await chat.sent(claimed)
    await chat.status(claimed, "failed", _NO)
    await chat.status(claimed, "failed", _NO)
    assert await chat.shown() == (None, "not_on_whatsapp")


async def test_a_failure_of_one_that_was_replaced_is_no_news(chat: Chat) -> None:
    await chat.react("👍")
    first = await chat.must_claim()
    await chat.sent(first)
    await chat.react("❤️")
    await chat.sent(await chat.must_claim())
    await chat.status(first, "failed", _NO)
    assert await chat.shown() == ("❤️", None)


async def test_a_change_meanwhile_waits_for_the_outcome_and_then_goes(chat: Chat) -> None:
    await chat.react("👍")
    first = await chat.must_claim()
    await chat.react("❤️")
    assert await chat.claim(job_id=2) is None
    await chat.sent(first)
    assert await chat.shown() == ("❤️", None)
    assert (await chat.must_claim(job_id=3)).emoji == "❤️"
    assert await chat.jobs() == 3  # two asked for, and one when the first had its outcome


async def test_a_change_meanwhile_goes_though_the_first_failed(chat: Chat) -> None:
    await chat.react("👍")
    first = await chat.must_claim()
    await chat.react("❤️")
    await chat.failed(first)
    assert await chat.shown() == ("❤️", None)
    assert (await chat.must_claim(job_id=3)).emoji == "❤️"


async def test_one_taken_back_before_it_left_leaves_nothing_standing(chat: Chat) -> None:
    """Sent all the same: the phone that shares our number may have reacted in between."""
    await chat.react("👍")
    await chat.react(None)
    claimed = await chat.must_claim()
    assert (claimed.emoji, claimed.revision) == ("", 2)
    await chat.sent(claimed)
    assert await chat.claim() is None


async def test_ours_replaces_what_the_phone_beside_us_reacted_with(chat: Chat) -> None:
    await chat.react("👍")
    await chat.sent(await chat.must_claim())
    async with chat.db.begin(chat.account) as tx:
        await tx.execute(
            """update message set reactions = '[{"emoji": "❤️", "by": "us", "at": "2026-11-01T00:00:00Z"}]'"""
        )
    await chat.react("👍")
    assert (await chat.must_claim()).emoji == "👍"


async def test_one_put_off_is_sent_by_the_same_job(chat: Chat) -> None:
    await chat.react("👍")
    async with chat.db.begin(chat.account) as tx:
        claimed = await claim_reaction(tx, SendReaction(message_id=chat.message), Work(chat.account, 1, 0))
        assert claimed is not None
        await put_off_reaction(tx, claimed)
    again = await chat.must_claim()
    assert again.attempt == 2
    async with chat.db.begin(chat.account) as tx:
        await put_off_reaction(tx, again, tried=False)  # for the pace of the number: Meta was not asked
    assert (await chat.must_claim()).attempt == 2


@pytest.mark.parametrize("how", ["answer lost", "crash", "worker gone"])
async def test_what_nobody_knows_stands_with_a_word_and_is_not_sent_again(
    chat: Chat, how: str, clock: MovableClock
) -> None:
    await chat.react("👍")
    claimed = await chat.must_claim()
    if how == "answer lost":
        async with chat.db.begin(chat.account) as tx:
            await record_reaction_uncertain(tx, claimed)
    elif how == "worker gone":
        assert await chat.claim(job_id=2) is None
        assert await chat.shown() == ("👍", None)
        clock.move(seconds=SEND_LEASE.total_seconds())
    assert await chat.claim(job_id=2 if how == "worker gone" else 1) is None
    assert await chat.shown() == ("👍", "uncertain")
    await chat.status(claimed, "sent")
    assert await chat.shown() == ("👍", None)


async def test_a_doubted_one_is_sent_again_when_a_person_says_so(chat: Chat) -> None:
    await chat.react("👍")
    async with chat.db.begin(chat.account) as tx:
        claimed = await claim_reaction(tx, SendReaction(message_id=chat.message), Work(chat.account, 1, 0))
        assert claimed is not None
        await record_reaction_uncertain(tx, claimed)
    await chat.react("👍")
    assert (await chat.must_claim(job_id=2)).revision == 2


async def test_a_status_before_the_answer_settles_it(chat: Chat) -> None:
    await chat.react("👍")
    claimed = await chat.must_claim()
    await chat.status(claimed, "sent")
    await chat.sent(claimed)
    assert await chat.claim() is None
    assert await chat.shown() == ("👍", None)


async def test_what_meta_reports_of_it_never_moves_the_ticks_of_its_message(chat: Chat) -> None:
    ours = await answer(chat.db, chat.account, chat.conversation)
    async with chat.db.begin(chat.account) as tx:
        await tx.execute("update message set status = 'sent', wamid = 'wamid.ours' where id = $1", ours.id)
    mine = Chat(chat.db, chat.account, chat.conversation, ours.id)
    await mine.react("👍")
    claimed = await mine.must_claim()
    async with chat.db.begin(chat.account) as tx:
        await record_reaction_sent(tx, claimed, "wamid.reaction")
    async with chat.db.begin(chat.account) as tx:
        known = StatusUpdate(wamid="wamid.reaction", status="read", at=tx.now(), reference=claimed.reference)
        bare = StatusUpdate(wamid="wamid.reaction", status="delivered", at=tx.now())
        await apply_statuses(tx, [known, bare])
        assert next(one.status for one in await thread(tx, chat.conversation) if one.id == ours.id) == "sent"
        assert await tx.value("select count(*) from parked_status") == 0


@pytest.mark.parametrize(
    "reference", ["reaction:", "reaction:x.1", "reaction:01a213d3-f2c4-709c-96b9-2cf609424f80.1"]
)
async def test_a_reference_that_leads_nowhere_does_nothing(chat: Chat, reference: str) -> None:
    async with chat.db.begin(chat.account) as tx:
        await apply_statuses(
            tx, [StatusUpdate(wamid="wamid.x", status="failed", at=tx.now(), error=_NO, reference=reference)]
        )
    assert await chat.shown() == (None, None)


async def _spoil(chat: Chat, how: str) -> None:
    of_message = {
        "revoked": "revoked_at = now()",
        "a note of WhatsApp's": "type = 'system'",
        "31 days old": "sent_at = now() - interval '31 days'",
        "not sent yet": "direction = 'out', status = 'queued'",
        "without Meta's id": "wamid = null",
    }
    async with chat.db.begin(chat.account) as tx:
        if how == "closed":
            await change_conversation(tx, chat.conversation, ConversationChange(status="closed"))
        elif how == "window closed":
            await tx.execute("update conversation set service_window_ends_at = now()")
        elif how == "disconnected":
            await tx.execute("update channel set connected = false")
        else:
            await tx.execute(f"update message set {of_message[how]}")


@pytest.mark.parametrize(
    ("how", "problem", "reason"),
    [
        ("revoked", MessageNotReactable, "revoked"),
        ("a note of WhatsApp's", MessageNotReactable, "no_message"),
        ("31 days old", MessageNotReactable, "too_old"),
        ("not sent yet", MessageNotReactable, "not_sent"),
        ("without Meta's id", MessageNotReactable, "not_sent"),
        ("disconnected", ChannelDisconnected, None),
        ("closed", ConversationClosed, None),
        ("window closed", ServiceWindowClosed, None),
    ],
)
async def test_what_cannot_be_reacted_to_is_refused_with_a_sentence(
    chat: Chat, how: str, problem: type[Exception], reason: str | None
) -> None:
    await _spoil(chat, how)
    with pytest.raises(problem) as refused:
        await chat.react("👍")
    if reason is not None:
        assert refused.value.fields["reason"] == reason  # type: ignore[attr-defined]
        assert refused.value.detail  # type: ignore[attr-defined]
    assert await chat.jobs() == 0
    assert await chat.shown() == (None, None)


async def test_a_message_of_another_conversation_or_account_is_absent(chat: Chat) -> None:
    for conversation, message in ((new_id(), chat.message), (chat.conversation, new_id())):
        async with chat.db.begin(chat.account) as tx:
            with pytest.raises(NotFound):
                await react(tx, conversation, message, "👍")


async def test_a_window_that_closes_before_it_leaves_takes_it_back(chat: Chat) -> None:
    await chat.react("👍")
    async with chat.db.begin(chat.account) as tx:
        await tx.execute("update conversation set service_window_ends_at = now()")
    assert await chat.claim() is None
    assert await chat.shown() == (None, "window_closed")


@pytest.mark.parametrize("emoji", ["👍", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🇧🇷", "1️⃣", "☺", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🫶🏿", "❤️‍🔥"])
async def test_an_emoji_is_taken_whole(chat: Chat, emoji: str) -> None:
    assert [one.emoji for one in (await chat.react(emoji)).reactions] == [emoji]


@pytest.mark.parametrize("text", ["", " ", "a", "ok", "👍👍", "👍 ", "1", "🇧", "❤️" * 20, "\u200d", "👍\x00", ":)"])
async def test_what_is_no_single_emoji_is_refused(chat: Chat, text: str) -> None:
    with pytest.raises(EmojiInvalid):
        await chat.react(text)


async def test_it_ends_no_wait_and_counts_no_message(chat: Chat) -> None:
    async with chat.db.begin(chat.account) as tx:
        (before,) = await inbox(tx)
    await chat.react("👍")
    async with chat.db.begin(chat.account) as tx:
        (after,) = await inbox(tx)
    assert (after.waiting_since, after.unread_count) == (before.waiting_since, before.unread_count)
    assert (after.last_message_at, after.last_reaction) == (before.last_message_at, None)
    assert after.waiting_since is not None
    assert after.service_window_ends_at == before.service_window_ends_at


class Phone:
    """The customer's, as Meta would change it, and the reaction that is on its way there."""

    def __init__(self, chat: Chat, dice: random.Random) -> None:
        self.chat, self.dice = chat, dice
        self.emoji = ""
        self.under_way: OutgoingReaction | None = None
        self._last: tuple[OutgoingReaction, str] | None = None

    async def claim(self) -> None:
        if self.under_way is None:
            self.under_way = await self.chat.claim(job_id=self.dice.randrange(10**6))

    async def outcome(self, *outcomes: str) -> None:
        """One of them for what is under way, if anything is."""
        outgoing, self.under_way = self.under_way, None
        if outgoing is None:
            return
        outcome = self.dice.choice(outcomes)
        if outcome == "failed":
            await self.chat.failed(outgoing)
        elif outcome == "put off":
            async with self.chat.db.begin(self.chat.account) as tx:
                await put_off_reaction(tx, outgoing)
        else:
            self._last, self.emoji = (outgoing, self.emoji), outgoing.emoji
            if outcome == "sent":
                await self.chat.sent(outgoing)
            else:
                async with self.chat.db.begin(self.chat.account) as tx:
                    await record_reaction_uncertain(tx, outgoing)
                await self.chat.status(outgoing, "sent")  # which tells what the answer did not

    async def late_refusal(self) -> None:
        if self._last is not None and self.under_way is None:
            (refused, self.emoji), self._last = self._last, None
            await self.chat.status(refused, "failed", _NO)


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_on_the_way_the_message_shows_what_the_customer_has(chat: Chat, seed: int) -> None:
    """Changes, refusals, late refusals, lost answers and put-off tries in any order."""
    dice = random.Random(seed)
    phone = Phone(chat, dice)
    for _ in range(25):
        step = dice.choice(["react", "react", "take back", "claim", "claim", "outcome", "outcome", "late refusal"])
        if step in ("react", "take back"):
            await chat.react(dice.choice("👍🎉🔥") if step == "react" else None)
        elif step == "claim":
            await phone.claim()
        elif step == "outcome":
            await phone.outcome("sent", "sent", "failed", "put off", "lost")
        else:
            await phone.late_refusal()
    await phone.outcome("sent")
    await phone.claim()
    while phone.under_way is not None:
        await phone.outcome("sent")
        await phone.claim()
    emoji, _ = await chat.shown()
    assert (emoji or "") == phone.emoji
