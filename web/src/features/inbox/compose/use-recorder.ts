/** Records the microphone: how long, how loud, and at the end a file. One recording at a time. */
import { useEffect, useRef, useState } from "react";

export type RecorderTrouble = "refused" | "missing" | "unsupported";

export interface Recording {
  file: File;
  durationMs: number;
}

/** What WhatsApp wants comes first; the server turns the others into it. */
const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const EVERY_MS = 100;
export const LEVELS = 40;

interface Running {
  recorder: MediaRecorder;
  stream: MediaStream;
  audio: AudioContext;
  timer: ReturnType<typeof setInterval>;
  chunks: Blob[];
  startedAt: number;
}

export function useRecorder(onLeft: (recording: Recording) => void) {
  const running = useRef<Running | null>(null);
  const [state, setState] = useState<"idle" | "asking" | "recording">("idle");
  const [trouble, setTrouble] = useState<RecorderTrouble | null>(null);
  const [elapsedMs, setElapsedMs] = useState(0);
  const [levels, setLevels] = useState<number[]>([]);

  async function start(): Promise<void> {
    if (running.current) return;
    setTrouble(null);
    const type = TYPES.find((one) => globalThis.MediaRecorder?.isTypeSupported(one));
    if (!type || !navigator.mediaDevices?.getUserMedia) return setTrouble("unsupported");
    setState("asking");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
      });
      running.current = begin(stream, type);
      setElapsedMs(0);
      setLevels([]);
      setState("recording");
    } catch (error) {
      setState("idle");
      setTrouble(error instanceof DOMException && error.name === "NotFoundError" ? "missing" : "refused");
    }
  }

  function begin(stream: MediaStream, type: string): Running {
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
    const chunks: Blob[] = [];
    recorder.addEventListener("dataavailable", ({ data }) => data.size > 0 && chunks.push(data));
    recorder.start(1_000);
    const audio = new AudioContext();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 512;
    audio.createMediaStreamSource(stream).connect(analyser);
    const wave = new Uint8Array(analyser.fftSize);
    const startedAt = performance.now();
    const timer = setInterval(() => {
      analyser.getByteTimeDomainData(wave);
      setLevels((known) => [...known, loudness(wave)].slice(-LEVELS));
      setElapsedMs(performance.now() - startedAt);
    }, EVERY_MS);
    return { recorder, stream, audio, timer, chunks, startedAt };
  }

  async function finish(): Promise<Recording | null> {
    const now = running.current;
    if (!now) return null;
    running.current = null;
    const durationMs = performance.now() - now.startedAt;
    clearInterval(now.timer);
    const stopped = new Promise((resolve) => now.recorder.addEventListener("stop", resolve, { once: true }));
    now.recorder.stop();
    await stopped;
    for (const track of now.stream.getTracks()) track.stop();
    void now.audio.close();
    const type = now.recorder.mimeType.split(";")[0] ?? "audio/webm";
    const file = new File(now.chunks, `voz.${type.slice(type.indexOf("/") + 1)}`, { type });
    return file.size > 0 ? { file, durationMs } : null;
  }

  async function stop(): Promise<Recording | null> {
    const recording = await finish();
    setState("idle");
    return recording;
  }

  // Whoever turns to another conversation finds the recording again in this one.
  const leave = useRef(onLeft);
  useEffect(() => {
    leave.current = onLeft;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the composer goes away
  useEffect(
    () => () => {
      void finish().then((recording) => recording && leave.current(recording));
    },
    [],
  );

  return { state, trouble, elapsedMs, levels, start, stop, forgetTrouble: () => setTrouble(null) };
}

/** 0 to 1 of a wave around 128, louder than it is: voices fill a quarter of the range. */
function loudness(wave: Uint8Array): number {
  let sum = 0;
  for (const value of wave) sum += (value - 128) ** 2;
  return Math.min(1, (Math.sqrt(sum / wave.length) / 128) * 3.5);
}
