"""Templates over REST: lists that page and filter, who may see them, and what is told of each."""

import pytest

from clientela.platform.db import Database
from clientela.templates import TemplateBody
from tests.accounts import ApiClient, ClientAs, Tenant
from tests.templates.making import a_channel, a_template


async def test_pages_show_every_template_once_by_name(db: Database, tenant: Tenant, client_as: ClientAs) -> None:
    await a_channel(db, tenant.id)
    for number in range(11):
        await a_template(db, tenant.id, f"modelo_{(number * 7) % 11:02}")
    await a_template(db, tenant.id, "modelo_03", language="es")
    agent = await client_as("agent")
    seen: list[tuple[str, str]] = []
    cursor = None
    while True:
        query = {"limit": 5, **({"cursor": cursor} if cursor else {})}
        page = (await agent.get("/v1/templates", params=query)).json()
        seen += [(item["name"], item["language"]) for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 12
    assert seen == sorted(seen)


async def test_filters_narrow_the_list(db: Database, tenant: Tenant, client_as: ClientAs) -> None:
    first, second = await a_channel(db, tenant.id), await a_channel(db, tenant.id, "200")
    await a_template(db, tenant.id, "pedido_enviado")
    await a_template(db, tenant.id, "oferta", category="marketing", content=TemplateBody(body="50% de desconto"))
    await a_template(db, tenant.id, "hola", language="es", waba_id="200")
    await a_template(db, tenant.id, "parado", status="paused")
    await a_template(db, tenant.id, "apagado", status="deleted")
    await a_template(db, tenant.id, "de_numero_desligado", waba_id="300")
    agent = await client_as("agent")

    async def names(**query: object) -> list[str]:
        page = (await agent.get("/v1/templates", params={k: str(v) for k, v in query.items()})).json()
        return [item["name"] for item in page["items"]]

    assert await names() == ["hola", "oferta", "parado", "pedido_enviado"]
    assert await names(number_id=first) == ["oferta", "parado", "pedido_enviado"]
    assert await names(number_id=second) == ["hola"]
    assert await names(status="paused") == ["parado"]
    assert await names(status="deleted") == ["apagado"]
    assert await names(category="marketing") == ["oferta"]
    assert await names(language="es") == ["hola"]
    assert await names(q="pedido enviado") == ["pedido_enviado"]
    assert await names(q="50% de") == ["oferta"]
    assert await names(q="5%6") == []


@pytest.mark.parametrize(
    ("status", "obstacle", "reason"),
    [
        ("approved", None, None),
        ("flagged", None, None),
        ("approved", "carousel", "carousel"),
        ("paused", "carousel", "paused"),
        ("rejected", None, "rejected"),
        ("a_status_of_2031", None, "a_status_of_2031"),
    ],
)
async def test_what_cannot_be_sent_says_why(
    db: Database, tenant: Tenant, client_as: ClientAs, status: str, obstacle: str | None, reason: str | None
) -> None:
    content = TemplateBody(body="Olá", obstacle=obstacle)
    template_id = await a_template(db, tenant.id, "ola", status=status, content=content)
    shown = (await (await client_as("analyst")).get(f"/v1/templates/{template_id}")).json()
    assert (shown["sendable"], shown["not_sendable_reason"]) == (reason is None, reason)


async def test_another_accounts_templates_are_absent(
    db: Database, tenant: Tenant, other_tenant: Tenant, client_as: ClientAs
) -> None:
    await a_channel(db, tenant.id)
    await a_channel(db, other_tenant.id)
    template_id = await a_template(db, tenant.id, "nosso")
    stranger = await client_as("owner", other_tenant)
    assert (await stranger.get(f"/v1/templates/{template_id}")).status_code == 404
    assert (await stranger.get("/v1/templates")).json()["items"] == []
    assert (await stranger.get("/v1/template-accounts")).json()["items"][0]["templates"] == 0


async def test_a_key_needs_the_permission(db: Database, tenant: Tenant, api_client: ApiClient) -> None:
    without = await api_client(["conversations.read"])
    assert (await without.get("/v1/templates")).json()["code"] == "permission_denied"
    reader = await api_client(["templates.read"])
    assert (await reader.get("/v1/templates")).status_code == 200
