import type { ReactNode } from "react";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx } from "@/ui";
import { worded } from "./words";

const RATING_INK: Record<string, string> = { green: "text-ok", yellow: "text-warn", red: "text-danger" };

function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-1 gap-x-8 border-t border-line text-small two:grid-cols-2">{children}</dl>
  );
}

function Fact({
  name,
  children,
  ink,
  hint,
}: {
  name: string;
  children: ReactNode;
  ink?: string | undefined;
  hint?: string;
}) {
  return (
    <div className="flex min-w-0 items-baseline justify-between gap-4 border-b border-line py-2">
      <dt className="text-text-muted" title={hint}>
        {name}
      </dt>
      <dd className={cx("min-w-0 text-right font-medium break-words tabular", ink)}>{children}</dd>
    </div>
  );
}

export function HealthFacts({ number }: { number: PhoneNumber }) {
  const { t, f } = useLanguage();
  const w = t.numbers;
  const speed = number.coexistence ? "coexistence" : number.throughput_level;
  const token = number.token_expires_at
    ? w.tokenEnds(f.date(number.token_expires_at))
    : number.token_checked_at
      ? w.tokenNever
      : w.tokenUnknown;
  return (
    <>
      <Facts>
        <Fact name={w.quality} ink={RATING_INK[number.quality_rating ?? ""]}>
          {worded(w.qualities, number.quality_rating) ?? w.unknown}
        </Fact>
        <Fact name={w.metaStatus}>{worded(w.metaStatuses, number.meta_status) ?? w.unknown}</Fact>
        <Fact name={w.limit} hint={w.limitHint}>
          {worded(w.limits, number.messaging_limit_tier) ?? w.unknown}
        </Fact>
        <Fact name={w.throughput}>{worded(w.throughputs, speed) ?? w.unknown}</Fact>
        <Fact name={w.nameStatus}>{worded(w.nameStatuses, number.name_status) ?? w.unknown}</Fact>
        <Fact name={w.token}>{token}</Fact>
        <Fact name={w.lastWebhook}>{number.last_webhook_at ? f.full(number.last_webhook_at) : w.never}</Fact>
        <Fact name={w.way}>{number.coexistence ? w.ways.phone : w.ways.cloud}</Fact>
      </Facts>
      {number.restrictions.length > 0 && (
        <ul aria-label={w.restrictions} className="mt-2 flex flex-col gap-1 text-small text-danger">
          {number.restrictions.map((one) => (
            <li key={one.type}>
              {w.restriction} ({one.type}){one.until ? ` ${w.until(f.full(one.until))}` : ""}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function IdentityFacts({ number }: { number: PhoneNumber }) {
  const { t, f } = useLanguage();
  return (
    <Facts>
      <Fact name={t.phoneNumberId}>{number.phone_number_id}</Fact>
      <Fact name={t.wabaId}>{number.waba_id}</Fact>
      {number.own_app && <Fact name={t.numbers.ownApp}>✓</Fact>}
      <Fact name={t.since}>{f.date(number.created_at)}</Fact>
    </Facts>
  );
}
