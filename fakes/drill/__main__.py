"""`make fire-drill`: start the product and Meta's stand-in, play every scenario, print the cards.

Ends with 1 when a line is not green: here nothing may stay open, because the product is there to be asked.
"""

from __future__ import annotations

import asyncio
import sys

from fakes.drill.product import DrillProduct
from fakes.installation import Installation
from fakes.meta.scenarios.runner import Runner
from fakes.meta.scenarios.scorecard import Scorecard
from fakes.meta.scenarios.script import load, names


async def drill(installation: Installation, name: str) -> Scorecard:
    """Plays one scenario against a running installation."""
    async with DrillProduct(installation) as product:
        card = await Runner(installation.meta, load(name), product).play()
    await installation.meta.clear_faults()
    return card


async def play(chosen: list[str]) -> bool:
    good = True
    async with Installation() as installation:
        for name in chosen:
            card = await drill(installation, name)
            sys.stdout.write(card.text() + "\n\n")
            sys.stdout.flush()
            good = good and card.spotless
    return good


def main() -> None:
    sys.exit(0 if asyncio.run(play(sys.argv[1:] or names())) else 1)


if __name__ == "__main__":
    main()
