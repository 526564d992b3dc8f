import { expect, it, vi } from "vitest";
import { addUnsent, losesFiles, markUnsent, newClientId, openOutbox, removeUnsent } from "./outbox";

const item = (clientId: string) =>
  ({
    clientId,
    conversationId: "c1",
    body: { type: "text", text: "Oi", preview_url: true },
    at: "2026-11-23T10:00:00.000Z",
    state: "sending",
  }) as const;
const stored = (owner: string): { clientId: string; state: string }[] =>
  JSON.parse(localStorage.getItem(`clientela.outbox.${owner}`) ?? "[]");

it("keeps what is on its way until it is settled, apart for each person and account", () => {
  openOutbox("ana", "aurora");
  addUnsent(item("k1"));
  addUnsent(item("k2"));
  expect(stored("aurora.ana").map((entry) => entry.clientId)).toEqual(["k1", "k2"]);
  openOutbox("bia", "aurora");
  expect(stored("aurora.bia")).toEqual([]);
  openOutbox("ana", "aurora");
  removeUnsent("k1");
  expect(stored("aurora.ana")).toEqual([{ ...item("k2"), state: "failed" }]);
});

it("keeps what an older page left as plain text", () => {
  const old = { clientId: "k9", conversationId: "c1", text: "Já vai", at: "2026-11-23T10:00:00.000Z" };
  localStorage.setItem("clientela.outbox.aurora.dora", JSON.stringify([old]));
  openOutbox("dora", "aurora");
  markUnsent("k9", "sending");
  expect(stored("aurora.dora")).toMatchObject([{ clientId: "k9", body: { type: "text", text: "Já vai" } }]);
});

it("forgets on a reload what only this page could finish: a message whose file was still leaving", () => {
  openOutbox("caio", "aurora");
  addUnsent(item("k3"));
  addUnsent({ ...item("k4"), uploading: true });
  expect(losesFiles()).toBe(true);
  expect(stored("aurora.caio").map((entry) => entry.clientId)).toEqual(["k3"]);
});

it("makes keys that are UUIDs and sort by time", () => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  const first = newClientId();
  vi.setSystemTime(1_700_000_000_001);
  const second = newClientId();
  vi.useRealTimers();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(first < second).toBe(true);
});
