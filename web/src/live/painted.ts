/** Tells the server when a received message stood on the screen, which closes its trace. */
import type { LiveFact } from "@/api/types";

const FRAMES_TO_WAIT = 12;

function visible(element: Element): boolean {
  const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < window.innerHeight && box.width > 0 && box.height > 0;
}

export function reportPainted(fact: LiveFact, send: (frame: object) => void): void {
  if (fact.type !== "message.received" || document.visibilityState !== "visible") return;
  const selector = `[data-shows-message="${CSS.escape(fact.data.message.id)}"]`;
  let frames = 0;
  const look = () => {
    const shown = [...document.querySelectorAll(selector)].some(visible);
    if (!shown) {
      frames += 1;
      if (frames < FRAMES_TO_WAIT) requestAnimationFrame(look);
      return;
    }
    // A message posted inside a frame is delivered after that frame was painted.
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      send({ type: "painted", id: fact.id, trace: fact.trace, painted_at: new Date().toISOString() });
    };
    channel.port2.postMessage(null);
  };
  requestAnimationFrame(look);
}
