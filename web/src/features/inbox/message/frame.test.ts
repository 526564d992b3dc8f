import { describe, expect, it } from "vitest";
import { aMedia } from "@/test-objects";
import { frameOf } from "./frame";

describe("the frame of a picture", () => {
  it.each([
    ["of unknown size", null, null, { width: 288, height: 216 }],
    ["that lies", 4000, 3000, { width: 288, height: 216 }],
    ["that stands", 3000, 4000, { width: 240, height: 320 }],
    ["as long as an arm", 500, 9000, { width: 176, height: 320 }],
    ["as wide as the sea", 9000, 500, { width: 288, height: 120 }],
    ["that is small", 40, 40, { width: 288, height: 288 }],
  ])("%s", (_, width, height, frame) => {
    expect(frameOf(aMedia({ width, height }))).toEqual(frame);
  });

  it("is a film's own too, and nothing for a sound", () => {
    expect(frameOf(aMedia({ kind: "video", width: 1080, height: 1920 }))).toEqual({
      width: 203,
      height: 361,
    });
    expect(frameOf(aMedia({ kind: "audio" }))).toBeNull();
  });
});
