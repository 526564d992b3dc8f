"""`python -m fakes.meta.scenarios fire_drill --callback URL …`: play scenarios against a listening product.

Starts a simulator of its own, prints a scorecard for each scenario, and ends with 1 when a line is red.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from fakes.meta.delivery import DeliverySettings
from fakes.meta.scenarios.runner import Runner
from fakes.meta.scenarios.script import load, names
from fakes.meta.testing import Simulator


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fakes.meta.scenarios", description=__doc__)
    parser.add_argument("scenario", nargs="*", help=f"of {', '.join(names())}, or a file; all without one")
    parser.add_argument("--callback", required=True, help="webhook URL of the product")
    parser.add_argument("--app-secret", required=True)
    parser.add_argument("--verify-token", required=True)
    return parser.parse_args(arguments)


async def play(options: argparse.Namespace) -> bool:
    good = True
    for name in options.scenario or names():
        secrets = {"app_secret": options.app_secret, "verify_token": options.verify_token}
        settings = DeliverySettings(longest_backoff_s=2.0)
        async with Simulator(callback=options.callback, delivery=settings, **secrets) as meta:
            card = await Runner(meta, load(name)).play()
        sys.stdout.write(card.text() + "\n\n")
        good = good and card.green
    return good


def main() -> None:
    sys.exit(0 if asyncio.run(play(parse(sys.argv[1:]))) else 1)


if __name__ == "__main__":
    main()
