"""Carries webhook bodies to callbacks: signs, posts, retries, batches, duplicates.

A body is kept until its receiver answers 200, with an immediate second attempt and then exponential
back-off for up to 7 days (reference section 1.3). While a callback is not verified, its bodies wait.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field

import msgspec

from fakes.meta import webhooks, wire
from fakes.meta.clock import Clock
from fakes.meta.post import Poster, PostFailedError
from fakes.meta.state import Number, PendingDelivery, Waba, World
from fakes.meta.wire import JsonObject

GIVE_UP_AFTER_S = 7 * 24 * 3600
USER_AGENT = "facebookexternalua"
REMEMBERED_ATTEMPTS = 5000


class DeliverySettings(msgspec.Struct, frozen=True):
    concurrency: int = 32
    timeout_s: float = 10.0
    first_backoff_s: float = 1.0
    longest_backoff_s: float = 3600.0  # Meta publishes no ceiling; a demo sets a lower one


class Attempt(msgspec.Struct):
    """One post of one body, as `GET /_control/deliveries` lists it."""

    delivery_id: str
    attempt: int
    at: float
    took_s: float
    status: int | None
    error: str | None


Target = tuple[str, str | None]  # app, and the callback that overrides its own

# The fields that follow a callback override (reference section 1.5).
OVERRIDABLE = frozenset(
    {
        "messages", "message_echoes", "calls", "consumer_profile", "messaging_handovers", "group_lifecycle_update",
        "group_participants_update", "group_settings_update", "group_status_update", "smb_message_echoes",
        "smb_app_state_sync", "history", "account_settings_update",
    }
)  # fmt: skip
# Entries of these carry no time; those of account and template fields do (reference section 1.2).
UNTIMED = OVERRIDABLE - {"account_settings_update"} | {"standby", "user_preferences", "automatic_events"}


@dataclass
class _Batch:
    changes: list[tuple[str, JsonObject]] = field(default_factory=list)
    timer: asyncio.Task[None] | None = None


class Deliveries:
    """Owns the tasks that post. `submit` returns at once; `settled` waits until nothing is pending."""

    def __init__(self, world: World, clock: Clock, settings: DeliverySettings) -> None:
        self._world = world
        self._clock = clock
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()
        self._batches: dict[Target, _Batch] = {}
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._ready = asyncio.Condition()
        self.attempts: deque[Attempt] = deque(maxlen=REMEMBERED_ATTEMPTS)
        self.dropped: list[PendingDelivery] = []
        self._poster = Poster(settings.timeout_s)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._poster.close()

    def resume(self) -> None:
        """Take up the deliveries of a world read from a file."""
        for pending in list(self._world.deliveries.values()):
            self._spawn(self._carry(pending, asyncio.Event()))

    # What callers hand in.

    def submit(self, number: Number, item: JsonObject) -> list[asyncio.Event]:
        """Deliver one change to every app subscribed to the number's account, under the number's faults.

        Returns an event per app, set after the first attempt, for callers that keep an order.
        A change that waits in a batch has none.
        """
        waba = self._world.waba_of(number)
        size = int(self._world.faults.number(number.id, "batch_size", 1))
        attempted: list[asyncio.Event] = []
        targets = self.targets(waba, number, str(item["field"]))
        for target in targets:
            if size > 1:
                self._collect(target, number, item, size)
            else:
                body = wire.encode(webhooks.envelope([(waba.id, item)]))
                others = [one for one in targets if one != target]
                attempted.append(self._dispatch(target, body, number.id, others))
        return attempted

    def submit_account(
        self, waba: Waba, number: Number | None, field: str, value: JsonObject, *, entry_id: str | None = None
    ) -> None:
        """Deliver a change about an account or number. Unlike messages, its entry carries the time."""
        item = webhooks.change(field, value)
        timed = field not in UNTIMED
        at = int(self._clock.now()) if timed else None
        body = wire.encode(webhooks.envelope([(entry_id or waba.id, item)], at=at))
        for target in self.targets(waba, number, field):
            self._dispatch(target, body, number.id if number is not None else "")

    def targets(self, waba: Waba, number: Number | None, field: str) -> list[Target]:
        """Each subscribed app, with the callback that overrides its own: of the number, else of the account.

        Only some fields follow an override; all others go to the app's own callback (reference section 1.5).
        """
        found: list[Target] = []
        for subscription in waba.subscriptions.values():
            app = self._world.apps[subscription.app_id]
            if app.fields is not None and field not in app.fields:
                continue
            own = number.overrides.get(app.id) if number is not None else None
            url = own or subscription.override_callback_uri
            found.append((app.id, url if field in OVERRIDABLE else None))
        return found

    def submit_body(self, app_id: str, body: bytes, *, url: str | None = None) -> tuple[str, asyncio.Event]:
        """Deliver these bytes as they are. Returns the delivery's id, and an event set when it is over."""
        over = asyncio.Event()
        return self._start(app_id, url, body, 0.0, asyncio.Event(), over), over

    def _collect(self, target: Target, number: Number, item: JsonObject, size: int) -> None:
        batch = self._batches.setdefault(target, _Batch())
        batch.changes.append((number.waba_id, item))
        if len(batch.changes) >= size:
            self._flush(target, number.id)
        elif batch.timer is None:
            wait = self._world.faults.number(number.id, "batch_wait_s", 0.05)
            batch.timer = self._spawn(self._flush_later(target, number.id, wait))

    async def _flush_later(self, target: Target, number_id: str, wait: float) -> None:
        await self._clock.sleep(wait)
        batch = self._batches.get(target)
        if batch is not None:
            batch.timer = None
            self._flush(target, number_id)

    def _flush(self, target: Target, number_id: str) -> None:
        batch = self._batches.pop(target, None)
        if batch is None:
            return
        if batch.timer is not None:
            batch.timer.cancel()
        shape = self._world.faults.text(number_id, "batch_shape", "changes")
        changes = webhooks.merge_values(batch.changes) if shape == "values" else batch.changes
        body = wire.encode(webhooks.envelope(changes, one_entry_per_change=shape == "entries"))
        self._dispatch(target, body, number_id)

    def _dispatch(
        self, target: Target, body: bytes, number_id: str, others: Sequence[Target] = ()
    ) -> asyncio.Event:
        faults = self._world.faults
        delay = faults.number(number_id, "webhook_delay_s", 0.0)
        first = asyncio.Event()
        self._start(*target, body, delay, first, others=others)
        copy_delay = faults.number(number_id, "duplicate_delay_s", 0.0)
        for copy in range(1, int(faults.number(number_id, "duplicates", 0)) + 1):
            self._start(*target, body, delay + copy * copy_delay, asyncio.Event())
        return first

    # The road of one body.

    def _start(
        self,
        app_id: str,
        url: str | None,
        body: bytes,
        delay: float,
        first: asyncio.Event,
        over: asyncio.Event | None = None,
        others: Sequence[Target] = (),
    ) -> str:
        pending = PendingDelivery(str(uuid.uuid4()), app_id, url, body, self._clock.now(), others=list(others))
        self._world.deliveries[pending.id] = pending
        task = self._spawn(self._carry(pending, first, delay))
        if over is not None:
            task.add_done_callback(lambda _: over.set())
        return pending.id

    async def _carry(self, pending: PendingDelivery, first: asyncio.Event, delay: float = 0.0) -> None:
        if delay > 0:
            await self._clock.sleep(delay)
        while pending.id in self._world.deliveries:
            url = await self._callback(pending, first)
            done = url is None or await self._post(pending, url)
            first.set()
            if done:
                break
            if self._clock.now() - pending.created_at >= GIVE_UP_AFTER_S:
                self.dropped.append(pending)
                break
            self._tell_others(pending)
            await self._clock.sleep(self._backoff(pending.attempts))
        first.set()
        self._world.deliveries.pop(pending.id, None)

    def _tell_others(self, pending: PendingDelivery) -> None:
        """What is tried again goes to all subscribed apps, even those that acknowledged it (reference 1.3)."""
        others, pending.others = pending.others, []
        for app_id, url in others:
            self._start(app_id, url, pending.body, 0.0, asyncio.Event())

    def _backoff(self, attempts: int) -> float:
        """Seconds before the next attempt: at once after the first, then 1, 2, 4, … up to the ceiling."""
        if attempts <= 1:
            return 0.0
        exponent = min(attempts - 2, 30)
        return float(min(self._settings.first_backoff_s * 2**exponent, self._settings.longest_backoff_s))

    async def _callback(self, pending: PendingDelivery, first: asyncio.Event) -> str | None:
        """Where to post; waits while the app's callback is not verified. None when the app is gone."""
        if pending.url is not None:
            return pending.url
        async with self._ready:
            while True:
                app = self._world.apps.get(pending.app_id)
                if app is None:
                    return None
                if app.verified and app.callback_url is not None:
                    return app.callback_url
                first.set()
                await self._ready.wait()

    async def callbacks_changed(self) -> None:
        async with self._ready:
            self._ready.notify_all()

    async def _post(self, pending: PendingDelivery, url: str) -> bool:
        app = self._world.apps[pending.app_id]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            **wire.signature_headers(app.secret, pending.body),
        }
        async with self._slots:
            began = self._clock.now()
            pending.attempts += 1
            pending.last_status, pending.last_error = None, None
            try:
                pending.last_status = await self._poster.post(url, headers, pending.body)
            except PostFailedError as error:
                pending.last_error = str(error)
        took = self._clock.now() - began
        self.attempts.append(
            Attempt(pending.id, pending.attempts, began, took, pending.last_status, pending.last_error)
        )
        return pending.last_status == 200

    # Waiting and tasks.

    @property
    def pending(self) -> int:
        return len(self._world.deliveries) + len(self._batches)

    def forget(self) -> None:
        """Drop what waits in batches and the record of attempts; bodies under way end by themselves."""
        for batch in self._batches.values():
            if batch.timer is not None:
                batch.timer.cancel()
        self._batches.clear()
        self.attempts.clear()
        self.dropped.clear()

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
