import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { numbersQuery } from "@/api/queries";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Banner, serverNow } from "@/ui";

const DAY = 86_400_000;
const WARN_DAYS = 14;

/**
 * Says over every page that a number does not send, or soon will not: to whoever may mend it with the way there,
 * to others that what they write waits.
 */
export function NumbersBanner({ manages }: { manages: boolean }) {
  const { t, f } = useLanguage();
  const numbers = useQuery({ ...numbersQuery, staleTime: 300_000 }).data?.items ?? [];
  const worst =
    numbers.find((number) => number.status === "reconnect") ??
    numbers.find((number) => number.status === "paused") ??
    (manages ? numbers.find(endsSoon) : undefined);
  if (!worst) return null;
  const name = worst.display_phone_number;
  const w = t.numbers;
  const sentence =
    worst.status === "reconnect"
      ? w.bannerReconnect(name)
      : worst.status === "paused"
        ? worst.paused_until
          ? w.bannerPausedUntil(name, f.full(worst.paused_until))
          : w.bannerPaused(name)
        : w.bannerEnds(name, daysLeft(worst));
  return (
    <Banner
      live
      tone={worst.status === "reconnect" ? "danger" : "warn"}
      className="items-center border-b border-line py-1.5 text-small"
      action={
        manages && (
          <Link
            to="/settings/numbers/$numberId"
            params={{ numberId: worst.id }}
            aria-label={w.solveNumber(name)}
            className="inline-flex h-7 shrink-0 items-center rounded-control border border-current px-2.5 font-medium touch:h-11"
          >
            {w.solve}
          </Link>
        )
      }
    >
      {sentence}
      {!manages && ` ${w.bannerAsk}`}
    </Banner>
  );
}

function daysLeft(number: PhoneNumber): number {
  const ends = number.token_expires_at ? Date.parse(number.token_expires_at) : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.ceil((ends - serverNow()) / DAY));
}

function endsSoon(number: PhoneNumber): boolean {
  return number.status === "connected" && daysLeft(number) <= WARN_DAYS;
}
