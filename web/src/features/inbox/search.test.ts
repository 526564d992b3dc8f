import { expect, it } from "vitest";
import { filterOf, readInboxSearch } from "./search";

it("reads a view from the address and drops what makes no sense", () => {
  expect(readInboxSearch({ tab: "mine", sort: "longest_waiting", q: 5511 })).toEqual({
    tab: "mine",
    sort: "longest_waiting",
    q: "5511",
  });
  expect(readInboxSearch({ tab: "x", sort: "y", q: "  " })).toEqual({});
});

it("turns a view into what the server is asked", () => {
  expect(filterOf({ tab: "mine" })).toEqual({ status: "open", assignee: "me", sort: "last_activity" });
  expect(filterOf({ tab: "unassigned", q: "ana" })).toEqual({
    status: "open",
    assignee: "none",
    q: "ana",
    sort: "last_activity",
  });
  expect(filterOf({ tab: "closed", sort: "window_closing" })).toEqual({
    status: "closed",
    sort: "last_activity",
  });
});
