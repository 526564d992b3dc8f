"""A house to try numbers in: the web application beside a simulator, and a program that may do everything."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.platform.jobs import Work
from clientela.platform.settings import read_settings
from clientela.roles.parts import Parts
from clientela.roles.routes import web_application
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.introduce import introduce_number
from clientela.whatsapp.numbers import IntroduceNumber
from clientela.whatsapp.signup import RequestPhoneData, request_phone_data
from clientela.whatsapp.watch import Watch, WatchNumber
from fakes.meta.testing import Simulator
from tests.accounts import Tenant, make_key_of, open_client, started

PUBLIC = "https://inbox.example.com"


@dataclass
class House:
    """A web application beside a simulator, and a program that may do everything to numbers."""

    meta: Simulator
    client: httpx.AsyncClient
    parts: Parts
    tenant: Tenant

    async def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.client.post(path, json=body or {})

    async def connect(self, **more: Any) -> dict[str, Any]:
        answer = await self.post("/v1/numbers", {**await self.values(), **more})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def values(self, **more: Any) -> dict[str, Any]:
        return {
            "waba_id": self.meta.waba_id,
            "phone_number_id": self.meta.phone_number_id,
            "display_phone_number": self.meta.display_phone_number,
            "access_token": self.meta.access_token,
            **more,
        }

    async def check(self, **more: Any) -> dict[str, Any]:
        values = await self.values(**more)
        values.pop("display_phone_number")
        answer = await self.post("/v1/numbers/check", values)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def number(self, number_id: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.client.get(f"/v1/numbers/{number_id}")).json()
        return found

    async def introduce(self, number_id: str) -> None:
        async with self.graph() as graph:
            await introduce_number(
                self.parts.db, self.parts.vault, graph, self.work(), IntroduceNumber(channel_id=UUID(number_id))
            )

    async def watch(self, number_id: str) -> None:
        async with self.graph() as graph:
            watch = Watch(self.parts.db, self.parts.vault, graph, self.parts.settings)
            await watch.watch(self.work(), WatchNumber(channel_id=UUID(number_id)))

    async def ask_phone(self, number_id: str, kind: str) -> None:
        async with self.graph() as graph:
            job = RequestPhoneData(channel_id=UUID(number_id), kind=kind)
            await request_phone_data(self.parts.db, self.parts.vault, graph, self.work(), job)

    def graph(self) -> GraphClient:
        return GraphClient(self.meta.base_url, "v25.0")

    def work(self) -> Work:
        return Work(self.tenant.id, 1, 1)

    async def jobs(self, name: str) -> int:
        async with self.parts.db.system() as sql:
            found: int = await sql.fetchval(
                "select count(*) from pgqueuer where headers->>'tenant_id' = $1 and entrypoint = $2",
                str(self.tenant.id),
                name,
            )
            return found

    async def pin_at_meta(self, phone_number_id: str) -> Any:
        state = await self.meta.control("GET", "state")
        return next(n for n in state["numbers"] if n["id"] == phone_number_id)["pin"]


@pytest.fixture
async def meta() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        await simulator.set_callback(f"{PUBLIC}/webhooks/whatsapp", verify=False)
        yield simulator


@pytest.fixture
async def house(
    meta: Simulator, services: Services, vault: Vault, db: Database, bus: Bus, tmp_path: Path, tenant: Tenant
) -> AsyncIterator[House]:
    environment = {
        "CLIENTELA_DATA_DIR": str(tmp_path),
        "CLIENTELA_PUBLIC_URL": PUBLIC,
        "CLIENTELA_GRAPH_URL": meta.base_url,
        "CLIENTELA_META_APP_SECRET": meta.app_secret,
        "CLIENTELA_META_APP_ID": meta.app_id,
        "CLIENTELA_META_SIGNUP_CONFIG_ID": "4711",
    }
    parts = Parts(settings=read_settings(environment), vault=vault, db=db, bus=bus, verify_token="verify")
    async with started(web_application(parts)) as app, open_client(app) as client:
        key = await make_key_of(db, tenant, ["numbers.read", "numbers.manage", "messages.send"])
        client.headers["Authorization"] = f"Bearer {key}"
        yield House(meta, client, parts, tenant)
