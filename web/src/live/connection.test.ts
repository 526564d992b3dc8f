import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LiveFact } from "@/api/types";
import { FIRST_PAUSE_MS, LiveConnection, LONGEST_PAUSE_MS, SILENCE_MS } from "./connection";

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 1;
  sent: string[] = [];
  closed = false;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  say(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const last = () => {
  const socket = FakeSocket.all.at(-1);
  if (!socket) throw new Error("nothing was opened");
  return socket;
};
const hello = { type: "hello", position: "f0", server_time: "2026-11-23T10:00:00.000Z" };
const fact = (id: string) => ({ type: "conversation.changed", id, at: "", trace: null, data: {} });

function connect() {
  const handlers = {
    onFact: vi.fn<(fact: LiveFact) => void>(),
    onReset: vi.fn(),
    onState: vi.fn(),
    onLoginEnded: vi.fn(),
    onServerTime: vi.fn(),
  };
  const connection = new LiveConnection("ws://here/live", handlers, () => 1);
  connection.start();
  return { connection, handlers };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a live connection", () => {
  it("refetches at its first hello, because what was fetched before may lack facts", () => {
    const { handlers } = connect();
    expect(last().url).toBe("ws://here/live");
    last().say(hello);
    expect(handlers.onReset).toHaveBeenCalledTimes(1);
    expect(handlers.onState).toHaveBeenLastCalledWith("open");
  });

  it("resumes after the last fact it applied, and refetches nothing", () => {
    const { handlers } = connect();
    last().say(hello);
    last().say(fact("f7"));
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(last().url).toBe("ws://here/live?after=f7");
    last().say({ ...hello, position: "f99" });
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(last().url).toBe("ws://here/live?after=f7");
    expect(handlers.onReset).toHaveBeenCalledTimes(1);
  });

  it("asks again for a fact that could not be applied", () => {
    const { handlers } = connect();
    last().say(hello);
    handlers.onFact.mockImplementationOnce(() => {
      throw new Error("broken");
    });
    expect(() => last().say(fact("f1"))).toThrow("broken");
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(last().url).toBe("ws://here/live?after=f0");
  });

  it("starts over from a reset", () => {
    const { handlers } = connect();
    last().say(hello);
    last().say({ type: "reset", position: "f50" });
    expect(handlers.onReset).toHaveBeenCalledTimes(2);
    last().onclose?.({ code: 1006 });
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(last().url).toContain("after=f50");
  });

  it("answers a ping", () => {
    connect();
    last().say(hello);
    last().say({ type: "ping" });
    expect(last().sent).toEqual(['{"type":"pong"}']);
  });

  it("gives a silent line up and opens another", () => {
    connect();
    last().say(hello);
    const first = last();
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(first.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(first.closed).toBe(true);
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("hears nothing more from a line it gave up", () => {
    const { handlers } = connect();
    last().say(hello);
    const first = last();
    vi.advanceTimersByTime(SILENCE_MS);
    first.say(fact("late"));
    expect(handlers.onFact).not.toHaveBeenCalled();
  });

  it("waits longer after each failure, up to a limit", () => {
    connect();
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const before = FakeSocket.all.length;
      last().onclose?.({ code: 1006 });
      let waited = 0;
      while (FakeSocket.all.length === before) {
        vi.advanceTimersByTime(100);
        waited += 100;
      }
      pauses.push(waited);
    }
    expect(pauses.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
    expect(pauses.at(-1)).toBe(LONGEST_PAUSE_MS);
  });

  it("stops and says so when the login has ended", () => {
    const { handlers } = connect();
    last().say(hello);
    last().onclose?.({ code: 4401 });
    vi.advanceTimersByTime(LONGEST_PAUSE_MS * 2);
    expect(handlers.onLoginEnded).toHaveBeenCalledTimes(1);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("does not wait when told that the network is back", () => {
    const { connection } = connect();
    last().onclose?.({ code: 1006 });
    connection.retryNow();
    expect(FakeSocket.all).toHaveLength(2);
    vi.advanceTimersByTime(FIRST_PAUSE_MS);
    expect(FakeSocket.all).toHaveLength(2);
  });
});
