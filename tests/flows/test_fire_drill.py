"""A bad day at Meta, played against the whole product: every line of every scorecard is green."""

from __future__ import annotations

import pytest

from fakes.drill.__main__ import drill
from fakes.installation import Installation
from fakes.meta.scenarios.script import names


@pytest.fixture(scope="module")
async def installation():  # type: ignore[no-untyped-def]
    async with Installation() as running:
        yield running


@pytest.mark.parametrize("scenario", names())
async def test_the_product_passes(
    installation: Installation, scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    card = await drill(installation, scenario)
    with capsys.disabled():
        print(f"\n{card.text()}")
    assert card.spotless, card.text()
