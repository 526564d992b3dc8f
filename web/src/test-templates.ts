/** A template for tests, as the wire gives it. */
import type { Template } from "@/api/types";

export function makeTemplate(change: Partial<Template> = {}): Template {
  return {
    id: "t1",
    waba_id: "100",
    meta_id: "7",
    name: "pedido",
    language: "pt_BR",
    category: "utility",
    status: "approved",
    reason: null,
    advice: null,
    quality: "green",
    parameter_format: "positional",
    header: null,
    body: "Oi {{1}}, seu pedido chegou.",
    footer: null,
    buttons: [],
    parameters: [{ key: "body.1", place: "body", name: "1", example: "Ana" }],
    needs_file: null,
    sendable: true,
    not_sendable_reason: null,
    paused_until: null,
    disables_at: null,
    coming_category: null,
    version: 1,
    updated_at: "2026-11-25T12:00:00Z",
    ...change,
  };
}
