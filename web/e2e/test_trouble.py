"""What goes wrong on the way to the customer is said, kept, and mended by a person."""

from playwright.async_api import Route, expect

from web.e2e.shop import OpenDesk, Shop


async def test_a_refused_message_says_why_and_can_be_sent_again(desk_of: OpenDesk, shop: Shop) -> None:
    katia = await shop.customer("Kátia Recusa")
    opened = await shop.writes(katia, "oi")
    desk = await desk_of(conversation=opened)
    await shop.meta.faults(fail_next=[{"code": 131026, "mode": "async"}])
    await desk.reply("vai falhar")
    trouble = desk.messages.get_by_role("group", name="Este número não recebe pelo WhatsApp.")
    await expect(trouble).to_contain_text("Confira o número com o cliente por outro meio.")
    await expect(desk.tick("vai falhar", "Não enviada")).to_have_count(1)
    await trouble.get_by_role("button", name="Reenviar").click()
    await expect(desk.tick("vai falhar", "Lida")).to_have_count(1)
    await expect(trouble).to_be_hidden()
    await expect(desk.bubble("vai falhar")).to_have_count(1)
    await expect(desk.row(katia)).to_contain_text("Lida")


async def test_a_customer_who_wants_no_more_is_not_written_to_again(desk_of: OpenDesk, shop: Shop) -> None:
    leo = await shop.customer("Léo Chega")
    opened = await shop.writes(leo, "parem")
    await shop.meta.faults(fail_next=[{"code": 131050, "mode": "async"}])
    desk = await desk_of(conversation=opened)
    await desk.reply("alô?")
    trouble = desk.messages.get_by_role("group", name="O cliente não quer mais receber promoções.")
    await expect(trouble).to_contain_text("Não reenvie; responda quando ele escrever.")
    await expect(trouble.get_by_role("button")).to_have_count(0)


async def test_an_uncertain_message_is_sent_again_only_by_decision(desk_of: OpenDesk, shop: Shop) -> None:
    mara = await shop.customer("Mara Dúvida")
    opened = await shop.writes(mara, "oi")
    await mara.change(online=False)
    desk = await desk_of(conversation=opened)
    # The connection is cut after the send, and no status comes that could settle what happened.
    await shop.meta.faults(lost_answers=1, skip_statuses=["sent", "delivered", "read"])
    await desk.reply("chegou?")
    trouble = desk.messages.get_by_role("group", name="Não sabemos se chegou.")
    await expect(trouble).to_contain_text("Olhe a conversa no celular antes de reenviar.")
    assert await shop.received(mara, 1) == ["chegou?"]
    await shop.meta.clear_faults()

    await trouble.get_by_role("button", name="Reenviar").click()
    asked = desk.page.get_by_role("dialog", name="Reenviar mesmo assim?")
    await expect(asked).to_contain_text("o cliente vai receber a mensagem duas vezes")
    await asked.get_by_role("button", name="Cancelar").click()
    await expect(asked).to_be_hidden()
    assert len(await mara.received()) == 1

    await trouble.get_by_role("button", name="Reenviar").click()
    await asked.get_by_role("button", name="Reenviar").click()
    await expect(desk.tick("chegou?", "Enviada")).to_have_count(1)
    await expect(trouble).to_be_hidden()
    assert await shop.received(mara, 2) == ["chegou?", "chegou?"]
    await expect(desk.bubble("chegou?")).to_have_count(1)


async def test_a_lost_answer_settles_itself_when_the_status_comes(desk_of: OpenDesk, shop: Shop) -> None:
    nilo = await shop.customer("Nilo Sorte")
    opened = await shop.writes(nilo, "oi")
    desk = await desk_of(conversation=opened)
    await shop.meta.faults(lost_answers=1)
    await desk.reply("perdeu a resposta")
    await expect(desk.tick("perdeu a resposta", "Lida")).to_have_count(1)
    await expect(desk.messages.get_by_role("group")).to_have_count(0)
    assert await shop.received(nilo, 1) == ["perdeu a resposta"]


async def test_a_message_the_server_never_got_waits_in_the_browser(desk_of: OpenDesk, shop: Shop) -> None:
    """It survives a reload, and sending it again cannot send it twice."""
    olga = await shop.customer("Olga Espera")
    opened = await shop.writes(olga, "oi")
    desk = await desk_of(conversation=opened)
    desk.forgive("net::ERR_FAILED")
    url = f"**/v1/conversations/{opened['id']}/messages"
    # The request is done, and its answer never comes back.
    await desk.page.route(url, desk.lose_answer)
    await desk.reply("uma vez só")
    await expect(desk.tick("uma vez só", "Lida")).to_have_count(1)
    await desk.page.unroute(url)

    await desk.page.route(url, desk.lose_request)
    await desk.reply("ficou aqui")
    waiting = desk.messages.get_by_role("group", name="Ainda não enviada.")
    await expect(waiting).to_contain_text("Está guardada neste navegador.")
    await desk.page.unroute(url)
    await desk.page.reload()
    await expect(desk.bubble("ficou aqui")).to_have_count(1)
    await waiting.get_by_role("button", name="Reenviar").click()
    await expect(desk.tick("ficou aqui", "Lida")).to_have_count(1)
    await expect(waiting).to_be_hidden()
    assert await shop.received(olga, 2) == ["uma vez só", "ficou aqui"]


async def test_a_refusal_gives_the_text_back(desk_of: OpenDesk, shop: Shop) -> None:
    """A colleague closed the conversation in the same moment: nothing is sent, nothing is lost."""
    paulo = await shop.customer("Paulo Corrida")
    opened = await shop.writes(paulo, "oi")
    desk = await desk_of(conversation=opened)
    desk.forgive("409")
    url = f"/v1/conversations/{opened['id']}"

    async def close_first(route: Route) -> None:
        if route.request.method == "POST":
            (await shop.http.patch(url, json={"status": "closed"})).raise_for_status()
        await route.continue_()

    await desk.page.route(f"**{url}/messages", close_first)
    await desk.reply("quase tarde demais")
    await expect(desk.toast).to_contain_text("reabra para responder")
    await expect(desk.page.get_by_role("note")).to_contain_text("Conversa encerrada")
    await expect(desk.composer).to_have_value("quase tarde demais")
    assert await paulo.received() == []
