import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Media, Message } from "@/api/types";
import { aMedia, aMessage } from "@/test-objects";
import { show } from "@/test-page";
import { Bubble } from "../bubble";
import { ThreadContext } from "./thread-context";

const at = "2026-11-23T10:00:00.000Z";
const nothing = () => {};
const doing = {
  mayAnswer: true,
  react: nothing,
  quote: nothing,
  openSheet: nothing,
  pickEmoji: nothing,
  showDetails: nothing,
};
const thread = { contactName: "Maria", lookingFor: null, doing };

function showMessage(change: Partial<Message>, others: Message[] = [], manages = true) {
  const asked = { jump: vi.fn(), view: vi.fn() };
  const find = (id: string) => others.find((message) => message.id === id);
  show(
    <ThreadContext value={{ ...thread, ...asked, find, manages }}>
      <Bubble
        message={aMessage({ id: "m1", text: null, ...change })}
        first
        last
        contactName="Maria"
        ownId="ana"
        onRetry={() => {}}
      />
    </ThreadContext>,
  );
  return asked;
}
const withMedia = (type: Message["type"], media: Partial<Media>, more: Partial<Message> = {}) =>
  showMessage({ type, media: aMedia(media), ...more });
const group = (name: string) => within(screen.getByRole("group", { name }));

afterEach(() => vi.restoreAllMocks());

describe("a photo", () => {
  it("opens the viewer and carries its caption", async () => {
    const { view } = withMedia("image", {}, { text: "O vestido" });
    const button = screen.getByRole("button", { name: /^Foto de Maria, .*: O vestido$/ });
    expect(button.querySelector("img")?.getAttribute("src")).toBe("/v1/media/file-1");
    expect(screen.getByText("O vestido")).toBeTruthy();
    await userEvent.click(button);
    expect(view).toHaveBeenCalledWith("m1");
  });

  it("keeps its frame while the file is on its way, and asks for nothing", () => {
    withMedia("image", { status: "pending" });
    expect(screen.getByRole("status").textContent).toBe("Recebendo…");
    expect(document.querySelector("img")).toBeNull();
  });

  it("is fetched again once when that failed", async () => {
    const pending = aMessage({ id: "m1", type: "image", media: aMedia({ status: "pending" }) });
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(pending));
    withMedia("image", { status: "failed" });
    await userEvent.click(screen.getByRole("button", { name: "Buscar de novo" }));
    expect(String(fetched.mock.calls[0]?.[0])).toContain("/v1/media/file-1/retry");
    expect(screen.getByRole("status").textContent).toBe("Recebendo…");
    expect(screen.queryByRole("button", { name: "Buscar de novo" })).toBeNull();
  });

  it("is asked for again only by those who may", () => {
    showMessage({ type: "image", media: aMedia({ status: "failed" }) }, [], false);
    expect(screen.getByRole("status").textContent).toContain("Não deu para receber");
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("can be asked for again when the server refused", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("offline"));
    withMedia("image", { status: "failed" });
    await userEvent.click(screen.getByRole("button", { name: "Buscar de novo" }));
    expect(await screen.findByRole("button", { name: "Buscar de novo" })).toBeTruthy();
  });

  it("offers another try when the browser cannot show it", async () => {
    withMedia("image", {});
    fireEvent.error(document.querySelector("img") as HTMLImageElement);
    await userEvent.click(screen.getByRole("button", { name: "Tentar de novo" }));
    expect(document.querySelector("img")).toBeTruthy();
  });
});

describe("other files", () => {
  it("plays a video in place, by range", () => {
    withMedia("video", { kind: "video", mime_type: "video/mp4" });
    const video = screen.getByLabelText(/^Vídeo de Maria/);
    expect(video.getAttribute("src")).toBe("/v1/media/file-1");
    expect(video.getAttribute("preload")).toBe("metadata");
  });

  it("shows a sticker without a bubble around it", () => {
    withMedia("sticker", { kind: "sticker" });
    const sticker = screen.getByRole("img", { name: "Figurinha de Maria" });
    expect(sticker.closest("[dir]")?.className).not.toContain("bg-bubble-in");
  });

  it("opens what browsers show and downloads the rest, by name", () => {
    withMedia("document", { kind: "document", mime_type: "application/pdf", filename: "Nota.pdf" });
    const card = group("Documento: Nota.pdf");
    expect(card.getByText("PDF · 48 kB")).toBeTruthy();
    expect(card.getByRole("link", { name: /^Abrir\s*Nota\.pdf/ }).getAttribute("target")).toBe("_blank");
    expect(card.getByRole("link", { name: "Baixar Nota.pdf" }).getAttribute("download")).toBe("Nota.pdf");
  });

  it("never opens a page somebody sent", () => {
    withMedia("document", { kind: "document", mime_type: "text/html", filename: "oi.html" });
    expect(screen.queryByRole("link", { name: /^Abrir/ })).toBeNull();
    expect(screen.getByRole("link", { name: "Baixar oi.html" })).toBeTruthy();
  });

  it("says a document is on its way, or did not come", () => {
    withMedia("document", { kind: "document", filename: "a.docx", status: "failed" });
    const card = group("Documento: a.docx");
    expect(card.getByRole("status").textContent).toBe("Não recebido");
    expect(card.getByRole("button", { name: "Buscar de novo" })).toBeTruthy();
    expect(card.queryByRole("link")).toBeNull();
  });
});

describe("a place", () => {
  const place = { of: "location", latitude: -22.9, longitude: -47.06 } as const;

  it("opens in a map on request, and asks nobody before", () => {
    showMessage({ type: "location", content: { ...place, name: "Praça", address: "Centro" } });
    const link = group("Localização").getByRole("link", { name: /Abrir no mapa/ });
    expect(link.getAttribute("href")).toBe("https://www.google.com/maps/search/?api=1&query=-22.9,-47.06");
    expect(link.getAttribute("rel")).toContain("noopener");
    expect(document.querySelector("img, iframe")).toBeNull();
  });

  it("gives the point where there is no address, and follows no address that is not a page", () => {
    showMessage({ type: "location", content: { ...place, url: "javascript:alert(1)" } });
    expect(screen.getByText("-22.90000, -47.06000")).toBeTruthy();
    expect(screen.getAllByRole("link")).toHaveLength(1);
  });
});

it("shows shared contacts with copy and save", async () => {
  const user = userEvent.setup();
  const contact = { name: "Lúcia", phones: [{ phone: "+5519998765432" }], emails: ["l@a.example"] };
  showMessage({ type: "contacts", content: { of: "contacts", contacts: [contact] } });
  const card = within(screen.getByRole("list", { name: "1 contato" }));
  await user.click(card.getByRole("button", { name: "Copiar +55 19 99876-5432" }));
  expect(await navigator.clipboard.readText()).toBe("+5519998765432");
  expect(card.getByRole("button", { name: /^Salvar contato.*Lúcia$/ })).toBeTruthy();
});

describe("answers", () => {
  it("shows what was chosen, and where", () => {
    showMessage({
      type: "choice",
      content: { of: "choice", kind: "list", title: "Entrega", description: "Até 3 dias" },
    });
    expect(screen.getByText("Escolheu na lista")).toBeTruthy();
    expect(screen.getByText("Entrega")).toBeTruthy();
    expect(screen.getByText("Até 3 dias")).toBeTruthy();
  });

  it("adds an order up in its currency", () => {
    const item = (product_retailer_id: string, quantity: number, item_price: number) => ({
      product_retailer_id,
      quantity,
      item_price,
      currency: "BRL",
    });
    showMessage({
      type: "order",
      content: {
        of: "order",
        catalog_id: "1",
        note: "Para presente",
        items: [item("vestido", 1, 189.9), item("cinto", 2, 39.5)],
      },
    });
    const rows = within(screen.getByRole("table", { name: "Pedido do catálogo" })).getAllByRole("row");
    expect(rows.map((row) => row.textContent?.replace(/\s/g, " ")).slice(1)).toEqual([
      "vestido1 × R$ 189,90R$ 189,90",
      "cinto2 × R$ 39,50R$ 79,00",
      "TotalR$ 268,90",
    ]);
    expect(screen.getByText("Para presente")).toBeTruthy();
  });

  it("lists a form's answers, or says they cannot be read", () => {
    showMessage({
      type: "flow",
      content: { of: "flow", name: "Prova", answers: { screen_0_Dia_0: "0_Sexta" } },
    });
    expect(screen.getByRole("term").textContent).toBe("Dia");
    expect(screen.getByRole("definition").textContent).toBe("Sexta");
    showMessage({ type: "flow", content: { of: "flow", answers: null } });
    expect(screen.getByText("As respostas não puderam ser lidas.")).toBeTruthy();
  });
});

describe("what WhatsApp tells", () => {
  it("is said in our words where we know the kind", () => {
    showMessage({ type: "system", content: { of: "system", kind: "user_changed_number", body: "A to B" } });
    expect(screen.getByText(/mudou de número/).getAttribute("title")).toContain("A to B");
    expect(screen.queryByRole("article")).toBeNull();
  });

  it("is said in WhatsApp's where we do not", () => {
    showMessage({ type: "system", content: { of: "system", kind: "brand_new", body: "Something happened" } });
    expect(screen.getByText("Something happened")).toBeTruthy();
  });
});

describe("around a message", () => {
  it("leads from a quote to what it quotes", async () => {
    const quoted = aMessage({ id: "m0", type: "image", text: null, media: aMedia() });
    const reply_to = { id: "m0", wamid: "w", preview: null };
    const { jump } = showMessage({ text: "Esse", reply_to }, [quoted]);
    await userEvent.click(screen.getByRole("button", { name: /^Ir para a mensagem citada:.*Foto$/ }));
    expect(jump).toHaveBeenCalledWith("m0");
  });

  it("quotes what is not with us without a way there", () => {
    showMessage({ text: "Esse", reply_to: { id: null, wamid: "w", preview: "De antes" } });
    expect(screen.getByText("De antes")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("says who reacted with what", () => {
    showMessage({
      text: "Oi",
      reactions: [
        { emoji: "❤️", by: "contact", at },
        { emoji: "👍", by: "us", at },
      ],
    });
    const items = within(screen.getByRole("list", { name: "Reações" })).getAllByRole("listitem");
    expect(items.map((item) => item.textContent)).toEqual(["❤️ de Maria", "👍 de Equipe"]);
  });

  it("marks what was edited and what was forwarded", () => {
    showMessage({ text: "Oi", edited_at: at, forwarded: true });
    expect(screen.getByText("editada")).toBeTruthy();
    expect(screen.getByText("Encaminhada")).toBeTruthy();
  });

  it("keeps only the place of what was deleted", () => {
    showMessage({ revoked_at: at, edited_at: at, reactions: [{ emoji: "❤️", by: "us", at }] });
    expect(screen.getByText("O cliente apagou esta mensagem.")).toBeTruthy();
    expect(screen.queryByText("editada")).toBeNull();
    expect(screen.queryByRole("list")).toBeNull();
  });

  it("names the ad somebody came from, and follows it only to a page", () => {
    const ad = { source_type: "ad", headline: "Vestidos", body: "Até domingo" };
    showMessage({ text: "Oi", referral: { ...ad, source_url: "https://fb.me/x" } });
    const card = group("Veio deste anúncio");
    expect(card.getByText("Vestidos")).toBeTruthy();
    expect(card.getByRole("link", { name: "Ver anúncio" }).getAttribute("href")).toBe("https://fb.me/x");
    showMessage({ text: "Oi", referral: { ...ad, source_type: "post", source_url: "data:text/html,x" } });
    expect(group("Veio desta publicação").queryByRole("link")).toBeNull();
  });
});
