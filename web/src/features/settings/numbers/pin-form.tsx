import { useMutation } from "@tanstack/react-query";
import { registerNumber } from "@/api/calls";
import type { PhoneNumber } from "@/api/types";
import { useLanguage } from "@/i18n";
import { fieldProblem, problemText } from "@/i18n/problems";
import { Banner, Button, DialogActions, Field, Input } from "@/ui";

/** Asks for the number's two-step PIN and registers it; Meta's refusals stand beside the field. */
export function PinForm({
  number,
  onDone,
  onClose,
}: {
  number: PhoneNumber;
  onDone: (number: PhoneNumber) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const register = useMutation({
    mutationFn: (pin: string) => registerNumber(number.id, pin || null),
    onSuccess: onDone,
  });
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        register.mutate(String(new FormData(event.currentTarget).get("pin") ?? "").trim());
      }}
    >
      <p className="text-small text-text-muted text-pretty">{t.numbers.pinText}</p>
      <Field label={t.numbers.pin} hint={t.numbers.pinForgot} error={fieldProblem(t, register.error, "pin")}>
        {(ids) => (
          <Input
            {...ids}
            name="pin"
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            pattern="[0-9]{6}"
            className="max-w-32 tracking-widest tabular"
          />
        )}
      </Field>
      {register.isError && (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, register.error)}
          </Banner>
        </div>
      )}
      <DialogActions>
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button type="submit" kind="primary" busy={register.isPending}>
          {t.numbers.register}
        </Button>
      </DialogActions>
    </form>
  );
}
