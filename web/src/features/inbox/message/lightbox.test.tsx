import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import type { Message } from "@/api/types";
import { aMedia, aMessage } from "@/test-objects";
import { show } from "@/test-page";
import Lightbox from "./lightbox";

const photo = (id: string, more: Partial<Message> = {}) =>
  aMessage({ id, type: "image", text: `Foto ${id}`, media: aMedia({ id: `file-${id}` }), ...more });

function Room({ messages, from }: { messages: Message[]; from: string }) {
  const [open, setOpen] = useState<string | null>(from);
  return open ? <Lightbox messages={messages} messageId={open} onMessage={setOpen} /> : null;
}
const messages = [
  photo("m1"),
  aMessage({ id: "m2" }),
  photo("m3"),
  photo("m4", { media: aMedia({ status: "pending" }) }),
  photo("m5", { revoked_at: "2026-11-23T10:00:00.000Z" }),
];
const shown = () => screen.getByRole("dialog").querySelector("img")?.getAttribute("src");

describe("the viewer", () => {
  it("turns through the photos that can be seen, by key, and stops at the ends", async () => {
    show(<Room messages={messages} from="m1" />);
    expect(shown()).toBe("/v1/media/file-m1");
    expect(screen.getByRole("dialog", { name: /1 de 2/ })).toBeTruthy();
    await userEvent.keyboard("{ArrowRight}");
    expect(shown()).toBe("/v1/media/file-m3");
    await userEvent.keyboard("{ArrowRight}");
    expect(shown()).toBe("/v1/media/file-m3");
    await userEvent.keyboard("{ArrowLeft}");
    expect(shown()).toBe("/v1/media/file-m1");
  });

  it("zooms by key and button, and back to the whole", async () => {
    show(<Room messages={messages} from="m1" />);
    await userEvent.keyboard("+");
    expect(screen.getByRole("status").textContent).toBe("150 %");
    await userEvent.click(screen.getByRole("button", { name: "Aproximar" }));
    expect(screen.getByRole("status").textContent).toBe("225 %");
    await userEvent.keyboard("0");
    expect(screen.getByRole("status").textContent).toBe("100 %");
  });

  it("closes with Esc", async () => {
    show(<Room messages={messages} from="m1" />);
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("shows nothing of a photo that was deleted meanwhile", () => {
    show(<Room messages={messages} from="m5" />);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("says when a file does not open, and tries again", async () => {
    show(<Room messages={messages} from="m1" />);
    fireEvent.error(screen.getByRole("dialog").querySelector("img") as HTMLImageElement);
    expect(screen.getByText("O arquivo não abriu.")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Tentar de novo" }));
    expect(shown()).toBe("/v1/media/file-m1");
  });
});
