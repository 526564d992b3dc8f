import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import type { TemplateFilter } from "@/api/calls";
import { keys, type Pages } from "@/api/queries";
import type { LiveFact, Page, Template, TemplateAccount } from "@/api/types";
import { makeTemplate } from "@/test-templates";
import { applyFact } from "./apply";

const viewer = { userId: "u1", now: "2026-11-25T12:00:00Z" };

function holding(filter: TemplateFilter, items: Template[], next_cursor: string | null = null) {
  const client = new QueryClient();
  client.setQueryData<Pages<Template>>(keys.templateList(filter), {
    pages: [{ items, next_cursor }],
    pageParams: [null],
  });
  return {
    client,
    names: () =>
      client
        .getQueryData<Pages<Template>>(keys.templateList(filter))
        ?.pages.flatMap((page) => page.items)
        .map((item) => `${item.name}.${item.status}`),
    hear: (template: Template) =>
      applyFact(
        client,
        { type: "template.changed", id: "1", at: viewer.now, trace: null, data: { template } } as LiveFact,
        viewer,
      ),
  };
}

describe("a template that changed", () => {
  it("replaces the older one, and an older one changes nothing", () => {
    const list = holding({}, [makeTemplate()]);
    list.hear(makeTemplate({ status: "paused", version: 3 }));
    expect(list.names()).toEqual(["pedido.paused"]);
    list.hear(makeTemplate({ status: "pending", version: 2 }));
    expect(list.names()).toEqual(["pedido.paused"]);
  });

  it("appears in its place by name, or waits for its page", () => {
    const whole = holding({}, [makeTemplate({ id: "a", name: "a" }), makeTemplate({ id: "c", name: "c" })]);
    whole.hear(makeTemplate({ id: "b", name: "b" }));
    whole.hear(makeTemplate({ id: "d", name: "d" }));
    expect(whole.names()).toEqual(["a.approved", "b.approved", "c.approved", "d.approved"]);
    const part = holding({}, [makeTemplate({ id: "a", name: "a" })], "more");
    part.hear(makeTemplate({ id: "z", name: "z" }));
    expect(part.names()).toEqual(["a.approved"]);
  });

  it("leaves a list whose filter it no longer fits", () => {
    const list = holding({ status: "approved" }, [makeTemplate()]);
    list.hear(makeTemplate({ status: "rejected", version: 2 }));
    expect(list.names()).toEqual([]);
    const all = holding({}, [makeTemplate()]);
    all.hear(makeTemplate({ status: "deleted", version: 2 }));
    expect(all.names()).toEqual([]);
  });

  it("is not put into a search, which only the server can tell", () => {
    const found = holding({ q: "pedido" }, [makeTemplate()]);
    found.hear(makeTemplate({ id: "t2", name: "pedido_2" }));
    expect(found.names()).toEqual(["pedido.approved"]);
    found.hear(makeTemplate({ status: "paused", version: 2 }));
    expect(found.names()).toEqual(["pedido.paused"]);
  });
});

describe("an account that was read", () => {
  it("says when, or why not", () => {
    const client = new QueryClient();
    const account: TemplateAccount = {
      waba_id: "100",
      number_ids: ["n1"],
      templates: 3,
      synced_at: null,
      problem: null,
    };
    client.setQueryData<Page<TemplateAccount>>(keys.templateAccounts, {
      items: [account],
      next_cursor: null,
    });
    const told = { ...account, synced_at: viewer.now };
    applyFact(
      client,
      {
        type: "template.synced",
        id: "1",
        at: viewer.now,
        trace: null,
        data: { account: told },
      } as LiveFact,
      viewer,
    );
    expect(client.getQueryData<Page<TemplateAccount>>(keys.templateAccounts)?.items).toEqual([told]);
  });
});
