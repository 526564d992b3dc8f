import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { Message } from "@/api/types";
import { aMessage } from "@/test-objects";
import { show } from "@/test-page";
import { Bubble } from "./bubble";

function showBubble(message: Partial<Message>) {
  const onRetry = vi.fn();
  show(
    <Bubble
      message={aMessage({ id: "m1", ...message })}
      first
      last
      contactName="Maria"
      ownId="ana"
      onRetry={onRetry}
    />,
  );
  return onRetry;
}
const ours = { direction: "out", author: { kind: "user", id: "ana", name: "Ana" } } as const;

describe("a bubble", () => {
  it.each([
    ["queued", "Na fila"],
    ["sent", "Enviada"],
    ["delivered", "Entregue"],
    ["read", "Lida"],
    ["uncertain", "Não confirmada"],
  ] as const)("says in words how far a message of ours came: %s", (status, word) => {
    showBubble({ ...ours, status });
    expect(screen.getByText(word)).toBeTruthy();
  });

  it("gives a failure its reason, what to do, and a way to try again", async () => {
    const onRetry = showBubble({
      ...ours,
      status: "failed",
      error: { code: 131026, reason: "not_on_whatsapp", title: "x", retryable: true },
    });
    expect(screen.getByRole("group", { name: "Este número não recebe pelo WhatsApp." })).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Reenviar" }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });

  it("says what a queued message waits for, and offers no resend: it leaves by itself", () => {
    showBubble({
      ...ours,
      status: "queued",
      error: { code: 190, reason: "token_invalid", title: "x", retryable: true },
    });
    expect(screen.getByText("Esperando para sair.")).toBeTruthy();
    expect(screen.getByRole("group", { name: "A conexão deste número com a Meta expirou." })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Reenviar" })).toBeNull();
  });

  it("offers no resend where it must not be sent again", () => {
    showBubble({
      ...ours,
      status: "failed",
      error: { code: 131050, reason: "opted_out", title: "x", retryable: false },
    });
    expect(screen.queryByRole("button", { name: "Reenviar" })).toBeNull();
  });

  it("shows Meta's own words for a reason it does not know", () => {
    showBubble({
      ...ours,
      status: "failed",
      error: { code: 999, reason: "brand_new", title: "Something else happened", retryable: true },
    });
    expect(screen.getByText("Something else happened")).toBeTruthy();
  });

  it("names a message it cannot show", () => {
    showBubble({ type: "unsupported", text: null, unsupported_type: "poll" });
    expect(screen.getByText("Enquete")).toBeTruthy();
  });

  it("follows addresses but runs nothing that was written", () => {
    showBubble({ text: "veja https://loja.example/a?b=1. <img src=x onerror=alert(1)> javascript:alert(1)" });
    const links = screen.getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://loja.example/a?b=1"]);
    expect(links[0]?.getAttribute("rel")).toContain("noopener");
    expect(document.querySelector("img")).toBeNull();
  });

  it("lets the text choose its direction", () => {
    showBubble({ text: "مرحبا" });
    expect(screen.getByText("مرحبا").closest("[dir]")?.getAttribute("dir")).toBe("auto");
  });
});
