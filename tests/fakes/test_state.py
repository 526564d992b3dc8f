"""The world is plain data: written to a file and read again, nothing is missing."""

from __future__ import annotations

from pathlib import Path

from fakes.meta.clock import Clock
from fakes.meta.engine import Engine, load_world
from fakes.meta.testing import Simulator
from tests.fakes.everything import emit_everything


async def test_everything_survives_a_file(town: Simulator, tmp_path: Path) -> None:
    assert town.engine is not None
    await emit_everything(town)
    await town.template("um")
    file = tmp_path / "world.json"
    town.engine.save(file)
    world = load_world(file)
    assert world == town.engine.world
    assert world is not None
    assert world.media
    assert world.templates
    assert world.agenda


async def test_a_review_that_was_pending_ends_after_a_restart(town: Simulator, tmp_path: Path) -> None:
    assert town.engine is not None
    await town.rules(review_after_s=60.0)
    template_id = await town.template("um")
    file = tmp_path / "world.json"
    town.engine.save(file)
    clock = Clock(frozen=True, start=town.engine.clock.now())
    again = Engine(clock=clock, world=load_world(file))
    again.resume()
    try:
        await clock.advance(59)
        assert again.world.templates[template_id].status == "PENDING"
        await clock.advance(2)
        assert again.world.templates[template_id].status == "APPROVED"
    finally:
        await again.close()
