"""A day's work without the mouse."""

import re

from playwright.async_api import expect

from web.e2e.shop import PASSWORD, TEAM, OpenDesk, Shop


async def test_a_whole_reply_without_the_mouse(desk_of: OpenDesk, shop: Shop) -> None:
    first, second = await shop.customer("Ícaro Teclado"), await shop.customer("Jana Teclado")
    await shop.writes(first, "primeira pergunta")
    await shop.writes(second, "segunda pergunta")
    desk = await desk_of(None, "/")
    desk.forgive("status of 401")
    page, keys = desk.page, desk.page.keyboard
    await expect(page.get_by_label("E-mail")).to_be_focused()
    await keys.type(TEAM["ana"].email)
    await keys.press("Tab")
    await keys.type(PASSWORD)
    await keys.press("Enter")
    await expect(desk.row(second)).to_be_visible()

    # News of other tests' customers may stand above.
    for _ in range(1 + (await desk.names()).index(second.name)):
        await keys.press("j")
    await expect(desk.row(second)).to_have_attribute("aria-current", "page")
    await keys.press("j")
    await expect(desk.row(first)).to_have_attribute("aria-current", "page")
    await keys.press("k")
    await expect(desk.row(second)).to_have_attribute("aria-current", "page")
    await expect(desk.bubble("segunda pergunta")).to_be_visible()
    await keys.press("Enter")
    await expect(desk.messages).to_be_focused()
    await keys.press("r")
    await expect(desk.composer).to_be_focused()
    await keys.type("respondido sem mouse, je?")
    await keys.press("Enter")
    await expect(desk.tick("respondido sem mouse, je?", "Lida")).to_have_count(1)
    await keys.press("Escape")
    await expect(desk.composer).not_to_be_focused()
    await keys.press("e")
    await expect(page.get_by_role("note")).to_contain_text("Conversa encerrada")
    await shop.conversation(second, lambda found: found["status"] == "closed")
    await keys.press("j")
    await expect(desk.row(first)).to_have_attribute("aria-current", "page")
    await keys.press("Escape")
    await expect(page).to_have_url(re.compile(r"/inbox$"))


async def test_help_and_command_menu(desk_of: OpenDesk, shop: Shop) -> None:
    lara = await shop.customer("Lara Comando")
    await shop.writes(lara, "me ache")
    desk = await desk_of()
    page, keys = desk.page, desk.page.keyboard
    await expect(desk.row(lara)).to_be_visible()
    await keys.press("?")
    shown = page.get_by_role("dialog", name="Atalhos do teclado")
    await expect(shown).to_contain_text("Menu de comandos")
    await keys.press("j")
    await expect(page).to_have_url(re.compile(r"/inbox$"))
    await keys.press("Escape")
    await expect(shown).to_be_hidden()

    await keys.press("Control+k")
    menu = page.get_by_role("dialog", name="Menu de comandos")
    await expect(menu.get_by_role("combobox")).to_be_focused()
    await keys.type(lara.name)
    await expect(menu.get_by_role("option", name=lara.name)).to_have_attribute("aria-selected", "true")
    await keys.press("Enter")
    await expect(desk.bubble("me ache")).to_be_visible()
    await keys.press("r")
    await keys.type("meio")
    await keys.press("Control+k")
    await keys.type("encerrar")
    await keys.press("Enter")
    await expect(page.get_by_role("note")).to_contain_text("Conversa encerrada")
    await keys.press("Control+k")
    await keys.type("ir para ajustes")
    await keys.press("Enter")
    await expect(page).to_have_url(re.compile("/settings/profile"))
    await keys.press("g")
    await keys.press("i")
    await expect(page).to_have_url(re.compile("/inbox"))
    await keys.press("/")
    await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_focus_is_always_to_be_seen(desk_of: OpenDesk, shop: Shop) -> None:
    nina = await shop.customer("Nina Foco")
    opened = await shop.writes(nina, "oi")
    desk = await desk_of(conversation=opened)
    await desk.page.locator("body").evaluate("body => { document.activeElement?.blur(); body.focus(); }")
    seen: list[str] = []
    for _ in range(30):
        await desk.page.keyboard.press("Tab")
        state = await desk.page.evaluate(_FOCUS)
        if state is None or state["name"] in seen:
            break
        assert state["shown"], f"nothing shows that the focus is on {state['name']}"
        seen.append(state["name"])
    assert len(seen) > 12, seen


# The focused element, and whether its outline, ring or surroundings show it.
_FOCUS = """
() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const name = `${on.tagName} ${on.getAttribute("aria-label") ?? on.textContent.slice(0, 40)} ${on.id}`;
  const look = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const form = on.closest("form");
  const edge = form && getComputedStyle(form).borderTopColor;
  const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  const probe = document.createElement("i");
  probe.style.color = accent;
  document.body.append(probe);
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  return { name, shown: look(on) || edge === wanted };
}
"""
