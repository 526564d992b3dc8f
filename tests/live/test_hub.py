"""The hub: facts arrive once, in order, for their tenant alone; whoever was away gets all that was missed."""

import asyncio
import random
from uuid import UUID

import msgspec
import pytest

from clientela.live import Ended, Hub
from clientela.live import hub as hub_module
from clientela.live.subscription import CLOSE_RESTART, CLOSE_TRY_AGAIN, MAX_QUEUED
from clientela.platform.bus import EVENTS, STREAMS, Bus, BusUnavailable
from clientela.platform.ids import new_id
from tests.live.facts import envelope, listening, number_of, publish
from tests.platform.streams import eventually, kill, servers_to_kill


async def test_facts_arrive_in_order_with_growing_ids(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    async with listening(hub, tenant) as heard:
        await publish(bus, tenant, *range(50))
        await eventually(lambda: len(heard.facts) == 50)
    assert heard.numbers == list(range(50))
    assert len({fact.id for fact in heard.facts}) == 50
    assert heard.resets == []
    assert f'"id":"{heard.last_id}"' in heard.facts[-1].frame


async def test_without_a_place_only_what_is_new_arrives(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    await publish(bus, tenant, 1, 2)
    async with listening(hub, tenant) as earlier:
        await publish(bus, tenant, 3)
        await eventually(lambda: 3 in earlier.numbers)
    async with listening(hub, tenant) as heard:
        await publish(bus, tenant, 4)
        await eventually(lambda: heard.facts)
        assert heard.numbers == [4]


async def test_the_frame_is_made_once_for_all_listeners_of_a_tenant(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    async with listening(hub, tenant) as one, listening(hub, tenant) as other:
        await publish(bus, tenant, 1)
        await eventually(lambda: one.facts and other.facts)
    assert one.facts[0].frame is other.facts[0].frame


async def test_another_tenants_facts_are_never_heard(bus: Bus, hub: Hub) -> None:
    ours, theirs = new_id(), new_id()
    async with listening(hub, ours) as heard:
        start = heard.starts_after
        await publish(bus, theirs, 1, 2, 3)
        await publish(bus, ours, 4)
        await publish(bus, theirs, 5)
        await eventually(lambda: heard.facts)
    async with listening(hub, ours, start) as resumed:
        await eventually(lambda: resumed.facts)
        await asyncio.sleep(0.05)
    assert heard.numbers == resumed.numbers == [4]
    assert {fact.envelope.tenant_id for fact in [*heard.facts, *resumed.facts]} == {ours}


async def test_a_place_learned_in_another_tenant_opens_nothing(bus: Bus, hub: Hub) -> None:
    ours, theirs = new_id(), new_id()
    async with listening(hub, theirs) as heard:
        await publish(bus, theirs, 1, 2, 3)
        await eventually(lambda: len(heard.facts) == 3)
    async with listening(hub, ours, heard.facts[0].id) as resumed:
        await publish(bus, ours, 9)
        await eventually(lambda: resumed.facts)
    assert resumed.numbers == [9]


async def test_a_fact_that_names_another_tenant_than_its_subject_is_shown_to_nobody(bus: Bus, hub: Hub) -> None:
    ours, theirs = new_id(), new_id()

    async with listening(hub, ours) as one, listening(hub, theirs) as other:
        await bus.publish(f"events.{ours}.conversation.changed", msgspec.json.encode(envelope(theirs, 1)))
        await bus.publish(f"events.{ours}.conversation.changed", b"not an envelope")
        await publish(bus, ours, 2)
        await publish(bus, theirs, 3)
        await eventually(lambda: one.facts and other.facts)
    assert (one.numbers, other.numbers) == ([2], [3])


@pytest.mark.parametrize("seed", range(6))
async def test_resuming_while_facts_pour_in_leaves_no_gap_and_repeats_nothing(
    bus: Bus, hub: Hub, seed: int
) -> None:
    chance = random.Random(seed)
    tenant, noise, total = new_id(), new_id(), 400

    async def pour() -> None:
        number = 0
        while number < total:
            many = min(chance.randint(1, 30), total - number)
            await publish(bus, tenant, *range(number, number + many))
            await publish(bus, noise, 1)
            number += many
            await asyncio.sleep(chance.random() * 0.01)

    collected: list[int] = []
    async with listening(hub, tenant) as heard:
        place = heard.starts_after
    pouring = asyncio.create_task(pour())
    while len(collected) < total:
        async with listening(hub, tenant, place) as heard:
            await asyncio.sleep(chance.random() * 0.03)
        assert heard.resets == []
        collected += heard.numbers
        place = heard.last_id
    await pouring
    assert collected == list(range(total))


@pytest.mark.parametrize(
    "place", ["", "0-0", "nonsense", "-", "ffff-12", "{epoch}-", "{epoch}--1", "{epoch}-99999999999"]
)
async def test_an_unknown_place_means_a_reset(bus: Bus, hub: Hub, place: str) -> None:
    tenant = new_id()
    async with listening(hub, tenant) as heard:
        epoch = heard.starts_after.rpartition("-")[0]
    async with listening(hub, tenant, place.replace("{epoch}", epoch)) as heard:
        await publish(bus, tenant, 1)
        await eventually(lambda: heard.facts)
    assert len(heard.resets) == 1
    assert heard.numbers == [1]


async def test_a_place_that_the_stream_has_dropped_means_a_reset(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    async with listening(hub, tenant) as heard:
        place = heard.starts_after
        await publish(bus, tenant, *range(5))
        await eventually(lambda: len(heard.facts) == 5)
    await bus.js.purge_stream(EVENTS)
    async with listening(hub, tenant, place) as late, listening(hub, tenant, heard.last_id) as current:
        await publish(bus, tenant, 5)
        await eventually(lambda: late.facts and current.facts)
    assert len(late.resets) == 1
    assert current.resets == []
    assert late.numbers == current.numbers == [5]


async def test_too_many_missed_facts_mean_a_reset(bus: Bus, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "MAX_REPLAY", 20)
    tenant = new_id()
    async with listening(hub, tenant) as heard:
        place = heard.starts_after
        await publish(bus, tenant, *range(21))
        await eventually(lambda: len(heard.facts) == 21)
    async with listening(hub, tenant, place) as late, listening(hub, tenant, heard.facts[0].id) as recent:
        await eventually(lambda: late.resets and len(recent.facts) == 20)
        await asyncio.sleep(0.05)
    assert late.numbers == []
    assert recent.resets == []


async def test_what_was_missed_by_thousands_is_replayed(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    async with listening(hub, tenant) as heard:
        place = heard.starts_after
    await publish(bus, tenant, *range(4_000))
    async with listening(hub, tenant, place) as heard:
        await eventually(lambda: len(heard.facts) == 4_000, 10)
    assert heard.numbers == list(range(4_000))


async def test_a_place_ahead_of_this_hub_is_not_repeated(bus: Bus) -> None:
    """Two web processes: one hub may be a moment behind the other."""
    tenant = new_id()
    behind, ahead = Hub(bus), Hub(bus)
    async with ahead.serving(), listening(ahead, tenant) as heard:
        async with behind.serving(), listening(behind, tenant):
            pass
        # `behind` follows no more, but still answers.
        behind._closed = False
        await publish(bus, tenant, 1, 2)
        await eventually(lambda: len(heard.facts) == 2)
        async with listening(behind, tenant, heard.last_id) as resumed, behind.serving():
            await publish(bus, tenant, 3)
            await eventually(lambda: resumed.facts)
        assert resumed.numbers == [3]
        assert resumed.resets == []


async def test_a_listener_that_falls_behind_is_ended_and_disturbs_nobody(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    async with hub.subscribe(tenant) as slow, listening(hub, tenant) as quick:
        deliveries = slow.deliveries()
        await publish(bus, tenant, 0)
        first = await anext(deliveries)
        await publish(bus, tenant, *range(1, MAX_QUEUED + 51))
        await eventually(lambda: len(quick.facts) == MAX_QUEUED + 51, 10)
        assert len(slow._queue) == 0, "what it cannot take is not kept"
        with pytest.raises(Ended) as ended:
            await anext(deliveries)
        assert ended.value.code == CLOSE_TRY_AGAIN
        assert await slow.over() == CLOSE_TRY_AGAIN
    async with listening(hub, tenant, first.id) as resumed:
        await eventually(lambda: len(resumed.facts) == MAX_QUEUED + 50, 10)
    assert resumed.numbers == list(range(1, MAX_QUEUED + 51))


async def test_closing_ends_every_listener_with_the_code_for_a_restart(bus: Bus) -> None:
    hub = Hub(bus)
    async with hub.serving(), hub.subscribe(new_id()) as subscription:
        hub.close()
        with pytest.raises(Ended) as ended:
            await anext(subscription.deliveries())
        assert ended.value.code == CLOSE_RESTART
        with pytest.raises(Ended):
            async with hub.subscribe(new_id()):
                pass
    assert hub._by_tenant == {}


async def test_a_stream_that_was_made_anew_resets_everybody(bus: Bus, hub: Hub) -> None:
    tenant = new_id()
    (config,) = [stream for stream in STREAMS if stream.name == EVENTS]
    async with listening(hub, tenant) as heard:
        await publish(bus, tenant, 1, 2)
        await eventually(lambda: len(heard.facts) == 2)
        await bus.js.delete_stream(EVENTS)
        await bus.js.add_stream(config)
        await eventually(lambda: heard.resets, 10)
        await publish(bus, tenant, 3)
        await eventually(lambda: len(heard.facts) == 3)
        assert heard.numbers == [1, 2, 3]
    async with listening(hub, tenant, heard.facts[1].id) as resumed:
        await eventually(lambda: resumed.resets)


async def test_listeners_miss_nothing_when_nats_is_killed() -> None:
    async with servers_to_kill() as services, await Bus.connect(services.nats_url, "test") as bus:
        await bus.ensure_streams()
        hub, tenant, sent = Hub(bus), new_id(), 0
        async with hub.serving(), listening(hub, tenant) as heard:
            place = heard.starts_after
            for round_ in range(3):
                await publish(bus, tenant, *range(sent, sent + 20))
                sent += 20
                if round_ < 2:
                    kill(services, "nats")
                    await eventually(lambda: not bus.connected, 10)
                    await eventually(lambda: bus.connected, 20)
                    await _until_it_takes(bus, tenant, sent)
                    sent += 1
            await eventually(lambda: len(heard.facts) == sent, 15)
            assert heard.numbers == list(range(sent))
            assert heard.resets == []
            async with listening(hub, tenant, place) as resumed:
                await eventually(lambda: len(resumed.facts) == sent)
            assert [number_of(fact) for fact in resumed.facts] == list(range(sent))


async def _until_it_takes(bus: Bus, tenant: UUID, number: int) -> None:
    """Publishes one fact as soon as JetStream is back, before the hub has found its place again."""
    async with asyncio.timeout(20):
        while True:
            try:
                await publish(bus, tenant, number)
            except BusUnavailable:
                await asyncio.sleep(0.05)
            else:
                return
