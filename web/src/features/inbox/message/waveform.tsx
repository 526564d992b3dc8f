import { cx } from "@/ui";

const STEP = 3;
const WIDTH = 2;
const FLOOR = 8;

/** How loud a recording is along its length; what was heard already is coloured. Seen only: the slider speaks. */
export function Waveform({ loudness, part }: { loudness: readonly number[]; part: number }) {
  const bars = loudness
    .map((loud, index) => {
      const height = Math.max(FLOOR, Math.min(100, loud));
      return `M${index * STEP} ${50 - height / 2}h${WIDTH}v${height}h-${WIDTH}z`;
    })
    .join("");
  return (
    <span aria-hidden data-testid="waveform" className="pointer-events-none absolute inset-0">
      <Bars path={bars} count={loudness.length} className="text-line-strong" />
      <span className="absolute inset-0" style={{ clipPath: `inset(0 ${100 - part * 100}% 0 0)` }}>
        <Bars path={bars} count={loudness.length} className="text-accent" />
      </span>
    </span>
  );
}

function Bars({ path, count, className }: { path: string; count: number; className: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${count * STEP - (STEP - WIDTH)} 100`}
      preserveAspectRatio="none"
      className={cx("absolute inset-0 size-full fill-current", className)}
    >
      <path d={path} />
    </svg>
  );
}
