/**
 * The way through Meta's own dialog, in a window of its own. Meta's script is not loaded into our pages: her window
 * comes back to a page of ours, which passes the code on over a channel that only our own pages hear
 * (docs/decisions/0010).
 */
const CHANNEL = "clientela.signup";

interface Answer {
  state: string;
  code: string | null;
}

/** Opens Meta's dialog; what is called back stops when the returned function is called. Null: a blocked window. */
export function openSignup(address: string, onCode: (code: string | null) => void): (() => void) | null {
  const state = crypto.randomUUID();
  const url = new URL(address);
  url.searchParams.set("state", state);
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = (event: MessageEvent<Answer>) => {
    // A code that was not asked for here could be somebody else's number.
    if (event.data?.state !== state) return;
    channel.close();
    onCode(event.data.code);
  };
  const opened = window.open(url, "_blank", "popup,width=640,height=760");
  if (opened === null) {
    channel.close();
    return null;
  }
  return () => channel.close();
}

/** On the page Meta's dialog comes back to: hands the code to whoever opened it. */
export function passSignupOn(search: string): void {
  const params = new URLSearchParams(search);
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ state: params.get("state") ?? "", code: params.get("code") } satisfies Answer);
  channel.close();
}
