/**
 * One WebSocket to /live: resumes after the last fact seen, reconnects with growing, jittered pauses, and
 * treats silence as death. What a fact means is apply.ts's business.
 */
import type { LiveFact } from "@/api/types";

export type LiveState = "connecting" | "open" | "waiting" | "closed";

export interface LiveHandlers {
  onFact: (fact: LiveFact) => void;
  /** Facts were missed for good: everything cached may be old. */
  onReset: () => void;
  onState: (state: LiveState) => void;
  onLoginEnded: () => void;
  onServerTime: (iso: string) => void;
}

type Frame =
  | { type: "hello"; position: string; server_time: string }
  | { type: "reset"; position: string }
  | { type: "ping" }
  | LiveFact;

/** The server pings every 20 s; two missed pings and a little grace mean the line is dead. */
export const SILENCE_MS = 45_000;
export const FIRST_PAUSE_MS = 500;
export const LONGEST_PAUSE_MS = 20_000;
const LOGIN_ENDED = 4401;

export class LiveConnection {
  private socket: WebSocket | null = null;
  private position: string | null = null;
  private attempt = 0;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;

  constructor(
    private readonly url: string,
    private readonly handlers: LiveHandlers,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.attempt = 0;
    this.open();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.pause);
    this.drop();
    this.handlers.onState("closed");
  }

  /** Skips the pause: the machine is back online, or somebody looks at the page again. */
  retryNow(): void {
    if (this.stopped || this.socket) return;
    clearTimeout(this.pause);
    this.open();
  }

  send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }

  private open(): void {
    this.handlers.onState("connecting");
    const after = this.position === null ? "" : `?after=${encodeURIComponent(this.position)}`;
    const socket = new WebSocket(this.url + after);
    this.socket = socket;
    this.listenForSilence();
    socket.onmessage = (event) => {
      if (socket !== this.socket) return;
      this.listenForSilence();
      this.receive(JSON.parse(String(event.data)) as Frame);
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.drop();
      if (event.code === LOGIN_ENDED) {
        this.stopped = true;
        this.handlers.onState("closed");
        this.handlers.onLoginEnded();
      } else this.reconnectLater();
    };
  }

  private receive(frame: Frame): void {
    switch (frame.type) {
      case "hello":
        this.attempt = 0;
        this.handlers.onServerTime(frame.server_time);
        if (this.position === null) {
          // What was fetched before this moment may lack facts nobody told us.
          this.position = frame.position;
          this.handlers.onReset();
        }
        this.handlers.onState("open");
        return;
      case "reset":
        this.position = frame.position;
        this.handlers.onReset();
        return;
      case "ping":
        this.send({ type: "pong" });
        return;
      default:
        this.handlers.onFact(frame);
        // Only after it was applied: a fact that could not be is asked for again.
        this.position = frame.id;
    }
  }

  private listenForSilence(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.drop();
      this.reconnectLater();
    }, SILENCE_MS);
  }

  private drop(): void {
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private reconnectLater(): void {
    if (this.stopped) return;
    this.handlers.onState("waiting");
    const ceiling = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.attempt);
    this.attempt += 1;
    // Half fixed, half random: a restarted server is not met by everyone at once.
    this.pause = setTimeout(() => this.open(), ceiling / 2 + (this.random() * ceiling) / 2);
  }
}
