"""`python -m fakes.meta`: the simulator as a process, with one app, account, number and token ready to use.

Prints one line of JSON when it serves: everything a product needs to connect the number. The callback's GET
handshake is repeated until the product answers it; webhooks wait until then.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import signal
import sys
from pathlib import Path

from fakes.meta.delivery import DeliverySettings
from fakes.meta.engine import Engine, load_world
from fakes.meta.sending import Pace
from fakes.meta.server import RunningServer
from fakes.meta.state import MetaApp, Number

# Fixed, so that a product's data still fits after the simulator was started anew.
APP_ID = "610049120000001"
BUSINESS_ID = "880012340000001"
WABA_ID = "102290129340001"
PHONE_NUMBER_ID = "106540352240001"
DISPLAY_PHONE = "+55 11 98555-0100"
ACCESS_TOKEN = "EAAsimulator0000000000000000000000000001"  # noqa: S105 - opens nothing but this simulator


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fakes.meta", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one and prints it")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--callback", help="webhook URL of the product")
    parser.add_argument("--app-secret", default="simulator-app-secret")
    parser.add_argument("--verify-token", default="simulator-verify-token")
    parser.add_argument("--verify", action=argparse.BooleanOptionalAction, default=True, help="the GET handshake")
    parser.add_argument("--app-id", default=APP_ID)
    parser.add_argument("--waba-id", default=WABA_ID)
    parser.add_argument("--phone-number-id", default=PHONE_NUMBER_ID)
    parser.add_argument("--display-phone", default=DISPLAY_PHONE)
    parser.add_argument("--verified-name", default="Loja Aurora")
    parser.add_argument("--access-token", default=ACCESS_TOKEN)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", action=argparse.BooleanOptionalAction, default=False, help="scripted customers")
    parser.add_argument("--pace", type=float, default=1.0, help="multiplies the customers' pauses")
    parser.add_argument("--sent-s", type=float, default=0.3, help="seconds from acceptance to each status")
    parser.add_argument("--delivered-s", type=float, default=0.8)
    parser.add_argument("--read-s", type=float, default=2.5)
    parser.add_argument("--longest-backoff-s", type=float, default=30.0, help="ceiling between two attempts")
    parser.add_argument("--concurrency", type=int, default=32, help="webhooks posted at the same time")
    parser.add_argument("--state-file", type=Path, help="keep everything here over a restart")
    return parser.parse_args(arguments)


def build_engine(options: argparse.Namespace) -> Engine:
    world = load_world(options.state_file) if options.state_file is not None else None
    return Engine(
        pace=Pace(options.sent_s, options.delivered_s, options.read_s),
        delivery=DeliverySettings(concurrency=options.concurrency, longest_backoff_s=options.longest_backoff_s),
        seed=options.seed,
        world=world,
    )


def provision(engine: Engine, options: argparse.Namespace) -> tuple[MetaApp, Number]:
    """The app, account, number and token asked for; what a stored world already has is kept."""
    world = engine.world
    app = world.apps.get(options.app_id) or engine.add_app(app_id=options.app_id)
    app.secret, app.verify_token = options.app_secret, options.verify_token
    if options.waba_id not in world.wabas:
        engine.add_waba(name=options.verified_name, waba_id=options.waba_id, app_id=app.id, business_id=BUSINESS_ID)
    number = world.numbers.get(options.phone_number_id) or engine.add_number(
        options.waba_id,
        display_phone_number=options.display_phone,
        verified_name=options.verified_name,
        phone_number_id=options.phone_number_id,
    )
    if options.access_token not in world.tokens:
        engine.add_token(app.id, value=options.access_token, waba_ids=[options.waba_id])
    return app, number


async def serve(options: argparse.Namespace) -> None:
    engine = build_engine(options)
    app, number = provision(engine, options)
    server = RunningServer(
        engine, host=options.host, port=options.port, people_pace=options.pace, state_file=options.state_file
    )
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await server.start()
    callback = loop.create_task(_connect_callback(engine, app, options))
    engine.resume()
    if options.people:
        server.director.start(number)
    _print_ready(server, app, number, options)
    await stop.wait()
    callback.cancel()
    await asyncio.gather(callback, return_exceptions=True)
    await server.stop()


async def _connect_callback(engine: Engine, app: MetaApp, options: argparse.Namespace) -> None:
    if options.callback is None:
        return
    if options.verify:
        app.verified = False
        await engine.keep_verifying(app, options.callback, options.verify_token)
    else:
        await engine.set_callback(app, options.callback, options.verify_token, verify=False)


def _print_ready(server: RunningServer, app: MetaApp, number: Number, options: argparse.Namespace) -> None:
    ready = {
        "ready": True,
        "base_url": server.base_url,
        "app_id": app.id,
        "waba_id": number.waba_id,
        "phone_number_id": number.id,
        "display_phone_number": options.display_phone,
        "access_token": options.access_token,
    }
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


def main() -> None:
    options = parse(sys.argv[1:])
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(options))


if __name__ == "__main__":
    main()
