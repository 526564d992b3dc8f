import { act, cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as calls from "@/api/calls";
import type { Conversation, Upload } from "@/api/types";
import { aConversation, aMessage } from "@/test-objects";
import { show } from "@/test-page";
import { quote } from "./compose/quoting";
import { Composer, MAX_LENGTH } from "./composer";
import { openOutbox } from "./outbox";

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const open = aConversation({ id: "c1", service_window_ends_at: inHours(5) });

function compose(conversation: Conversation = open, maySend = true) {
  const onSend = vi.fn();
  const onSendFiles = vi.fn();
  const onOpen = vi.fn();
  const onReopen = vi.fn();
  show(
    <Composer
      conversation={conversation}
      field={createRef()}
      maySend={maySend}
      onSend={onSend}
      onSendFiles={onSendFiles}
      onOpen={onOpen}
      onReopen={onReopen}
    />,
  );
  return {
    onSend,
    onSendFiles,
    onOpen,
    onReopen,
    field: () => screen.getByRole("textbox", { name: "Resposta para Maria" }),
  };
}

URL.createObjectURL = () => "blob:x";
URL.revokeObjectURL = () => {};
afterEach(() => vi.restoreAllMocks());

beforeEach(() => {
  vi.spyOn(calls, "tellTyping").mockResolvedValue(undefined);
  openOutbox(`user-${Math.random()}`, "account");
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(true);
});

describe("the composer", () => {
  it("sends on Enter, breaks the line on Shift+Enter, and is empty afterwards", async () => {
    const { onSend, field } = compose();
    await userEvent.type(field(), "Oi{Shift>}{Enter}{/Shift}tudo bem?{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith({
      type: "text",
      text: "Oi\ntudo bem?",
      preview_url: true,
    });
    expect(field()).toHaveProperty("value", "");
  });

  it("says how much of the window is left and from which number Send goes", () => {
    compose();
    expect(screen.getByText(/^Faltam 4 h 59 min da janela$/)).toBeTruthy();
    expect(screen.getByText("Enviar manda agora, de +55 11 4002-8922")).toBeTruthy();
  });

  it("sends neither nothing nor blanks", async () => {
    const { onSend, field } = compose();
    await userEvent.type(field(), "   {Enter}");
    expect(onSend).not.toHaveBeenCalled();
  });

  it("counts near the limit and refuses beyond it", async () => {
    const { onSend, field } = compose();
    await userEvent.click(field());
    await userEvent.paste("a".repeat(MAX_LENGTH - 1));
    expect(screen.getByText("4.095 / 4.096")).toBeTruthy();
    await userEvent.paste("😀😀😀");
    expect(screen.getByRole("alert").textContent).toBe("2 a mais que o limite");
    await userEvent.keyboard("{Enter}");
    expect(onSend).not.toHaveBeenCalled();
  });

  it("explains a closed window and takes no text", () => {
    compose({ ...open, service_window_ends_at: inHours(-1) });
    expect(screen.getByText("A janela de 24 horas fechou")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Enviar" })).toBeNull();
  });

  it("finds the draft again after the page was left, also when the window has closed over it", async () => {
    const first = compose();
    await userEvent.type(first.field(), "quase pronto");
    cleanup();
    const second = compose({ ...open, service_window_ends_at: inHours(-1) });
    expect(second.field()).toHaveProperty("value", "quase pronto");
    expect(second.field()).toHaveProperty("disabled", true);
  });

  it("offers to reopen a closed conversation", async () => {
    const { onReopen } = compose({ ...open, status: "closed" });
    await userEvent.click(screen.getByRole("button", { name: "Reabrir" }));
    expect(onReopen).toHaveBeenCalledTimes(1);
  });

  it("keeps the text and says so when there is no network", async () => {
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    const { onSend, field } = compose();
    await userEvent.type(field(), "guarda isto{Enter}");
    expect(onSend).not.toHaveBeenCalled();
    expect(field()).toHaveProperty("value", "guarda isto");
    expect(screen.getByText("Sem conexão: o texto fica guardado aqui")).toBeTruthy();
  });

  it("offers a template when the window is closed, as the one way to write", async () => {
    const { onOpen } = compose({ ...open, service_window_ends_at: inHours(-1) });
    await userEvent.click(screen.getByRole("button", { name: "Enviar modelo" }));
    expect(onOpen).toHaveBeenCalledExactlyOnceWith("template");
  });

  it("opens the templates at a slash in the empty field, and nowhere else", async () => {
    const { onOpen, field } = compose();
    await userEvent.type(field(), "1/2");
    expect(onOpen).not.toHaveBeenCalled();
    await userEvent.clear(field());
    await userEvent.type(field(), "/");
    expect(onOpen).toHaveBeenCalledExactlyOnceWith("template");
    expect(field()).toHaveProperty("value", "");
  });

  it("offers every kind in its menu", async () => {
    const { onOpen } = compose();
    await userEvent.click(screen.getByRole("button", { name: "Anexar" }));
    expect(screen.getAllByRole("menuitem")).toHaveLength(13);
    await userEvent.click(screen.getByRole("menuitem", { name: "Pedir localização" }));
    await vi.waitFor(() => expect(onOpen).toHaveBeenCalledExactlyOnceWith("askLocation"));
  });

  it("quotes in the first message, and Escape stops quoting before it leaves the field", async () => {
    const { onSend, field } = compose();
    const quoted = aMessage({ id: "m7", text: "o azul?" });
    act(() => quote("c1", quoted));
    await userEvent.type(field(), "{Escape}");
    expect(screen.queryByRole("group", { name: "Respondendo a Maria" })).toBeNull();
    expect(document.activeElement).toBe(field());
    act(() => quote("c1", quoted));
    expect(screen.getByRole("group", { name: "Respondendo a Maria" }).textContent).toContain("o azul?");
    await userEvent.type(field(), "sim{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ text: "sim", reply_to: "m7" }));
    expect(screen.queryByRole("group", { name: "Respondendo a Maria" })).toBeNull();
  });

  it("takes pasted files, says what is wrong with one, and sends the rest in order", async () => {
    vi.spyOn(calls, "upload").mockImplementation(async (_, { as }) => ({ id: `up-${as}` }) as Upload);
    const { onSend, onSendFiles, field } = compose();
    const film = new File([new Uint8Array(16_000_001)], "desfile.mp4", { type: "video/mp4" });
    const paper = new File(["%PDF"], "nota.pdf", { type: "application/pdf" });
    await userEvent.click(field());
    await userEvent.paste({
      files: [film, paper],
      getData: () => "",
      types: ["Files"],
    } as unknown as DataTransfer);
    await screen.findByText("Tem 16 MB; o WhatsApp aceita até 16 MB.");
    await userEvent.type(field(), "segue{Enter}");
    expect(onSendFiles).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Tirar desfile.mp4" }));
    await userEvent.type(field(), "{Enter}");
    expect(onSend).not.toHaveBeenCalled();
    expect(onSendFiles).toHaveBeenCalledExactlyOnceWith([
      { id: expect.any(String), body: { type: "document", upload_id: "", text: "segue" } },
    ]);
  });

  it("lets somebody who may only read know why they cannot write", () => {
    compose(open, false);
    expect(screen.getByText("Você pode ler, mas não responder")).toBeTruthy();
  });
});
