import { act, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Message } from "@/api/types";
import { aMessage } from "@/test-objects";
import { show } from "@/test-page";
import { Toasts } from "@/ui";
import { useJump } from "./use-jump";

interface State {
  messages: Message[];
  hasOlder: boolean;
  loading: boolean;
  failed: boolean;
}
const some = (...ids: string[]) => ids.map((id) => aMessage({ id }));

function start(state: Partial<State>) {
  const loadOlder = vi.fn();
  const first = { messages: some("m5", "m6"), hasOlder: true, loading: false, failed: false, ...state };
  show(<Toasts />);
  const hook = renderHook((props: State) => useJump({ ...props, loadOlder }), { initialProps: first });
  const now = (change: Partial<State>) => hook.rerender({ ...first, ...change });
  return {
    loadOlder,
    now,
    jump: () => hook.result.current,
    to: (id: string) => act(() => hook.result.current.to(id)),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  // Notices outlive the page they were said on.
  act(() => void vi.advanceTimersByTime(60_000));
  vi.useRealTimers();
});

describe("a jump to a quoted message", () => {
  it("marks what is there, for a moment", () => {
    const { jump, to } = start({});
    to("m5");
    expect(jump().marked?.id).toBe("m5");
    act(() => void vi.advanceTimersByTime(2_000));
    expect(jump().marked).toBeNull();
  });

  it("loads older pages until it is there", () => {
    const { jump, to, now, loadOlder } = start({});
    to("m1");
    expect(loadOlder).toHaveBeenCalledTimes(1);
    expect(jump().lookingFor).toBe("m1");
    now({ loading: true });
    now({ messages: some("m3", "m4", "m5", "m6") });
    expect(loadOlder).toHaveBeenCalledTimes(2);
    now({ loading: true, messages: some("m3", "m4", "m5", "m6") });
    now({ messages: some("m1", "m2", "m3", "m4", "m5", "m6") });
    expect(jump().marked?.id).toBe("m1");
    expect(jump().lookingFor).toBeNull();
  });

  it.each<[string, Partial<State>]>([
    ["there is nothing older", { hasOlder: false }],
    ["its place is loaded and empty", { messages: some("m0", "m5", "m6") }],
  ])("says that it is elsewhere when %s", (_, state) => {
    const { jump, to, loadOlder } = start(state);
    to("m1");
    expect(screen.getByText(/não está nesta conversa/)).toBeTruthy();
    expect(loadOlder).not.toHaveBeenCalled();
    expect(jump().lookingFor).toBeNull();
  });

  it("gives up when a page does not come", () => {
    const { to, now } = start({});
    to("m1");
    now({ loading: true });
    now({ failed: true });
    expect(screen.getByText(/Não deu para carregar/)).toBeTruthy();
  });
});
