import { describe, expect, it } from "vitest";
import { aMessage } from "@/test-objects";
import { firstUnread, threadItems } from "./thread-items";

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).toISOString();
const kinds = (items: ReturnType<typeof threadItems>) => items.map((item) => item.kind);

describe("a thread", () => {
  it("separates days and groups what one person said in a breath", () => {
    const items = threadItems(
      [
        aMessage({ id: "m1", sent_at: at(20, 23, 58) }),
        aMessage({ id: "m2", sent_at: at(21, 0, 1) }),
        aMessage({ id: "m3", sent_at: at(21, 0, 3) }),
        aMessage({ id: "m4", sent_at: at(21, 0, 30) }),
      ],
      [],
      null,
      0,
    );
    expect(kinds(items)).toEqual(["day", "message", "day", "message", "message", "message"]);
    expect(items.flatMap((item) => (item.kind === "message" ? [item.first] : []))).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it("groups nothing across what WhatsApp itself says", () => {
    const items = threadItems(
      [
        aMessage({ id: "m1", sent_at: at(20, 10, 0) }),
        aMessage({ id: "m2", sent_at: at(20, 10, 1), type: "system" }),
        aMessage({ id: "m3", sent_at: at(20, 10, 2) }),
      ],
      [],
      null,
      0,
    );
    const ends = items.flatMap((item) => (item.kind === "message" ? [[item.first, item.last]] : []));
    expect(ends).toEqual([
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it("draws a line above the first unread of the customer", () => {
    const messages = [
      aMessage({ id: "m1", sent_at: at(20, 9) }),
      aMessage({
        id: "m2",
        sent_at: at(20, 10),
        direction: "out",
        status: "sent",
        author: { kind: "phone" },
      }),
      aMessage({ id: "m3", sent_at: at(20, 11) }),
      aMessage({ id: "m4", sent_at: at(20, 12) }),
    ];
    const from = firstUnread(messages, 2);
    expect(from).toBe("m3");
    expect(kinds(threadItems(messages, [], from, 2))).toEqual([
      "day",
      "message",
      "message",
      "new",
      "message",
      "message",
    ]);
  });

  it("shows what is on its way last, once, under the key it keeps when it settles", () => {
    const unsent = {
      clientId: "k1",
      conversationId: "c1",
      body: { type: "text" as const, text: "Já vai", preview_url: true },
      at: at(20, 9),
      state: "sending" as const,
    };
    const before = threadItems([aMessage({ id: "m1" })], [unsent], null, 0);
    const settled = aMessage({ id: "m2", client_id: "k1", direction: "out", status: "queued" });
    const after = threadItems([aMessage({ id: "m1" }), settled], [unsent], null, 0);
    expect(before.at(-1)?.key).toBe("k1");
    expect(after.at(-1)?.key).toBe("k1");
    expect(kinds(after)).toEqual(["day", "message", "message"]);
  });
});
