import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import type { CheckLine } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";
import { lineSentence } from "./words";

const looks = {
  ok: { icon: CircleCheck, ink: "text-ok" },
  warn: { icon: TriangleAlert, ink: "text-warn" },
  missing: { icon: CircleAlert, ink: "text-danger" },
  unknown: { icon: CircleHelp, ink: "text-text-muted" },
} as const;
const ORDER = ["missing", "warn", "unknown", "ok"];

/** What is missing first; each line says what to do. */
export function CheckList({ lines }: { lines: CheckLine[] }) {
  const { t, f } = useLanguage();
  const sorted = [...lines].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
  return (
    <ul className="flex flex-col divide-y divide-line border-y border-line">
      {sorted.map((line) => (
        <li key={`${line.key}.${line.reason}`} className="flex items-start gap-2.5 py-2 text-small">
          <span className={cx("mt-px shrink-0", looks[line.result].ink)}>
            <Icon of={looks[line.result].icon} />
          </span>
          <span className="sr-only">{t.numbers.results[line.result]}: </span>
          <span className={cx("min-w-0 break-words text-pretty", line.result === "ok" && "text-text-muted")}>
            {lineSentence(t, f, line)}
          </span>
        </li>
      ))}
    </ul>
  );
}
