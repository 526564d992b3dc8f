/** One number: what it is, how it does, what it lacks, its profile, and the ways out of trouble. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, PhoneOff, RotateCw } from "lucide-react";
import { useState } from "react";
import { checkNumber, resumeNumber } from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keys, numberQuery } from "@/api/queries";
import type { PhoneNumber, Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyNumber } from "@/live/apply";
import { Banner, Button, Chip, EmptyState, Icon, Skeleton, serverNow, toast } from "@/ui";
import { NoPermission } from "../listing";
import { CheckList } from "./check-list";
import { HealthFacts, IdentityFacts } from "./facts";
import { LeaveDialog, PinDialog, ReconnectDialog } from "./number-dialogs";
import { NumberProfile } from "./number-profile";
import { PhoneData } from "./phone-data";
import { Section } from "./section";
import { daysUntil, problemSentence, statusTone, statusWord } from "./words";

export function NumberPage({ session, numberId }: { session: Session; numberId: string }) {
  const { t } = useLanguage();
  const query = useQuery(numberQuery(numberId));
  const manages = session.permissions.includes("numbers.manage");
  if (query.isPending) {
    return (
      <div role="status" className="flex flex-col gap-4">
        <span className="sr-only">{t.loading}</span>
        <Skeleton className="h-7 w-60" />
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-40 w-full" />
      </div>
    );
  }
  if (query.isError) {
    const code = query.error instanceof ProblemError ? query.error.code : "";
    return (
      <>
        <BackLink />
        {code === "permission_denied" ? (
          <NoPermission />
        ) : (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, query.error)}
            </Banner>
            {code !== "not_found" && (
              <Button onClick={() => void query.refetch()} className="mt-3">
                {t.tryAgain}
              </Button>
            )}
          </div>
        )}
      </>
    );
  }
  const number = query.data;
  if (number.status === "disconnected") {
    return (
      <>
        <BackLink />
        <EmptyState icon={PhoneOff} title={t.numbers.gone}>
          {number.display_phone_number}. {t.numbers.goneText}
        </EmptyState>
      </>
    );
  }
  return <Shown key={number.id} number={number} manages={manages} />;
}

function BackLink() {
  const { t } = useLanguage();
  return (
    <Link
      to="/settings/numbers"
      className="mb-3 -ml-1 inline-flex h-8 items-center gap-1 rounded-control px-1 text-small text-text-muted hover:text-text touch:h-11"
    >
      <Icon of={ChevronLeft} />
      {t.numbers.allNumbers}
    </Link>
  );
}

function Shown({ number, manages }: { number: PhoneNumber; manages: boolean }) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState<"reconnect" | "pin" | "leave" | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <BackLink />
      <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="text-title font-semibold tabular">{number.display_phone_number}</h2>
        <Chip tone={statusTone(number)}>{statusWord(t, number)}</Chip>
        {number.verified_name && (
          <p dir="auto" className="basis-full text-text-muted">
            {number.verified_name}
          </p>
        )}
      </header>
      <Trouble number={number} manages={manages} onAsk={setAsking} />
      <Section title={t.numbers.health} text={t.numbers.healthText}>
        <HealthFacts number={number} />
      </Section>
      <PhoneData number={number} manages={manages} />
      {manages && <Check number={number} />}
      <NumberProfile number={number} manages={manages} />
      <Section title={t.numbers.ids}>
        <IdentityFacts number={number} />
      </Section>
      {manages && (
        <section className="mt-8 flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
          <p className="min-w-0 flex-1 basis-60 text-small text-text-muted text-pretty">
            {t.numbers.leaveText}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => setAsking("reconnect")}>{t.numbers.reconnect}</Button>
            <Button kind="danger" onClick={() => setAsking("leave")}>
              {t.numbers.leave}
            </Button>
          </div>
        </section>
      )}
      {asking === "reconnect" && <ReconnectDialog number={number} onClose={close} />}
      {asking === "pin" && <PinDialog number={number} onClose={close} />}
      {asking === "leave" && <LeaveDialog number={number} onClose={close} />}
    </>
  );
}

/** One sentence of what happened, and the one step that mends it. */
function Trouble({
  number,
  manages,
  onAsk,
}: {
  number: PhoneNumber;
  manages: boolean;
  onAsk: (what: "reconnect" | "pin") => void;
}) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const resume = useMutation({
    mutationFn: () => resumeNumber(number.id),
    onSuccess: (changed) => {
      applyNumber(client, changed);
      toast({ text: t.numbers.resumed });
    },
  });
  const problem = number.last_problem;
  if (number.status === "paused") {
    const reason = number.pause_reason ? problemSentence(t, { reason: number.pause_reason, title: "" }) : "";
    return (
      <Banner
        tone="warn"
        className="mb-6 rounded-control"
        action={
          manages && (
            <Button kind="primary" busy={resume.isPending} onClick={() => resume.mutate()}>
              {t.numbers.resume}
            </Button>
          )
        }
      >
        {number.paused_until ? `${t.numbers.pausedUntil(f.full(number.paused_until))} ` : ""}
        {reason} {t.numbers.pausedText}
        {resume.isError && <span role="alert"> {problemText(t, resume.error)}</span>}
      </Banner>
    );
  }
  const ends = number.token_expires_at ? daysUntil(number.token_expires_at, serverNow()) : null;
  if (number.status !== "reconnect" && !problem && (ends === null || ends > 14)) return null;
  const pin = problem?.reason.startsWith("pin_") || problem?.reason === "number_not_verified";
  const sentence =
    problem && problem.reason !== "token_ends"
      ? problemSentence(t, problem)
      : ends !== null
        ? t.numbers.bannerEnds(number.display_phone_number, ends)
        : t.numbers.bannerReconnect(number.display_phone_number);
  return (
    <Banner
      tone={number.status === "reconnect" ? "danger" : "warn"}
      className="mb-6 rounded-control"
      action={
        manages && (
          <Button kind="primary" onClick={() => onAsk(pin ? "pin" : "reconnect")}>
            {pin ? t.numbers.register : t.numbers.reconnect}
          </Button>
        )
      }
    >
      {sentence}
      {!manages && ` ${t.numbers.bannerAsk}`}
    </Banner>
  );
}

function Check({ number }: { number: PhoneNumber }) {
  const { t, f } = useLanguage();
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: () => checkNumber(number.id),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.number(number.id) }),
  });
  const at = check.data?.checked_at ?? number.checked_at;
  return (
    <Section
      title={t.numbers.check}
      text={at ? t.numbers.checkedAt(f.full(at)) : t.numbers.checkText}
      action={
        <Button icon={RotateCw} busy={check.isPending} onClick={() => check.mutate()}>
          {check.data ? t.numbers.checkAgain : t.numbers.checkNow}
        </Button>
      }
    >
      <div aria-live="polite">
        {check.isError && (
          <Banner tone="danger" className="rounded-control">
            {problemText(t, check.error)}
          </Banner>
        )}
        {check.data && <CheckList lines={check.data.lines} />}
      </div>
    </Section>
  );
}
