import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { disconnectNumber, reconnectNumber } from "@/api/calls";
import { keys } from "@/api/queries";
import type { Page, PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import { applyNumber } from "@/live/apply";
import { Banner, Button, Dialog, DialogActions, Field, Input, toast } from "@/ui";
import { PinForm } from "./pin-form";

interface Props {
  number: PhoneNumber;
  onClose: () => void;
}

export function PinDialog({ number, onClose }: Props) {
  const { t } = useLanguage();
  const client = useQueryClient();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.numbers.pinTitle}>
      <PinForm
        number={number}
        onClose={onClose}
        onDone={(changed) => {
          applyNumber(client, changed);
          onClose();
        }}
      />
    </Dialog>
  );
}

export function ReconnectDialog({ number, onClose }: Props) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const reconnect = useMutation({
    mutationFn: (form: FormData) => {
      const secret = String(form.get("app_secret") ?? "").trim();
      return reconnectNumber(number.id, {
        access_token: String(form.get("access_token") ?? "").trim(),
        ...(secret ? { app_secret: secret } : {}),
      });
    },
    onSuccess: (changed) => {
      applyNumber(client, changed);
      toast({ text: t.numbers.reconnected });
      onClose();
    },
  });
  const field = (name: "access_token" | "app_secret", label: string, hint: string, required: boolean) => (
    <Field label={label} hint={hint} error={fieldProblem(t, reconnect.error, name)}>
      {(ids) => (
        <Input
          {...ids}
          name={name}
          type="password"
          required={required}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.numbers.reconnectTitle(number.display_phone_number)}
      description={t.numbers.reconnectText}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          reconnect.mutate(new FormData(event.currentTarget));
        }}
      >
        {field("access_token", t.numbers.newToken, t.numbers.tokenHint, true)}
        {field("app_secret", t.appSecret, t.numbers.secretKept, false)}
        {reconnect.isError && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, reconnect.error)}
            </Banner>
          </div>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={reconnect.isPending}>
            {t.numbers.reconnect}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What stops and what stays, and the last digits of the number typed: nobody does this by a slip. */
export function LeaveDialog({ number, onClose }: Props) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const word = number.display_phone_number.replace(/\D/g, "").slice(-4);
  const leave = useMutation({
    mutationFn: () => disconnectNumber(number.id),
    onSuccess: () => {
      client.setQueryData<Page<PhoneNumber>>(
        keys.numbers,
        (page) => page && { ...page, items: page.items.filter((item) => item.id !== number.id) },
      );
      client.removeQueries({ queryKey: keys.number(number.id) });
      toast({ text: t.numberDisconnected });
      void navigate({ to: "/settings/numbers" });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.numbers.leaveTitle(number.display_phone_number)}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === word) leave.mutate();
        }}
      >
        <ul className="flex list-disc flex-col gap-1 pl-5">
          {t.numbers.leaveStops.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p className="text-text-muted text-pretty">{t.numbers.leaveStays}</p>
        <Field label={t.numbers.leaveType(word)}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value.trim())}
            />
          )}
        </Field>
        {leave.isError && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, leave.error)}
            </Banner>
          </div>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="danger" disabled={typed !== word} busy={leave.isPending}>
            {t.disconnect}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
