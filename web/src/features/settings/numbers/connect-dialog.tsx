/** Connecting a number, step by step: which way, Meta's dialog or her data, what was found, the PIN, what is next. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Signup, signUpNumber } from "@/api/calls";
import { ProblemError } from "@/api/client";
import { signupOfferQuery } from "@/api/queries";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Dialog, DialogActions, Field, Input, Skeleton } from "@/ui";
import { ConnectDone } from "./connect-done";
import { ConnectManually } from "./connect-manually";
import { ConnectWays, type Way } from "./connect-ways";
import { PinForm } from "./pin-form";
import { openSignup } from "./signup";

type Step =
  | { at: "ways" }
  | { at: "manual" }
  | { at: "meta"; way: Way }
  | { at: "pin"; number: PhoneNumber }
  | { at: "done"; number: PhoneNumber };

interface Choice {
  phone_number_id: string;
  display_phone_number: string;
  verified_name: string | null;
}

export default function ConnectDialog({
  onClose,
  onConnected,
}: {
  onClose: () => void;
  onConnected: (number: PhoneNumber) => void;
}) {
  const { t } = useLanguage();
  const offer = useQuery(signupOfferQuery);
  const [step, setStep] = useState<Step>({ at: "ways" });
  const [notice, setNotice] = useState<string | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);

  const connected = (number: PhoneNumber) => {
    onConnected(number);
    setStep(needsPin(number) ? { at: "pin", number } : { at: "done", number });
  };
  const signUp = useMutation({ mutationFn: (body: Signup) => signUpNumber(body), onSuccess: connected });

  const choose = (way: Way) => {
    setNotice(null);
    signUp.reset();
    if (way === "manual") {
      setStep({ at: "manual" });
      return;
    }
    const address = way === "phone" ? offer.data?.coexistence_url : offer.data?.cloud_url;
    if (!address) return;
    stop.current?.();
    stop.current = openSignup(address, (code) => {
      if (code) signUp.mutate({ code, coexistence: way === "phone" });
      else {
        setNotice(t.numbers.signupCancelled);
        setStep({ at: "ways" });
      }
    });
    if (stop.current) setStep({ at: "meta", way });
    else setNotice(t.numbers.atMetaBlocked);
  };

  const offered = offer.data?.offered ?? false;
  const first = offer.isPending || offered ? step : step.at === "ways" ? ({ at: "manual" } as Step) : step;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title(t, first)} wide>
      {notice && (
        <div role="alert" className="mb-3">
          <Banner tone="warn" className="rounded-control">
            {notice}
          </Banner>
        </div>
      )}
      {offer.isPending ? (
        <Skeleton className="h-40 w-full" />
      ) : first.at === "ways" ? (
        <ConnectWays onChoose={choose} onClose={onClose} />
      ) : first.at === "manual" ? (
        <ConnectManually
          onBack={offered ? () => setStep({ at: "ways" }) : null}
          onClose={onClose}
          onConnected={connected}
        />
      ) : first.at === "meta" ? (
        <AtMeta
          error={signUp.error}
          busy={signUp.isPending}
          onBack={() => setStep({ at: "ways" })}
          onChoose={(more) => signUp.mutate({ ...more, coexistence: first.way === "phone" })}
        />
      ) : first.at === "pin" ? (
        <PinForm
          number={first.number}
          onDone={(number) => {
            onConnected(number);
            setStep({ at: "done", number });
          }}
          onClose={onClose}
        />
      ) : (
        <ConnectDone number={first.number} onClose={onClose} />
      )}
    </Dialog>
  );
}

function title(t: ReturnType<typeof useLanguage>["t"], step: Step): string {
  if (step.at === "pin") return t.numbers.pinTitle;
  if (step.at === "done") return t.numbers.doneTitle(step.number.display_phone_number);
  return t.numbers.connectTitle;
}

function needsPin(number: PhoneNumber): boolean {
  return number.last_problem?.reason === "pin_needed" || number.last_problem?.reason === "pin_wrong";
}

function AtMeta({
  error,
  busy,
  onBack,
  onChoose,
}: {
  error: unknown;
  busy: boolean;
  onBack: () => void;
  onChoose: (more: Signup) => void;
}) {
  const { t } = useLanguage();
  const choice = choiceOf(error);
  // The code is spent, so the ticket is kept: a typo must not send anybody back to Meta.
  const ticket = useRef<string | null>(null);
  if (error instanceof ProblemError && error.code === "signup_account_needed")
    ticket.current = error.problem.ticket ?? null;
  const spent = error instanceof ProblemError && error.code === "signup_code_refused";
  if (ticket.current && !spent && !choice) {
    return (
      <AccountForm ticket={ticket.current} error={error} busy={busy} onBack={onBack} onSend={onChoose} />
    );
  }
  if (choice) {
    return (
      <div className="flex flex-col gap-3">
        <p className="text-small text-text-muted">{t.numbers.chooseNumber}</p>
        {choice.numbers.map((number) => (
          <Button
            key={number.phone_number_id}
            busy={busy}
            onClick={() =>
              onChoose({
                ticket: choice.ticket,
                waba_id: choice.waba_id,
                phone_number_id: number.phone_number_id,
              })
            }
          >
            {number.display_phone_number} {number.verified_name}
          </Button>
        ))}
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {error ? (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, error)}
          </Banner>
        </div>
      ) : (
        <p role="status" className="text-small text-text-muted">
          {busy ? t.numbers.finishing : t.numbers.atMeta}
        </p>
      )}
      <DialogActions>
        <Button onClick={onBack} busy={busy}>
          {t.numbers.back}
        </Button>
      </DialogActions>
    </div>
  );
}

function AccountForm({
  ticket,
  error,
  busy,
  onBack,
  onSend,
}: {
  ticket: string;
  error: unknown;
  busy: boolean;
  onBack: () => void;
  onSend: (more: Signup) => void;
}) {
  const { t } = useLanguage();
  const [account, setAccount] = useState("");
  const asks = error instanceof ProblemError && error.code === "signup_account_needed";
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSend({ ticket, waba_id: account });
      }}
    >
      <p className="text-small text-text-muted">{t.numbers.accountNeeded}</p>
      <Field
        label={t.wabaId}
        hint={t.numbers.accountWhere}
        error={error && !asks ? problemText(t, error) : undefined}
      >
        {(ids) => (
          <Input
            {...ids}
            required
            inputMode="numeric"
            autoComplete="off"
            value={account}
            onChange={(event) => setAccount(event.target.value.replace(/\D/g, ""))}
          />
        )}
      </Field>
      <DialogActions>
        <Button onClick={onBack} disabled={busy}>
          {t.numbers.back}
        </Button>
        <Button type="submit" kind="primary" busy={busy} disabled={!account}>
          {t.numbers.next}
        </Button>
      </DialogActions>
    </form>
  );
}

/** The numbers to choose from, which the server tells beside its refusal. */
function choiceOf(error: unknown): { ticket: string; waba_id: string; numbers: Choice[] } | null {
  if (!(error instanceof ProblemError) || error.code !== "signup_choose_number") return null;
  const { ticket, waba_id, numbers } = error.problem;
  return ticket && waba_id && numbers ? { ticket, waba_id, numbers } : null;
}
