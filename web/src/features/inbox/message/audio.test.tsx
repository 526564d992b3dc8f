import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aMedia } from "@/test-objects";
import { show } from "@/test-page";
import { AudioNote } from "./audio";
import { setRate, stop } from "./player";

const made: HTMLAudioElement[] = [];
const RealAudio = globalThis.Audio;

/** jsdom has the element and not the sound: `play` and `pause` say what a browser would say. */
beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, "play").mockImplementation(async function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("play"));
  });
  vi.spyOn(HTMLMediaElement.prototype, "pause").mockImplementation(function (this: HTMLMediaElement) {
    this.dispatchEvent(new Event("pause"));
  });
  vi.spyOn(HTMLMediaElement.prototype, "load").mockImplementation(() => {});
  vi.stubGlobal("Audio", function audio() {
    const element = new RealAudio();
    Object.defineProperty(element, "duration", { value: 12 });
    made.push(element);
    return element;
  });
});
afterEach(() => {
  act(() => {
    stop();
    setRate(1);
  });
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function notes(...ids: string[]) {
  made.length = 0;
  show(
    <div>
      {ids.map((id) => (
        <AudioNote key={id} media={aMedia({ id, kind: "audio", mime_type: "audio/ogg", voice: true })} />
      ))}
    </div>,
  );
  act(() => {
    for (const probe of made) probe.dispatchEvent(new Event("loadedmetadata"));
  });
  return screen.getAllByRole("group", { name: "Mensagem de voz" }).map((note) => within(note));
}
const url = (id: string) => `/v1/media/${id}`;

describe("a voice note", () => {
  it("says how long it is before anybody plays it", () => {
    const [note] = notes("a1");
    expect(note?.getByText("0:12")).toBeTruthy();
    expect(note?.getByRole("slider", { name: "Posição no áudio" }).getAttribute("aria-valuetext")).toBe(
      "0:00 de 0:12",
    );
  });

  it("plays, and one silences the other", async () => {
    const [first, second] = notes("b1", "b2");
    await userEvent.click(first?.getByRole("button", { name: "Ouvir" }) as HTMLElement);
    expect(first?.getByRole("button", { name: "Pausar" })).toBeTruthy();
    await userEvent.click(second?.getByRole("button", { name: "Ouvir" }) as HTMLElement);
    expect(second?.getByRole("button", { name: "Pausar" })).toBeTruthy();
    expect(first?.getByRole("button", { name: "Ouvir" })).toBeTruthy();
  });

  it("goes through three speeds, which hold for the next note", async () => {
    const [note] = notes("c1");
    for (const [now, next] of [
      ["1", "1,5"],
      ["1,5", "2"],
      ["2", "1"],
    ]) {
      await userEvent.click(note?.getByRole("button", { name: `Velocidade ${now}×` }) as HTMLElement);
      expect(note?.getByRole("button", { name: `Velocidade ${next}×` })).toBeTruthy();
    }
  });

  it("moves five seconds by arrow, and stops at its end", () => {
    const [note] = notes("d1");
    const bar = note?.getByRole("slider") as HTMLElement;
    for (const expected of ["0:05", "0:10", "0:12"]) {
      fireEvent.keyDown(bar, { key: "ArrowRight" });
      expect(bar.getAttribute("aria-valuetext")).toBe(`${expected} de 0:12`);
    }
  });

  it("offers the file where the browser cannot play it", async () => {
    const [note] = notes("e1");
    await userEvent.click(note?.getByRole("button", { name: "Ouvir" }) as HTMLElement);
    const { voice } = await import("./player");
    act(() => void voice().dispatchEvent(new Event("error")));
    expect(note?.getByRole("link", { name: /^Baixar/ }).getAttribute("href")).toBe(url("e1"));
  });
});

describe("what the server read of a recording", () => {
  const read = aMedia({
    id: "read",
    kind: "audio",
    mime_type: "audio/ogg",
    voice: true,
    duration_ms: 65_000,
    waveform: Array.from({ length: 64 }, (_, bar) => bar),
  });

  it("shows length and loudness without fetching a byte of it", () => {
    made.length = 0;
    show(<AudioNote media={read} />);
    expect(screen.getByText("1:05")).toBeTruthy();
    expect(screen.getByTestId("waveform")).toBeTruthy();
    expect(made).toHaveLength(0);
  });

  it("shows a plain bar where there is no waveform", () => {
    show(<AudioNote media={{ ...read, id: "plain", waveform: null }} />);
    expect(screen.queryByTestId("waveform")).toBeNull();
    expect(screen.getByRole("slider", { name: "Posição no áudio" })).toBeTruthy();
  });
});
