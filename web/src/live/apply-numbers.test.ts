import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import { keys } from "@/api/queries";
import type { LiveFact, Page, PhoneNumber } from "@/api/types";
import { aNumber } from "@/test-numbers";
import { applyFact } from "./apply";

let client: QueryClient;
const viewer = { userId: "ana", now: "2026-11-23T12:00:00.000Z" };
const changed = (number: PhoneNumber): LiveFact => ({
  type: "number.changed",
  id: "f",
  at: viewer.now,
  trace: null,
  data: { number },
});
const listed = () => client.getQueryData<Page<PhoneNumber>>(keys.numbers)?.items ?? [];

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData<Page<PhoneNumber>>(keys.numbers, {
    items: [aNumber({ id: "n1", version: 2 }), aNumber({ id: "n2" })],
    next_cursor: null,
  });
});

describe("a changed number", () => {
  it("is changed in its place on the list and on its page", () => {
    client.setQueryData(keys.number("n1"), aNumber({ id: "n1", version: 2 }));
    applyFact(client, changed(aNumber({ id: "n1", version: 3, status: "reconnect" })), viewer);
    expect(listed().map((item) => [item.id, item.status])).toEqual([
      ["n1", "reconnect"],
      ["n2", "connected"],
    ]);
    expect(client.getQueryData<PhoneNumber>(keys.number("n1"))?.status).toBe("reconnect");
  });

  it("is not taken back by a fact that comes late", () => {
    applyFact(client, changed(aNumber({ id: "n1", version: 1, status: "reconnect" })), viewer);
    expect(listed()[0]?.status).toBe("connected");
  });

  it("joins the list when somebody connects it, and leaves it when it is disconnected", () => {
    applyFact(client, changed(aNumber({ id: "n3" })), viewer);
    expect(listed().map((item) => item.id)).toEqual(["n1", "n2", "n3"]);
    applyFact(client, changed(aNumber({ id: "n2", version: 2, status: "disconnected" })), viewer);
    expect(listed().map((item) => item.id)).toEqual(["n1", "n3"]);
  });
});
