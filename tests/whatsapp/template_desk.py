"""An account whose WhatsApp business account at Meta is its own, with templates."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from clientela.conversations import Message, NewTemplate, reply
from clientela.platform.ids import new_id
from clientela.templates import Template, TemplateAccount, TemplateFilters, list_templates, request_sync
from clientela.templates.queries import list_accounts
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from tests.whatsapp.looking import until
from tests.whatsapp.shop import AUTHOR, Line, Shop


@dataclass(frozen=True)
class Desk:
    """An account of ours, and a WhatsApp business account of its own at Meta."""

    shop: Shop
    account: UUID
    waba_id: str

    async def makes(self, name: str, body: str | None = None, **more: Any) -> str:
        """A template at Meta; its id there."""
        asked = {
            "name": name,
            "language": "pt_BR",
            "category": "UTILITY",
            "components": [{"type": "BODY", "text": body or f"Seu pedido chegou, {name}."}],
            **more,
        }
        answer = await self.shop.meta.graph("POST", f"{self.waba_id}/message_templates", asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def connects(self) -> NumberView:
        digits = f"{uuid4().int % 10**8:08d}"
        display = f"+55 11 9{digits[:4]}-{digits[4:]}"
        new = NewNumber(
            waba_id=self.waba_id,
            phone_number_id=await self.shop.meta.number(display, waba_id=self.waba_id),
            display_phone_number=display,
            access_token=await self.shop.meta.token(),
        )
        return await connect_number(self.shop.db, self.shop.parts.vault, self.shop.parts.bus, self.account, new)

    async def templates(self, **filters: Any) -> list[Template]:
        async with self.shop.db.begin(self.account) as tx:
            return (await list_templates(tx, TemplateFilters(**filters), limit=200, cursor=None)).items

    async def asks(self) -> None:
        async with self.shop.db.begin(self.account) as tx:
            await request_sync(tx, self.waba_id)

    async def accounts(self) -> list[TemplateAccount]:
        async with self.shop.db.begin(self.account) as tx:
            return await list_accounts(tx)

    async def synced(self) -> TemplateAccount:
        async def done() -> TemplateAccount | None:
            return next((one for one in await self.accounts() if one.synced_at), None)

        return await until(done, 15)

    async def is_so(self, name: str, **expected: Any) -> Template:
        """The template, once it is as expected."""

        async def there() -> Template | None:
            for one in await self.templates(status=expected.get("status")):
                if one.name == name and all(getattr(one, key) == value for key, value in expected.items()):
                    return one
            return None

        return await until(there, 15)

    async def line(self, **customer: Any) -> Line:
        """A connected number, and a customer who can write to it."""
        number = await self.connects()
        who = customer or {"phone": f"+55119{uuid4().int % 10**8:08d}"}
        return Line(self.shop, self.account, number, await self.shop.meta.customer("Ana", **who), "")

    async def sends(self, line: Line, conversation: UUID, template: Template, **parameters: str) -> Message:
        """Queues the template as it is now; `body_1="…"` fills `body.1`."""
        values = {key.replace("_", ".", 1): value for key, value in parameters.items()}
        async with self.shop.db.begin(self.account) as tx:
            new = NewTemplate(template_id=template.id, version=template.version, parameters=values)
            return await reply(tx, AUTHOR, conversation, new)


async def open_desk(shop: Shop) -> Desk:
    account = new_id()
    async with shop.db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", account)
    return Desk(shop, account, await shop.meta.waba())
