/** With Meta's data: they are looked at first, then what was found is shown, and only then anything is stored. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { checkNewNumber, connectNumber, type NumberValues, registerNumber } from "@/api/calls";
import { ProblemError } from "@/api/client";
import type { NumberCheck, PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import { Banner, Button, DialogActions, Field, Input } from "@/ui";
import { CheckList } from "./check-list";

interface Props {
  onBack: (() => void) | null;
  onClose: () => void;
  onConnected: (number: PhoneNumber) => void;
}

export function ConnectManually({ onBack, onClose, onConnected }: Props) {
  const [values, setValues] = useState<NumberValues | null>(null);
  const check = useMutation({ mutationFn: (next: NumberValues) => checkNewNumber(next) });
  if (values && check.data) {
    return (
      <Found
        values={values}
        check={check.data}
        again={{ run: () => check.mutate(values), busy: check.isPending, error: check.error }}
        onBack={() => check.reset()}
        onConnected={onConnected}
      />
    );
  }
  return (
    <ValuesForm
      values={values}
      error={check.error}
      busy={check.isPending}
      onBack={onBack}
      onClose={onClose}
      onSubmit={(next) => {
        setValues(next);
        check.mutate(next);
      }}
    />
  );
}

function ValuesForm({
  values,
  error,
  busy,
  onBack,
  onClose,
  onSubmit,
}: {
  values: NumberValues | null;
  error: unknown;
  busy: boolean;
  onBack: (() => void) | null;
  onClose: () => void;
  onSubmit: (values: NumberValues) => void;
}) {
  const { t } = useLanguage();
  const field = (
    name: keyof NumberValues,
    label: string,
    hint: string,
    kind: "id" | "secret",
    optional = false,
  ) => (
    <Field label={label} hint={hint} error={fieldProblem(t, error, name)}>
      {(ids) => (
        <Input
          {...ids}
          name={name}
          required={!optional}
          type={kind === "secret" ? "password" : "text"}
          inputMode={kind === "id" ? "numeric" : undefined}
          pattern={kind === "id" ? "\\s*[0-9]+\\s*" : undefined}
          defaultValue={values?.[name] ?? ""}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(readForm(new FormData(event.currentTarget)));
      }}
    >
      <p className="text-small text-text-muted">{t.numbers.manualText}</p>
      {field("phone_number_id", t.phoneNumberId, t.phoneNumberIdHint, "id")}
      {field("waba_id", t.wabaId, t.wabaIdHint, "id")}
      {field("access_token", t.accessToken, t.numbers.tokenHint, "secret")}
      {field("app_secret", t.appSecret, t.appSecretHint, "secret", true)}
      <Trouble error={error} />
      <DialogActions>
        <Button onClick={onBack ?? onClose}>{onBack ? t.numbers.back : t.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy}>
          {t.numbers.checkNow}
        </Button>
      </DialogActions>
    </form>
  );
}

function Found({
  values,
  check,
  again,
  onBack,
  onConnected,
}: {
  values: NumberValues;
  check: NumberCheck;
  again: { run: () => void; busy: boolean; error: unknown };
  onBack: () => void;
  onConnected: (number: PhoneNumber) => void;
}) {
  const { t } = useLanguage();
  const [key] = useState(() => crypto.randomUUID());
  const [pin, setPin] = useState("");
  const connect = useMutation({
    mutationFn: async () => {
      const number = await connectNumber(
        {
          ...values,
          display_phone_number: check.display_phone_number ?? values.phone_number_id,
          ...(pin ? { pin } : {}),
        },
        key,
      );
      return check.needs_registration ? registered(number, pin) : number;
    },
    onSuccess: onConnected,
  });
  const reachable = check.display_phone_number !== null;
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-medium">
        {check.display_phone_number
          ? [check.display_phone_number, check.verified_name].filter(Boolean).join(" · ")
          : t.numbers.foundTitle}
      </h3>
      <CheckList lines={check.lines} />
      <p role="status" className="text-small text-text-muted">
        {check.ready ? t.numbers.foundReady : t.numbers.foundNotReady}
      </p>
      {reachable && check.needs_registration && (
        <Field label={t.numbers.pin} hint={t.numbers.pinText}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              maxLength={6}
              autoComplete="off"
              value={pin}
              onChange={(event) => setPin(event.target.value.replace(/\D/g, ""))}
              className="max-w-32 tracking-widest tabular"
            />
          )}
        </Field>
      )}
      <Trouble error={connect.error ?? again.error} />
      <DialogActions>
        <Button onClick={onBack}>{t.numbers.back}</Button>
        <Button onClick={again.run} busy={again.busy}>
          {t.numbers.checkAgain}
        </Button>
        {reachable && (
          <Button
            kind={check.ready ? "primary" : "secondary"}
            busy={connect.isPending}
            disabled={pin.length > 0 && pin.length < 6}
            onClick={() => connect.mutate()}
          >
            {check.ready ? t.connect : t.numbers.connectAnyway}
          </Button>
        )}
      </DialogActions>
    </div>
  );
}

/** A registration that is refused does not undo the connection: the next step says why, and asks again for a PIN. */
async function registered(number: PhoneNumber, pin: string): Promise<PhoneNumber> {
  try {
    return await registerNumber(number.id, pin || null);
  } catch (error) {
    const reason = error instanceof ProblemError ? error.code : "meta_unreachable";
    return { ...number, last_problem: { code: null, reason, title: reason, at: number.created_at } };
  }
}

function Trouble({ error }: { error: unknown }) {
  const { t } = useLanguage();
  if (!error) return null;
  return (
    <div role="alert">
      <Banner tone="danger" className="rounded-control">
        {problemText(t, error)}
      </Banner>
    </div>
  );
}

function readForm(form: FormData): NumberValues {
  const text = (name: keyof NumberValues) => String(form.get(name) ?? "").trim();
  const secret = text("app_secret");
  return {
    waba_id: text("waba_id"),
    phone_number_id: text("phone_number_id"),
    access_token: text("access_token"),
    ...(secret ? { app_secret: secret } : {}),
  };
}
