/** How far history and contacts of the phone have come, and asking for them where that is still possible. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askPhoneData } from "@/api/calls";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyNumber } from "@/live/apply";
import { Banner, Button, serverNow, toast } from "@/ui";
import { Section } from "./section";
import { worded } from "./words";

const ASKABLE_MS = 24 * 3600_000;

export function PhoneData({ number, manages }: { number: PhoneNumber; manages: boolean }) {
  const { t } = useLanguage();
  const w = t.numbers;
  if (!number.coexistence) return null;
  const askable = serverNow() - Date.parse(number.onboarded_at ?? number.created_at) < ASKABLE_MS;
  return (
    <Section title={w.phoneData} text={w.phoneDataText}>
      <ul className="flex flex-col divide-y divide-line border-y border-line">
        <Part
          number={number}
          kind="history"
          name={w.history}
          state={worded(w.historyStatuses, number.history_status ?? "not_asked") ?? ""}
          status={number.history_status}
          mayAsk={manages && askable}
        />
        <Part
          number={number}
          kind="contacts"
          name={w.contacts}
          state={worded(w.contactsStatuses, number.contacts_status ?? "not_asked") ?? ""}
          status={number.contacts_status}
          mayAsk={manages && askable}
        />
      </ul>
      {askable && <p className="mt-2 text-meta text-text-muted">{w.phoneDataOnce}</p>}
    </Section>
  );
}

function Part({
  number,
  kind,
  name,
  state,
  status,
  mayAsk,
}: {
  number: PhoneNumber;
  kind: "history" | "contacts";
  name: string;
  state: string;
  status: string | null;
  mayAsk: boolean;
}) {
  const { t } = useLanguage();
  const w = t.numbers;
  const client = useQueryClient();
  const ask = useMutation({
    mutationFn: () => askPhoneData(number.id, kind),
    onSuccess: (changed) => {
      applyNumber(client, changed);
      toast({ text: w.askedPhone });
    },
  });
  const progress =
    kind === "history" && status === "running" && number.history_progress !== null
      ? number.history_progress
      : null;
  return (
    <li className="flex flex-col gap-2 py-2 text-small">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <span className="text-text-muted">{name}</span>
        <span className="flex flex-wrap items-center justify-end gap-3 font-medium tabular">
          <span aria-live="polite">
            {state}
            {progress !== null && ` ${w.progress(progress)}`}
          </span>
          {mayAsk && (status === null || status === "refused") && (
            <Button
              busy={ask.isPending}
              onClick={() => ask.mutate()}
              aria-label={`${askWord(w, status)}: ${name}`}
            >
              {askWord(w, status)}
            </Button>
          )}
        </span>
      </div>
      {progress !== null && (
        <div
          role="progressbar"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={progress}
          className="h-1 overflow-hidden rounded-full bg-line"
        >
          <div className="h-full bg-accent" style={{ width: `${progress}%` }} />
        </div>
      )}
      {ask.isError && (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, ask.error)}
          </Banner>
        </div>
      )}
    </li>
  );
}

const askWord = (w: { askPhone: string; askPhoneFirst: string }, status: string | null) =>
  status === null ? w.askPhoneFirst : w.askPhone;
