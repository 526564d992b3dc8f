"""What films that arrive cost the texts beside them: from the customer's send to the frame on the live socket.

`python -m benchmarks.film` runs each role as a process with the simulator beside them and sends 5 texts a second:
first alone, then with a file of 16 MB and a film that is read every two seconds. Writes `results/film.json`. The
simulator makes and serves the files in the one thread that also posts the texts, and its share is in the figures.
"""

import asyncio
import time

import msgspec

from benchmarks.report import percentile, write
from fakes.meta.testing import CustomerHandle
from tests.flows.product import Account, Product, running_roles, until
from tests.flows.socket import listening

_TEXTS = 100
_EVERY_S = 0.2
_FILM_EVERY = 10
_FILM = 16 * 1024 * 1024


async def _texts(product: Product, account: Account, customer: CustomerHandle, *, film: bool) -> list[float]:
    """Milliseconds from each text's send to its frame."""
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
    async with listening(product, account) as listener:

        async def listen() -> None:
            async for raw in listener.socket:
                frame = msgspec.json.decode(raw)
                if frame["type"] == "message.received":
                    seen.setdefault(frame["data"]["message"]["text"] or "", time.perf_counter())

        listening_task = asyncio.create_task(listen())
        films: list[asyncio.Task[str]] = []
        for number in range(_TEXTS):
            if film and number % _FILM_EVERY == 0:
                for media in ({"mime_type": "video/mp4", "size": _FILM}, None):
                    more = {"media": media} if media else {}
                    films.append(asyncio.create_task(customer.sends("video", to=account.phone_number_id, **more)))
            text = f"{'film' if film else 'alone'} {number}"
            sent[text] = time.perf_counter()
            await customer.says(text, to=account.phone_number_id)
            await asyncio.sleep(_EVERY_S)
        await asyncio.gather(*films)

        async def all_seen() -> bool:
            return sent.keys() <= seen.keys()

        await until(all_seen, 60)
        listening_task.cancel()
    return [(seen[text] - at) * 1000 for text, at in sent.items()]


async def main() -> None:
    async with running_roles() as product:
        await product.meta.set_callback(product.door)
        account = await product.open_account("Loja Filme", "+55 11 98555-0900")
        customer = await product.meta.customer("Ana", phone="+5511985559123")
        await _texts(product, account, customer, film=False)  # warm
        figures: dict[str, float] = {}
        for name, given in (("alone", False), ("beside_films", True)):
            times = await _texts(product, account, customer, film=given)
            figures[f"{name}_p50_ms"] = round(percentile(times, 0.5), 1)
            figures[f"{name}_p95_ms"] = round(percentile(times, 0.95), 1)
    write("film", figures)
    print("film:", figures)


if __name__ == "__main__":
    asyncio.run(main())
