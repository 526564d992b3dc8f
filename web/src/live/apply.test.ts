import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationFilter } from "@/api/calls";
import { keys, type Pages } from "@/api/queries";
import type { Conversation, LiveFact, Message } from "@/api/types";
import {
  aConversation,
  aConversationFact,
  aMedia,
  aMessage,
  aMessageFact,
  aRemovedFact,
} from "@/test-objects";
import { applyFact } from "./apply";

const ME = "ana";
const viewer = { userId: ME, now: "2026-11-23T12:00:00.000Z" };
const all: ConversationFilter = { status: "open", sort: "last_activity" };
const mine: ConversationFilter = { ...all, assignee: "me" };
const unassigned: ConversationFilter = { ...all, assignee: "none" };
const unread: ConversationFilter = { ...all, unread: true };
const closed: ConversationFilter = { status: "closed", sort: "last_activity" };
const waiting: ConversationFilter = { status: "open", sort: "longest_waiting" };
const found: ConversationFilter = { ...all, q: "maria" };

let client: QueryClient;

function seed(filter: ConversationFilter, items: Conversation[], next_cursor: string | null = null): void {
  client.setQueryData<Pages<Conversation>>(keys.conversationList(filter), {
    pages: [{ items, next_cursor }],
    pageParams: [null],
  });
}
function list(filter: ConversationFilter): Conversation[] {
  return (
    client
      .getQueryData<Pages<Conversation>>(keys.conversationList(filter))
      ?.pages.flatMap((page) => page.items) ?? []
  );
}
const ids = (filter: ConversationFilter) => list(filter).map((item) => item.id);
function thread(): Message[] {
  return client.getQueryData<Pages<Message>>(keys.messages("c1"))?.pages.flatMap((page) => page.items) ?? [];
}
function seedThread(pages: Message[][], last: string | null = null): void {
  client.setQueryData<Pages<Message>>(keys.messages("c1"), {
    pages: pages.map((items, index) => ({ items, next_cursor: index === pages.length - 1 ? last : "more" })),
    pageParams: pages.map(() => null),
  });
}
const apply = (...facts: LiveFact[]) => {
  for (const fact of facts) applyFact(client, fact, viewer);
};
const at = (minute: number) => `2026-11-23T10:${String(minute).padStart(2, "0")}:00.000Z`;

beforeEach(() => {
  client = new QueryClient();
});

describe("a received message", () => {
  const old = aConversation({ id: "c1", last_message_at: at(1) });
  const other = aConversation({ id: "c2", last_message_at: at(5) });
  const now = aConversation({ id: "c1", version: 2, last_message_at: at(9), unread_count: 1 });
  const message = aMessage({ id: "m2", sent_at: at(9) });

  it("stands in the thread and lifts its conversation to the top", () => {
    seed(all, [other, old]);
    seedThread([[aMessage({ id: "m1" })]]);
    apply(aMessageFact("message.received", message, now));
    expect(ids(all)).toEqual(["c1", "c2"]);
    expect(list(all)[0]?.unread_count).toBe(1);
    expect(thread().map((item) => item.id)).toEqual(["m2", "m1"]);
  });

  it("changes nothing the second time", () => {
    seed(all, [other, old]);
    seedThread([[aMessage({ id: "m1" })]]);
    const fact = aMessageFact("message.received", message, now);
    apply(fact);
    const before = client.getQueryData(keys.conversationList(all));
    const threadBefore = client.getQueryData(keys.messages("c1"));
    apply(fact);
    expect(client.getQueryData(keys.conversationList(all))).toBe(before);
    expect(client.getQueryData(keys.messages("c1"))).toBe(threadBefore);
  });

  it("brings in a conversation that was not loaded, in its place", () => {
    seed(all, [other]);
    apply(aMessageFact("message.received", message, now));
    expect(ids(all)).toEqual(["c1", "c2"]);
  });

  it("leaves out a conversation that belongs below the loaded rows, because its page will bring it", () => {
    seed(all, [other], "more");
    apply(
      aMessageFact(
        "message.received",
        message,
        aConversation({ id: "c1", version: 2, last_message_at: at(1) }),
      ),
    );
    expect(ids(all)).toEqual(["c2"]);
  });

  it("takes its place by id when it arrives late", () => {
    seedThread([[aMessage({ id: "m3" }), aMessage({ id: "m1" })]]);
    apply(aMessageFact("message.received", message, now));
    expect(thread().map((item) => item.id)).toEqual(["m3", "m2", "m1"]);
  });

  it("does not enter a thread above the part that is loaded", () => {
    seedThread([[aMessage({ id: "m5" }), aMessage({ id: "m4" })]], "older");
    apply(aMessageFact("message.received", message, now));
    expect(thread().map((item) => item.id)).toEqual(["m5", "m4"]);
  });

  it("keeps the page cursors of a long thread true", () => {
    seedThread([[aMessage({ id: "m4" })], [aMessage({ id: "m3" })]]);
    apply(aMessageFact("message.received", aMessage({ id: "m5" }), now));
    const pages = client.getQueryData<Pages<Message>>(keys.messages("c1"))?.pages ?? [];
    expect(pages.map((page) => page.items.map((item) => item.id))).toEqual([["m5", "m4"], ["m3"]]);
  });
});

describe("statuses of ours", () => {
  const conversation = aConversation({ id: "c1" });
  const sent = aMessage({ id: "m1", direction: "out", status: "sent", version: 2 });
  const read = aMessage({ id: "m1", direction: "out", status: "read", version: 4 });

  it("moves the ticks forward", () => {
    seedThread([[sent]]);
    apply(aMessageFact("message.status_changed", read, conversation));
    expect(thread()[0]?.status).toBe("read");
  });

  it("ignores an older one that arrives afterwards", () => {
    seedThread([[sent]]);
    apply(
      aMessageFact("message.status_changed", read, conversation),
      aMessageFact("message.status_changed", { ...sent, status: "delivered", version: 3 }, conversation),
    );
    expect(thread()[0]?.status).toBe("read");
  });
});

describe("a changed message", () => {
  const conversation = aConversation({ id: "c1" });
  const plain = aMessage({ id: "m1", text: "Oi" });
  const edited = { ...plain, version: 2, text: "Olá", edited_at: at(5) };
  const file = { ...aMedia({ status: "ready" }) };

  it.each([
    ["a reaction", { reactions: [{ emoji: "❤️", by: "contact" as const, at: at(5) }] }],
    ["an edit", { text: "Olá", edited_at: at(5) }],
    ["a revocation", { text: null, revoked_at: at(5) }],
    ["a file that arrived", { media: file }],
  ])("takes over %s in its place", (_, change) => {
    seedThread([[aMessage({ id: "m2" }), plain]]);
    apply(aMessageFact("message.changed", { ...plain, version: 2, ...change }, conversation));
    expect(thread().map((item) => item.id)).toEqual(["m2", "m1"]);
    expect(thread()[1]).toMatchObject(change);
  });

  it("goes when it was a copy of another one, and does not come back by itself", () => {
    seedThread([[aMessage({ id: "m2" })], [plain]]);
    const without = aConversation({ id: "c1", version: 3 });
    apply(aRemovedFact("m2", without));
    apply(aRemovedFact("m2", without));
    expect(thread().map((item) => item.id)).toEqual(["m1"]);
  });

  it("stays as it is for a fact that is older than what is shown", () => {
    seedThread([[edited]]);
    apply(aMessageFact("message.changed", { ...plain, version: 1 }, conversation));
    expect(thread()[0]?.text).toBe("Olá");
  });

  it("shows a reaction in the list and lifts its conversation", () => {
    seed(all, [aConversation({ id: "c2", last_message_at: at(5) }), conversation]);
    const reacted = aConversation({
      id: "c1",
      version: 2,
      last_message_at: at(9),
      unread_count: 1,
      last_reaction: { message_id: "m1", emoji: "❤️", at: at(9), type: "text", preview: "Oi" },
    });
    apply(aMessageFact("message.changed", { ...plain, version: 2 }, reacted));
    expect(ids(all)).toEqual(["c1", "c2"]);
    expect(list(all)[0]?.last_reaction?.emoji).toBe("❤️");
  });
});

describe("the last message's ticks in the list", () => {
  const last = {
    id: "m1",
    direction: "out",
    type: "text",
    preview: "Oi",
    revoked: false,
    sent_at: "2026-11-23T10:00:00.000Z",
  } as const;
  const seen = (status: "queued" | "delivered" | "read", version: number) =>
    aConversation({ id: "c1", version: 3, last_message: { ...last, direction: "out", status, version } });
  const fact = (status: "delivered" | "read", version: number) =>
    aMessageFact(
      "message.status_changed",
      aMessage({ id: "m1", direction: "out", status, version }),
      seen(status, version),
    );

  it("move though the conversation itself did not change", () => {
    seed(all, [seen("queued", 1)]);
    apply(fact("read", 5));
    expect(list(all)[0]?.last_message?.status).toBe("read");
  });

  it("do not go back with an old fact", () => {
    seed(all, [seen("queued", 1)]);
    apply(fact("read", 5), fact("delivered", 4));
    expect(list(all)[0]?.last_message?.status).toBe("read");
  });
});

describe("a changed conversation", () => {
  const open = aConversation({ id: "c1" });

  it("moves from the open lists to the closed one", () => {
    seed(all, [open]);
    seed(closed, []);
    apply(aConversationFact("closed", { ...open, status: "closed", version: 2 }));
    expect(ids(all)).toEqual([]);
    expect(ids(closed)).toEqual(["c1"]);
  });

  it("does not come back with an old fact", () => {
    seed(all, [open]);
    apply(
      aConversationFact("closed", { ...open, status: "closed", version: 3 }),
      aConversationFact("assigned", { ...open, version: 2 }),
    );
    expect(ids(all)).toEqual([]);
  });

  it("follows its assignee between the lists", () => {
    seed(mine, []);
    seed(unassigned, [open]);
    apply(aConversationFact("assigned", { ...open, assignee: { id: ME, name: "Ana" }, version: 2 }));
    expect(ids(mine)).toEqual(["c1"]);
    expect(ids(unassigned)).toEqual([]);
  });

  it("leaves the unread list when somebody reads it", () => {
    seed(unread, [{ ...open, unread_count: 3 }]);
    apply(aConversationFact("read", { ...open, version: 2 }));
    expect(ids(unread)).toEqual([]);
  });

  it("stands where its waiting time puts it, and last when nobody waits", () => {
    const second = aConversation({ id: "c2", waiting_since: at(20) });
    const first = aConversation({ id: "c1", waiting_since: at(10) });
    seed(waiting, [first, second]);
    apply(aConversationFact("read", { ...first, waiting_since: null, version: 2 }));
    expect(ids(waiting)).toEqual(["c2", "c1"]);
  });

  it("is brought up to date in a search, which only the server may add to", () => {
    seed(found, [open]);
    apply(
      aConversationFact("assigned", { ...open, assignee: { id: "bia", name: "Bia" }, version: 2 }),
      aConversationFact("opened", aConversation({ id: "c9" })),
    );
    expect(ids(found)).toEqual(["c1"]);
    expect(list(found)[0]?.assignee?.name).toBe("Bia");
  });
});

describe("a changed contact", () => {
  it("is renamed wherever its conversations show", () => {
    const open = aConversation({ id: "c1" });
    seed(all, [open]);
    client.setQueryData(keys.conversation("c1"), open);
    apply({
      type: "contact.changed",
      id: "f",
      at: at(1),
      trace: null,
      data: {
        contact: {
          id: open.contact.id,
          name: "Dona Maria",
          custom_name: "Dona Maria",
          profile_name: "Maria",
          phone: "+5511900000000",
          wa_id: "5511900000000",
          bsuid: null,
          book_name: null,
          marketing_opted_out_at: null,
          marketing_opted_out_by: null,
          username: null,
          version: 2,
          created_at: at(0),
        },
      },
    });
    expect(list(all)[0]?.contact.name).toBe("Dona Maria");
    expect(client.getQueryData<Conversation>(keys.conversation("c1"))?.contact.name).toBe("Dona Maria");
  });
});

it("ends in the same state whatever the order of the facts", () => {
  const base = aConversation({ id: "c1", last_message_at: at(1) });
  const facts = [
    aMessageFact("message.received", aMessage({ id: "m1" }), {
      ...base,
      version: 2,
      last_message_at: at(2),
      unread_count: 1,
    }),
    aConversationFact("assigned", {
      ...base,
      version: 3,
      last_message_at: at(2),
      unread_count: 1,
      assignee: { id: ME, name: "Ana" },
    }),
    aMessageFact("message.queued", aMessage({ id: "m2", direction: "out", status: "queued" }), {
      ...base,
      version: 4,
      last_message_at: at(3),
      assignee: { id: ME, name: "Ana" },
    }),
    aMessageFact(
      "message.status_changed",
      aMessage({ id: "m2", direction: "out", status: "read", version: 2 }),
      { ...base, version: 5, last_message_at: at(3), assignee: { id: ME, name: "Ana" } },
    ),
  ];
  const orders = [facts, facts.toReversed(), [facts[2], facts[0], facts[3], facts[1], facts[0]]];
  const outcomes = orders.map((order) => {
    client = new QueryClient();
    seed(all, [aConversation({ id: "c2", last_message_at: at(0) })]);
    seed(mine, []);
    seed(unread, []);
    seedThread([[]]);
    apply(...order.filter((fact) => fact !== undefined));
    return JSON.stringify([list(all), list(mine), list(unread), thread()]);
  });
  expect(new Set(outcomes).size).toBe(1);
  expect(ids(all)).toEqual(["c1", "c2"]);
  expect(thread().map((item) => item.status)).toEqual(["read", "received"]);
});

it("passes over a fact of a kind it does not know", () => {
  seed(all, []);
  expect(() =>
    apply({ type: "deal.won", id: "f", at: at(0), trace: null, data: {} } as unknown as LiveFact),
  ).not.toThrow();
});
