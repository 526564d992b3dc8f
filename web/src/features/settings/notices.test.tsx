import { QueryClient } from "@tanstack/react-query";
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { dismissNotice } from "@/api/calls";
import { keys } from "@/api/queries";
import type { Notice, Page } from "@/api/types";
import { en } from "@/i18n/en";
import { es } from "@/i18n/es";
import { ptBR } from "@/i18n/pt-BR";
import { applyNotice } from "@/live/apply-notices";
import { show } from "@/test-page";
import { Notices } from "./notices";

const ban: Notice = {
  id: "n1",
  kind: "account_banned",
  severity: "critical",
  over: false,
  waba_id: "1",
  number_id: null,
  display_phone_number: null,
  at: "2026-11-20T12:00:00.000Z",
  until: null,
  details: { waba_ban_date: "November 20, 2026" },
  dismissed_at: null,
  version: 2,
};

vi.mock("@/api/calls", async (original) => ({
  ...(await original<typeof import("@/api/calls")>()),
  dismissNotice: vi.fn(async () => ({ ...ban, dismissed_at: "2026-11-21T12:00:00.000Z", version: 3 })),
}));

function withNotices(...items: Notice[]) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData<Page<Notice>>(keys.notices, { items, next_cursor: null });
  return client;
}

it("says what happened, how bad it is and what to do, and is put away for everybody", async () => {
  show(<Notices mayDismiss />, withNotices(ban));
  expect(screen.getByText("A Meta desativou a conta")).toBeTruthy();
  expect(screen.getByText("Grave")).toBeTruthy();
  expect(screen.getByText(/Peça revisão/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Dispensar aviso" }));
  expect(dismissNotice).toHaveBeenCalledWith("n1");
  expect(await screen.findByText("A Meta não avisou nada.")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Mostrar 1 dispensado" }));
  expect(screen.getByText("A Meta desativou a conta")).toBeTruthy();
});

it("keeps the newer of two copies and the newest notice on top", () => {
  const client = withNotices(ban);
  applyNotice(client, { ...ban, version: 1, kind: "account_ban_coming" });
  applyNotice(client, { ...ban, id: "n2", at: "2026-11-22T12:00:00.000Z", version: 1 });
  const items = client.getQueryData<Page<Notice>>(keys.notices)?.items ?? [];
  expect(items.map(({ id, kind }) => [id, kind])).toEqual([
    ["n2", "account_banned"],
    ["n1", "account_banned"],
  ]);
});

it("names every kind in every language", () => {
  for (const t of [es, en]) {
    expect(Object.keys(t.metaNotices.what).sort()).toEqual(Object.keys(ptBR.metaNotices.what).sort());
    expect(Object.keys(t.metaNotices.todo).sort()).toEqual(Object.keys(ptBR.metaNotices.todo).sort());
  }
});
