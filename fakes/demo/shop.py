"""The demo shop: its team and its number. Invented people; the password is for this machine only."""

from uuid import UUID

import msgspec

from clientela.identity import NewMember, invite, provision_account
from clientela.platform.bus import Bus
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.platform.settings import Settings
from clientela.roles.parts import vault_of
from clientela.tenants import Role
from clientela.tenants.members import Actor
from clientela.whatsapp.numbers import NewNumber, connect_number
from fakes.meta.__main__ import ACCESS_TOKEN, DISPLAY_PHONE, PHONE_NUMBER_ID, WABA_ID

PASSWORD = "aurora-na-praia"  # noqa: S105 - opens a demo on this machine
OWNER = ("Bruno Tavares", "bruno@lojaaurora.example")
TEAM = [
    ("Ana Ribeiro", "ana@lojaaurora.example", Role.AGENT),
    ("Diego Salas", "diego@lojaaurora.example", Role.AGENT),
    ("Clara Nunes", "clara@lojaaurora.example", Role.COMPLIANCE),
]


class Shop(msgspec.Struct):
    """What the demo remembers of itself in the data folder."""

    account_id: UUID
    seeded: bool = False


async def open_shop(settings: Settings, services: Services) -> Shop:
    """The shop of this data folder; opened at the first start, with its team and its number."""
    path = settings.storage.data_dir / "demo.json"
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=Shop)
    vault = vault_of(settings)
    async with Database(services.database_url, vault, pool=2) as db:
        owner = await provision_account(db, "Loja Aurora", OWNER[1], PASSWORD, OWNER[0])
        for name, email, role in TEAM:
            async with db.begin(owner.account_id) as tx:
                member = NewMember(name=name, email=email, password=PASSWORD, role=role)
                await invite(tx, db, Actor(owner.user_id), member)
        async with await Bus.connect(services.nats_url, "demo") as bus:
            await bus.ensure_streams()
            number = NewNumber(
                waba_id=WABA_ID,
                phone_number_id=PHONE_NUMBER_ID,
                display_phone_number=DISPLAY_PHONE,
                access_token=ACCESS_TOKEN,
            )
            await connect_number(db, vault, bus, owner.account_id, number)
    shop = Shop(owner.account_id)
    remember(settings, shop)
    return shop


def remember(settings: Settings, shop: Shop) -> None:
    """Keeps what the next start needs to know."""
    path = settings.storage.data_dir / "demo.json"
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.encode(shop))
