import { Link } from "@tanstack/react-router";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Banner, Button, DialogActions } from "@/ui";
import { problemSentence } from "./words";

/** What is left to do, the trial first. */
export function ConnectDone({ number, onClose }: { number: PhoneNumber; onClose: () => void }) {
  const { t } = useLanguage();
  const w = t.numbers;
  const steps = [w.doneTry, ...(number.coexistence ? [w.donePhone] : []), w.donePay, w.doneProfile];
  return (
    <div className="flex flex-col gap-3">
      {number.last_problem && (
        <Banner tone="warn" className="rounded-control">
          {problemSentence(t, number.last_problem)}
        </Banner>
      )}
      <p className="text-small text-text-muted">{w.doneText}</p>
      <ol className="flex list-decimal flex-col gap-2 pl-5">
        {steps.map((step) => (
          <li key={step} className="text-pretty">
            {step}
          </li>
        ))}
      </ol>
      <DialogActions>
        <Button onClick={onClose}>{w.close}</Button>
        <Link
          to="/settings/numbers/$numberId"
          params={{ numberId: number.id }}
          onClick={onClose}
          className="inline-flex h-8 items-center justify-center rounded-control bg-accent px-3 font-medium text-accent-text hover:bg-accent-hover touch:h-11"
        >
          {w.openNumber}
        </Link>
      </DialogActions>
    </div>
  );
}
