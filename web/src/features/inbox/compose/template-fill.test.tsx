import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import * as calls from "@/api/calls";
import { ProblemError } from "@/api/client";
import type { Template } from "@/api/types";
import { show } from "@/test-page";
import { TemplateFill } from "./template-fill";

const template = {
  id: "t1",
  waba_id: "1",
  meta_id: "2",
  name: "pedido_saiu",
  language: "pt_BR",
  category: "utility",
  status: "approved",
  reason: null,
  advice: null,
  quality: "green",
  parameter_format: "positional",
  header: null,
  body: "Olá, {{1}}! Chega às {{2}}.",
  footer: null,
  buttons: [],
  parameters: [
    { key: "body.1", place: "body", name: "1", example: "Maria" },
    { key: "body.2", place: "body", name: "2", example: "18h" },
  ],
  needs_file: null,
  sendable: true,
  not_sendable_reason: null,
  paused_until: null,
  disables_at: null,
  coming_category: null,
  version: 3,
  updated_at: "2026-11-23T10:00:00.000Z",
} satisfies Template;

const refusal = (code: string) => new ProblemError({ type: "about:blank", title: code, status: 409, code });

function fill(change: Partial<Template> = {}, optedOut = false) {
  const onSend = vi.fn<(...values: unknown[]) => Promise<ProblemError | null>>(async () => null);
  const onSent = vi.fn();
  show(
    <TemplateFill
      template={{ ...template, ...change }}
      contactName="Thiago Rocha"
      costOf={null}
      optedOut={optedOut}
      initial={{ "body.1": "Thiago" }}
      onValues={() => {}}
      onBack={() => {}}
      onSend={onSend}
      onSent={onSent}
    />,
  );
  const preview = () => screen.getByRole("group", { name: "Como o cliente vai ver" }).textContent;
  const send = () => userEvent.click(screen.getByRole("button", { name: "Enviar" }));
  return { onSend, onSent, preview, send };
}

afterEach(() => vi.restoreAllMocks());

it("shows what is typed where the customer will read it, and sends that", async () => {
  const { onSend, onSent, preview, send } = fill();
  await send();
  expect(onSend).not.toHaveBeenCalled();
  await userEvent.type(screen.getByLabelText("Texto 2"), "19h");
  expect(preview()).toBe("Olá, Thiago! Chega às 19h.");
  await send();
  expect(onSend).toHaveBeenCalledExactlyOnceWith(
    { type: "template", template_id: "t1", version: 3, parameters: { "body.1": "Thiago", "body.2": "19h" } },
    { words: "Olá, Thiago! Chega às 19h." },
  );
  await waitFor(() => expect(onSent).toHaveBeenCalledTimes(1));
});

it("shows a template that changed meanwhile and keeps what was typed", async () => {
  vi.spyOn(calls, "getTemplate").mockResolvedValue({
    ...template,
    body: "Oi, {{1}}! Até as {{2}}.",
    version: 4,
  });
  const { onSend, onSent, preview, send } = fill();
  onSend.mockResolvedValueOnce(refusal("template_changed"));
  await userEvent.type(screen.getByLabelText("Texto 2"), "19h");
  await send();
  expect((await screen.findByRole("status")).textContent).toMatch(/^O modelo mudou na Meta/);
  expect(preview()).toBe("Oi, Thiago! Até as 19h.");
  expect(onSent).not.toHaveBeenCalled();
  await send();
  expect(onSend.mock.lastCall?.[0]).toMatchObject({ version: 4, parameters: { "body.2": "19h" } });
});

it("does not let marketing go to who said no, and says so", async () => {
  const { onSend, send } = fill({ category: "marketing", parameters: [], body: "Só hoje!" }, true);
  expect(screen.getByText(/pediu para não receber promoções/)).toBeTruthy();
  await send();
  expect(onSend).not.toHaveBeenCalled();
});
