import { Download, Mic, Music, Pause, Play } from "lucide-react";
import { type CSSProperties, useEffect, useState } from "react";
import type { Media } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";
import { mediaUrl, RetryLink, useRetryMedia } from "./media-state";
import * as player from "./player";
import { Waveform } from "./waveform";

const lengths = new Map<string, number>();

/** How long a recording is when the server could not tell: once the browser has read its head. */
function useLength(url: string | null): number | null {
  const [length, setLength] = useState(() => (url ? (lengths.get(url) ?? null) : null));
  useEffect(() => {
    if (!url || lengths.has(url)) return;
    const probe = new Audio();
    probe.preload = "metadata";
    probe.addEventListener("loadedmetadata", () => {
      if (!Number.isFinite(probe.duration)) return;
      lengths.set(url, probe.duration);
      setLength(probe.duration);
    });
    probe.src = url;
    return () => probe.removeAttribute("src");
  }, [url]);
  return length;
}

/** A voice note, or a sound file with its name: play, place, speed. */
export function AudioNote({ media }: { media: Media }) {
  const { t } = useLanguage();
  const { pending, retry } = useRetryMedia(media);
  const title = media.voice ? t.kinds.voiceNote : (media.filename ?? t.kinds.audioFile);
  return (
    <div role="group" aria-label={title} className="flex w-72 max-w-full items-center gap-2.5 pt-0.5">
      {media.status === "ready" ? (
        <Player media={media} title={title} />
      ) : (
        <>
          <Disc muted>
            <Icon of={media.voice ? Mic : Music} />
          </Disc>
          <span className="min-w-0 flex-1 text-small">
            <span role="status" className={pending ? "text-bubble-meta" : "font-medium"}>
              {pending ? t.kinds.mediaPending : t.kinds.mediaFailedShort}
            </span>
            {!pending && retry && <RetryLink onRetry={retry} />}
          </span>
        </>
      )}
    </div>
  );
}

function Disc({ muted, children }: { muted?: boolean; children: React.ReactNode }) {
  return (
    <span
      className={cx(
        "flex size-9 shrink-0 items-center justify-center rounded-full touch:size-11",
        muted ? "bg-bubble-meta/20 text-bubble-meta" : "bg-accent text-accent-text",
      )}
    >
      {children}
    </span>
  );
}

function Player({ media, title }: { media: Media; title: string }) {
  const { t, f } = useLanguage();
  const url = mediaUrl(media);
  const told = media.duration_ms === null ? null : media.duration_ms / 1000;
  const read = useLength(told === null ? url : null);
  const length = told ?? read;
  const playing = player.usePlaying();
  const current = playing.url === url;
  const sounding = current && playing.sounding;
  const at = current ? playing.at : player.placeOf(url);
  const part = length ? Math.min(at, length) / length : 0;
  const wave = media.waveform?.length ? media.waveform : null;
  const spoken = t.kinds.positionOf(f.duration(at), f.duration(length ?? 0));
  if (playing.broken === url) return <CannotPlay media={media} title={title} />;
  return (
    <>
      <button
        type="button"
        aria-label={sounding ? t.kinds.pause : t.kinds.play}
        onClick={() => (sounding ? player.pause() : player.play(url))}
        className="rounded-full"
      >
        <Disc>
          <Icon of={sounding ? Pause : Play} size={18} className="fill-current" />
        </Disc>
      </button>
      <span className="flex min-w-0 flex-1 flex-col">
        {!media.voice && (
          <span className="truncate text-small font-medium" dir="auto">
            {title}
          </span>
        )}
        <span className={cx("relative flex items-center", wave && "h-7")}>
          {wave && <Waveform loudness={wave} part={part} />}
          <input
            type="range"
            aria-label={t.kinds.seek}
            aria-valuetext={spoken}
            min={0}
            max={length ?? 0}
            step="any"
            value={Math.min(at, length ?? at)}
            disabled={length === null}
            onChange={(event) => player.seek(url, Number(event.target.value))}
            onKeyDown={(event) => skip(event, at, length, url)}
            className={cx("seek", wave && "absolute inset-0")}
            style={{ "--at": `${part * 100}%`, ...(wave && { "--track": "transparent" }) } as CSSProperties}
          />
        </span>
        <span className="flex items-center gap-1 text-meta text-bubble-meta tabular">
          {media.voice && <Icon of={Mic} size={12} />}
          {length === null
            ? f.duration(at)
            : current && at > 0
              ? `${f.duration(at)} / ${f.duration(length)}`
              : f.duration(length)}
        </span>
      </span>
      <Speed rate={playing.rate} />
    </>
  );
}

const SKIP_S = 5;

/** Arrows move by what an ear can follow; a range without steps would move by a hundredth. */
function skip(event: React.KeyboardEvent, at: number, length: number | null, url: string): void {
  const by = { ArrowLeft: -SKIP_S, ArrowDown: -SKIP_S, ArrowRight: SKIP_S, ArrowUp: SKIP_S }[event.key];
  if (!by || length === null) return;
  event.preventDefault();
  player.seek(url, Math.min(length, Math.max(0, at + by)));
}

function Speed({ rate }: { rate: number }) {
  const { t, f } = useLanguage();
  const index = player.SPEEDS.indexOf(rate);
  const next = player.SPEEDS[(index + 1) % player.SPEEDS.length] ?? 1;
  return (
    <button
      type="button"
      aria-label={t.kinds.speed(f.number(rate))}
      onClick={() => player.setRate(next)}
      className="h-6 w-11 shrink-0 rounded-full bg-bg-sunken text-meta font-semibold text-bubble-text tabular hover:bg-bg-hover touch:h-9"
    >
      {f.number(rate)}×
    </button>
  );
}

function CannotPlay({ media, title }: { media: Media; title: string }) {
  const { t } = useLanguage();
  return (
    <>
      <Disc muted>
        <Icon of={media.voice ? Mic : Music} />
      </Disc>
      <span className="min-w-0 flex-1 text-small text-bubble-meta">{t.kinds.cannotPlay}</span>
      <a
        href={mediaUrl(media)}
        download={media.filename ?? ""}
        aria-label={t.kinds.downloadFile(title)}
        className="flex size-8 shrink-0 items-center justify-center rounded-control hover:bg-bg-hover touch:size-11"
      >
        <Icon of={Download} />
      </a>
    </>
  );
}
