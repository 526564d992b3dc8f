import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Conversation } from "@/api/types";
import { aConversation } from "@/test-objects";
import { show } from "@/test-page";
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

beforeEach(() => {
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

  it("lets somebody who may only read know why they cannot write", () => {
    compose(open, false);
    expect(screen.getByText("Você pode ler, mas não responder")).toBeTruthy();
  });
});
