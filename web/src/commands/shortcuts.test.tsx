import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { show } from "@/test-page";
import { useCommands } from "./registry";
import { chordOf, useShortcuts } from "./shortcuts";

function Page({ run }: { run: (id: string) => void }) {
  useShortcuts();
  useCommands([
    { id: "next", label: "Next", section: "list", keys: "j", run: () => run("next") },
    { id: "inbox", label: "Inbox", section: "go", keys: "g i", run: () => run("inbox") },
    { id: "panel", label: "Panel", section: "conversation", keys: "i", run: () => run("panel") },
    {
      id: "menu",
      label: "Menu",
      section: "general",
      keys: "mod+k",
      whileTyping: true,
      run: () => run("menu"),
    },
  ]);
  return <input aria-label="field" />;
}

describe("the keyboard", () => {
  it("runs a command by its key", async () => {
    const run = vi.fn();
    show(<Page run={run} />);
    await userEvent.keyboard("j");
    expect(run.mock.calls).toEqual([["next"]]);
  });

  it("tells a sequence from its single keys", async () => {
    const run = vi.fn();
    show(<Page run={run} />);
    await userEvent.keyboard("gi");
    await userEvent.keyboard("i");
    expect(run.mock.calls).toEqual([["inbox"], ["panel"]]);
  });

  it("leaves somebody who types alone, but for the command menu", async () => {
    const run = vi.fn();
    show(<Page run={run} />);
    await userEvent.type(screen.getByRole("textbox"), "jig");
    await userEvent.keyboard("{Control>}k{/Control}");
    expect(run.mock.calls).toEqual([["menu"]]);
  });

  it("does nothing behind an open dialog", async () => {
    const run = vi.fn();
    show(
      <>
        <Page run={run} />
        <div role="dialog" aria-label="open" />
      </>,
    );
    await userEvent.keyboard("j");
    expect(run).not.toHaveBeenCalled();
  });
});

describe("a key press", () => {
  const press = (key: string, init: KeyboardEventInit = {}) =>
    chordOf(new KeyboardEvent("keydown", { key, ...init }));

  it("never counts with Alt, which types signs on many keyboards", () => {
    expect(press("j", { altKey: true })).toBeNull();
  });

  it("counts as the sign it types when AltGr makes it", () => {
    expect(press("/", { ctrlKey: true, altKey: true, modifierAltGraph: true })).toBe("/");
  });
});
