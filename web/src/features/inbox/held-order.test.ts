import { describe, expect, it } from "vitest";
import { holdOrder } from "./held-order";

describe("the order of the list", () => {
  it("follows the cache while nobody points at it", () => {
    expect(holdOrder(["a", "b"], ["b", "a"], false)).toEqual({ ids: ["b", "a"], waiting: 0 });
  });

  it("stays under the pointer and counts what would rise", () => {
    expect(holdOrder(["a", "b", "c"], ["c", "a", "b"], true)).toEqual({ ids: ["a", "b", "c"], waiting: 1 });
  });

  it("keeps a new conversation out, and counts it", () => {
    expect(holdOrder(["a", "b"], ["new", "a", "b"], true)).toEqual({ ids: ["a", "b"], waiting: 1 });
  });

  it("keeps a row that no longer belongs, so that no row below it moves up", () => {
    expect(holdOrder(["a", "b", "c"], ["a", "c"], true)).toEqual({ ids: ["a", "b", "c"], waiting: 0 });
  });

  it("takes on the next page at the end", () => {
    expect(holdOrder(["a", "b"], ["a", "b", "c", "d"], true)).toEqual({
      ids: ["a", "b", "c", "d"],
      waiting: 0,
    });
  });

  it("keeps the open conversation in its place when it leaves the view", () => {
    expect(holdOrder(["a", "b", "c"], ["a", "c"], false, "b").ids).toEqual(["a", "b", "c"]);
    expect(holdOrder(["a", "b", "c"], ["a", "c"], false, "c").ids).toEqual(["a", "c"]);
  });
});
